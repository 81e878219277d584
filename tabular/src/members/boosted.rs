//! Boosted trees.

use kernels::forest::{MOST_COLUMNS, MOST_WORDS, Split, leaf, set_words};
use model::FrozenLayer;
use trees::{Binned, Booster, Column, CrossValidated, Left, Loss, Node, Settings, Tree, Values};

use super::{CHECKED_ROWS, Candidate, Family, Member, loss, of_all_rows, probability_layer};
use crate::error::TabularError;
use crate::fit::{Job, SMALL, shown_loss};
use crate::target::Kind;

/// Rounds at most.
const ROUNDS: usize = 1000;
/// Rounds without a gain after which there are no more.
const PATIENCE: usize = 50;
/// Up to so many columns, a tree may use most of them.
const FEW_COLUMNS: usize = 12;

/// A way to grow trees.
#[derive(Debug, Clone, Copy)]
struct Form {
    name: &'static str,
    rate: f64,
    leaves: usize,
    extra: bool,
    /// Whether the target is an amount from 0, whose logarithm the trees add up to.
    amount: bool,
}

const fn form(name: &'static str, rate: f64, leaves: usize) -> Form {
    Form {
        name,
        rate,
        leaves,
        extra: false,
        amount: false,
    }
}

const SHORT: Form = form("short trees", 0.1, 8);
const RANDOM: Form = Form {
    extra: true,
    ..form("trees with random thresholds", 0.1, 8)
};
const MIDDLE: Form = form("trees", 0.05, 16);
const SLOW_RANDOM: Form = Form {
    extra: true,
    ..form("trees with random thresholds", 0.05, 8)
};
const AMOUNTS: Form = Form {
    amount: true,
    ..form("trees for amounts", 0.05, 16)
};
const DEEP: Form = form("deep trees", 0.1, 31);
const DEEP_AMOUNTS: Form = Form {
    amount: true,
    ..form("deep trees for amounts", 0.1, 31)
};

impl Form {
    /// Those that suit the table: chosen on tables of 57 to 53,940 rows.
    fn for_job(job: &Job<'_>) -> Vec<Self> {
        let small = job.table.rows() < SMALL;
        let amounts = job.kind() == &Kind::Number && job.targets().iter().all(|y| *y >= 0.0);
        let mut forms = match (job.kind(), small) {
            (_, true) => vec![SHORT, RANDOM, MIDDLE],
            (Kind::Classes(classes), false) if classes.len() > 2 => vec![MIDDLE],
            (Kind::Classes(_), false) => vec![MIDDLE, SLOW_RANDOM],
            (Kind::Number, false) => vec![DEEP],
        };
        if amounts {
            forms.push(if small { AMOUNTS } else { DEEP_AMOUNTS });
        }
        forms
    }

    fn loss(self, kind: &Kind) -> Loss {
        match kind {
            Kind::Number if self.amount => Loss::Poisson,
            Kind::Number => Loss::Squared,
            Kind::Classes(classes) => match classes.len() {
                2 => Loss::Logistic,
                count => Loss::Softmax(count),
            },
        }
    }

    fn settings(self, job: &Job<'_>) -> Settings {
        let (rows, columns) = (job.table.rows(), job.table.features().count());
        let nodes = (2 * self.leaves - 1) * self.loss(job.kind()).width();
        Settings {
            rate: self.rate,
            leaves: self.leaves,
            columns: if columns <= FEW_COLUMNS { 0.8 } else { 0.5 },
            rows: 0.8,
            l2: 1.0,
            leaf_rows: (rows as u32 / 20).clamp(2, 20),
            extra: self.extra,
            rounds: ROUNDS.min(job.words / nodes).max(1),
            patience: PATIENCE,
            seed: job.seed,
        }
    }
}

/// Tries all forms that suit the table, and gives the best one.
///
/// # Errors
///
/// If the user interrupts.
pub fn candidate(job: &Job<'_>) -> Result<Candidate, TabularError> {
    let columns = columns(job);
    let rows: Vec<u32> = (0..job.table.rows() as u32).collect();
    let data = Binned::new(&columns, &rows);
    let mut best: Option<(f64, Form, CrossValidated, Vec<f64>)> = None;
    for form in Form::for_job(job) {
        let settings = form.settings(job);
        let loss_of_trees = form.loss(job.kind());
        let watch = |round: usize, loss: f64| {
            let shown = || shown_loss(job.kind(), loss);
            job.watch.loss(form.name, round, settings.rounds, &shown);
            job.watch.step(form.name, round, settings.rounds)
        };
        let found: CrossValidated = job.journal.part(form.name, || {
            let found = trees::cross_validate(
                &data,
                job.targets(),
                job.weights(),
                job.folds,
                loss_of_trees,
                &settings,
                &watch,
            );
            job.watch.check().map(|()| found)
        })?;
        let scores = found.scores.chunks_exact(loss_of_trees.width());
        let answers: Vec<f64> = scores
            .flat_map(|scores| loss_of_trees.answer(scores))
            .collect();
        let own = loss(job.kind(), &answers, job.targets(), job.weights());
        if best.as_ref().is_none_or(|(least, ..)| own < *least) {
            best = Some((own, form, found, answers));
        }
    }
    let Some((loss, form, found, answers)) = best else {
        return Err(TabularError::Inputs("there is no way to grow trees".into()));
    };
    Ok(Candidate {
        name: form.name,
        family: Family::Trees,
        answers,
        loss,
        choices: vec![
            ("rounds", found.rounds as f64),
            ("leaves", form.leaves as f64),
            ("learning_rate", form.rate),
        ],
        finish: Box::new(move |job| finish(job, form, &found, &data)),
    })
}

fn columns<'a>(job: &Job<'a>) -> Vec<Column<'a>> {
    // More could not be told apart in a node.
    let features = job.table.features().take(MOST_COLUMNS);
    features.map(|feature| feature.for_trees()).collect()
}

/// The trees of all rows; of a small table, with those of the folds if there is room for all.
fn finish(
    job: &Job<'_>,
    form: Form,
    found: &CrossValidated,
    data: &Binned,
) -> Result<Member, TabularError> {
    let settings = Settings {
        rounds: found.rounds,
        ..form.settings(job)
    };
    let rows: Vec<u32> = (0..job.table.rows() as u32).collect();
    let whole: Booster = job.journal.part(&of_all_rows(form.name), || {
        let whole = trees::fit(
            data,
            job.targets(),
            job.weights(),
            &rows,
            form.loss(job.kind()),
            &settings,
        );
        job.watch.check().map(|()| whole)
    })?;
    let mut parts = vec![&whole];
    let nodes: usize = found.boosters.iter().map(Booster::nodes).sum();
    if job.averages_folds() && nodes + whole.nodes() <= job.words {
        parts.extend(&found.boosters);
    }
    let booster = Booster::average(&parts);
    let checked = job.table.rows().min(CHECKED_ROWS);
    let answers = (0..checked).flat_map(|row| booster.loss.answer(&booster.scores(data, row)));
    let answers = answers.collect();
    let mut layers = vec![freeze(&booster, data, job)];
    match booster.loss {
        Loss::Squared => {}
        Loss::Poisson => layers.push(FrozenLayer::new("exp")),
        Loss::Logistic | Loss::Softmax(_) => layers.push(probability_layer(booster.start.len())),
    }
    Ok(Member { layers, answers })
}

/// The layer `trees` of the runtime.
fn freeze(booster: &Booster, data: &Binned, job: &Job<'_>) -> FrozenLayer {
    let inputs = job.table.features().count();
    let (mut edge_starts, mut edges) = (vec![0_u32], Vec::<f32>::new());
    let (mut bin_starts, mut bins) = (vec![0_u32], Vec::new());
    let mut values = data.values();
    let categories = job.table.inputs.iter().flat_map(|input| {
        let count = input.categories.len();
        input.features.iter().map(move |_| count)
    });
    let mut sets = Vec::new();
    for count in categories {
        match values.next() {
            Some(Values::Numbers { edges: own }) => {
                edges.extend(own);
                sets.push(0);
            }
            Some(Values::Categories { categories }) => {
                let mut own = vec![0_u32; count];
                for (bin, category) in (1..).zip(categories) {
                    if let Some(place) = own.get_mut(*category as usize) {
                        *place = bin;
                    }
                }
                sets.push(set_words(own.len()));
                bins.extend(own);
            }
            None => sets.push(0),
        }
        edge_starts.push(edges.len() as u32);
        bin_starts.push(bins.len() as u32);
    }
    let (mut roots, mut nodes) = (Vec::new(), Vec::new());
    for tree in booster.rounds.iter().flatten() {
        roots.push(nodes.len() as u32);
        write(tree, 0, &sets, &mut nodes);
    }
    let start: Vec<f32> = booster.start.iter().map(|score| *score as f32).collect();
    FrozenLayer::new("trees")
        .weight("start", &[start.len()], start)
        .weight("roots", &[roots.len()], roots)
        .weight("nodes", &[nodes.len()], nodes)
        .weight("edge_starts", &[inputs + 1], edge_starts)
        .weight("edges", &[edges.len()], edges)
        .weight("bin_starts", &[inputs + 1], bin_starts)
        .weight("bins", &[bins.len()], bins)
}

/// Writes the node `at` and all below it. `sets` has the words of a set of each column.
fn write(tree: &Tree, at: usize, sets: &[usize], words: &mut Vec<u32>) {
    match tree.nodes.get(at) {
        None => words.push(leaf(0.0)),
        Some(Node::Leaf(value)) => words.push(leaf(*value as f32)),
        Some(Node::Split {
            column,
            left,
            children,
        }) => {
            let place = words.len();
            words.push(0);
            let (category, missing_left, last) = match left {
                Left::UpTo(bin, missing) => (false, *missing, *bin),
                Left::Set(bits) => {
                    let halves = bits
                        .iter()
                        .flat_map(|word| [*word as u32, (word >> 32) as u32]);
                    let count = sets.get(*column).copied().unwrap_or(0);
                    words.extend(halves.take(count));
                    (true, false, count as u8)
                }
            };
            let start = words.len();
            write(tree, children[0], sets, words);
            let left_words = words.len() - start;
            debug_assert!(left_words <= MOST_WORDS, "trees are smaller than that");
            let split = Split {
                missing_left,
                last,
                left_words,
                category,
                column: *column,
            };
            if let Some(word) = words.get_mut(place) {
                *word = split.to_word();
            }
            write(tree, children[1], sets, words);
        }
    }
}

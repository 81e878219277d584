//! From texts to a model: settings chosen on folds, then all of it again from all texts.

use model::FrozenLayer;
use model::characters::Shape;
use serde::Serialize;
use tabular::error::TabularError;
use tabular::fit::Watch;
use tabular::folds::{folds, rows_of};
use tabular::members::probability_layer;
use training::journal::Journal;

use crate::bags::Bags;
use crate::calibration::Calibration;
use crate::corpus::{Corpus, Parts, characters};
use crate::job::{Job, Small, Wishes};
use crate::telling::telling_words;

/// The n-grams that are tried: words and pairs of words, and two to five characters, within words or across them.
const SHAPES: [Shape; 2] = [shape(false), shape(true)];
/// What the loss of a text costs: those that are tried, rising.
const COSTS: [f64; 6] = [0.03, 0.1, 0.2, 0.4, 1.0, 3.0];
/// Texts that settings are chosen on, at most. More would hardly choose others.
const MOST_CHOOSING: usize = 10_000;
/// Fewest and most characters that a model has places for.
const PLACES: [usize; 2] = [1024, 65_536];
/// Texts that the layers are held against.
const CHECKED_ROWS: usize = 2000;

const fn shape(across: bool) -> Shape {
    Shape {
        words: 2,
        shortest: 2,
        longest: 5,
        across,
    }
}

/// A fitted model.
pub struct Fitted {
    /// The layers, for the model file.
    pub layers: Vec<FrozenLayer>,
    /// Characters that a model has places for.
    pub places: usize,
    /// What was tried.
    pub tried: Vec<Tried>,
    /// Which of them was chosen.
    pub chosen: Tried,
    /// How many texts the settings were chosen on.
    pub chosen_on: usize,
    /// The n-grams that at least two texts have.
    pub ngrams: usize,
    /// The n-grams of the model.
    pub kept: usize,
    /// The log-loss on texts that a model has not seen, of models that are pruned and have weights of 8 bits.
    pub small_loss: f64,
    /// For each class the words that speak for it.
    pub words: Vec<Vec<String>>,
    /// The answers to the first texts by the model itself.
    pub checked: Vec<f64>,
}

/// Settings that were tried.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Tried {
    /// Whether n-grams of characters go across spaces.
    pub across: bool,
    /// What the loss of a text costs.
    pub cost: f64,
    /// The log-loss on texts that a model has not seen, of models that are not pruned.
    pub loss: f64,
}

/// Fits a model to `corpus`. What is in the `journal` is not computed again.
///
/// # Errors
///
/// If the user interrupts.
pub fn fit(
    corpus: &Corpus,
    wishes: Wishes,
    watch: &dyn Watch,
    journal: &Journal,
) -> Result<Fitted, TabularError> {
    let places = places(corpus);
    let some = choosing_rows(corpus, wishes.seed).map(|rows| corpus.select(&rows));
    let chosen_on = some.as_ref().unwrap_or(corpus);
    let tried = choose(&Job::new(chosen_on, wishes, places), watch, journal)?;
    let chosen = tried
        .iter()
        .copied()
        .min_by(|a, b| a.loss.total_cmp(&b.loss));
    let chosen = chosen.unwrap_or(Tried {
        across: false,
        cost: 1.0,
        loss: f64::NAN,
    });
    let job = Job::new(corpus, wishes, places);
    let bags = job.bags(shape(chosen.across));
    let total = usize::from(job.count) + 1;
    let mut scores = vec![0.0; corpus.rows() * job.classes];
    for fold in 0..job.count {
        watch.step("small models on folds", fold.into(), total);
        watch.check()?;
        let [test, train] = rows_of(&job.folds, fold);
        let found = journal.part(&format!("small model without fold {fold}"), || {
            let mut scores = vec![0.0; scores.len()];
            job.score(&job.small(&bags, &train, chosen.cost), &test, &mut scores);
            Ok::<_, TabularError>(of_rows(&scores, &test, job.classes))
        })?;
        for (row, found) in test.iter().zip(found.chunks_exact(job.classes)) {
            scores[*row as usize * job.classes..][..job.classes].copy_from_slice(found);
        }
    }
    let (calibration, small_loss) = job.calibrate(&scores);
    watch.step("fit to all texts", total - 1, total);
    watch.check()?;
    let all: Vec<u32> = (0..corpus.rows() as u32).collect();
    let small = job.small(&bags, &all, chosen.cost);
    let first = all.get(..CHECKED_ROWS).unwrap_or(&all);
    job.score(&small, first, &mut scores);
    let rows = scores.chunks_exact(job.classes).take(first.len());
    Ok(Fitted {
        layers: freeze(&bags, &small, &calibration, chosen.across),
        places,
        words: telling_words(corpus, &bags, &small),
        tried,
        chosen,
        chosen_on: chosen_on.rows(),
        ngrams: bags.ngrams.len(),
        kept: small.matrix.width,
        small_loss,
        checked: rows
            .flat_map(|row| calibration.probabilities(row))
            .collect(),
    })
}

/// The scores of `rows` out of those of all rows.
fn of_rows(scores: &[f64], rows: &[u32], classes: usize) -> Vec<f64> {
    let of = |row: &u32| &scores[*row as usize * classes..][..classes];
    rows.iter().flat_map(of).copied().collect()
}

/// Tries all settings on folds.
fn choose(job: &Job<'_>, watch: &dyn Watch, journal: &Journal) -> Result<Vec<Tried>, TabularError> {
    let mut tried = Vec::new();
    for (done, shape) in SHAPES.into_iter().enumerate() {
        watch.step("settings on folds", done, SHAPES.len());
        watch.check()?;
        let losses: Vec<f64> = journal.part(&format!("settings on folds {done}"), || {
            let all = job.scores(&job.bags(shape), &COSTS);
            let losses = all.iter().map(|scores| job.calibrate(scores).1);
            Ok::<_, TabularError>(losses.collect())
        })?;
        tried.extend(COSTS.into_iter().zip(losses).map(|(cost, loss)| Tried {
            across: shape.across,
            cost,
            loss,
        }));
    }
    Ok(tried)
}

/// Places for twice the characters of the longest text.
fn places(corpus: &Corpus) -> usize {
    let [fewest, most] = PLACES;
    let length = |parts: &Parts| characters(parts, most).len();
    let longest = corpus.texts.iter().map(length).max().unwrap_or(0);
    (2 * longest).next_power_of_two().clamp(fewest, most)
}

/// The texts that settings are chosen on, if those are not all.
fn choosing_rows(corpus: &Corpus, seed: u64) -> Option<Vec<u32>> {
    let parts = corpus.rows().div_ceil(MOST_CHOOSING);
    // Folds are numbered by bytes.
    let parts = parts.min(200);
    (parts > 1).then(|| {
        let [rows, _] = rows_of(&folds(&corpus.table, parts, seed, 2), 0);
        rows
    })
}

/// The layer `weighted_ngrams` of the runtime with the calibration in it, and the one that gives probabilities.
fn freeze(bags: &Bags, small: &Small, calibration: &Calibration, across: bool) -> Vec<FrozenLayer> {
    let (ngrams, rarity) = small.ngrams(bags);
    let (rows, outputs) = (ngrams.len(), small.weights.len());
    let weight = (0..rows)
        .flat_map(|row| small.weights.iter().map(move |own| own.weights[row]))
        .collect::<Vec<i8>>();
    let scale = small
        .weights
        .iter()
        .map(|own| (own.scale * calibration.factor) as f32)
        .collect::<Vec<f32>>();
    let offsets: Vec<f64> = match calibration.offsets.as_slice() {
        [first, second] => vec![second - first],
        offsets => offsets.to_vec(),
    };
    let biases = small.biases.iter().zip(offsets);
    let bias = biases
        .map(|(bias, offset)| (calibration.factor * bias + offset) as f32)
        .collect::<Vec<f32>>();
    let shape = shape(across);
    let layer = FrozenLayer::new("weighted_ngrams")
        .setting("words", shape.words)
        .setting("shortest", shape.shortest)
        .setting("longest", shape.longest)
        .setting("across", usize::from(shape.across))
        .weight("ngrams", &[rows], ngrams)
        .weight("rarity", &[rows], rarity)
        .weight("weight", &[rows, outputs], weight)
        .weight("scale", &[outputs], scale)
        .weight("bias", &[outputs], bias);
    vec![layer, probability_layer(outputs)]
}

#[cfg(test)]
pub(crate) mod tests;

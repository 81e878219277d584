//! From rows to a model: all members tried on folds, blended, and made again from all rows.

use model::FrozenLayer;
use serde::Serialize;
use training::Backend;
use training::journal::Journal;

use crate::blend::{blended, shares};
use crate::error::TabularError;
use crate::folds::folds;
use crate::members::linear::PLAIN;
use crate::members::{Candidate, Family, Member, boosted, linear, network};
use crate::table::Table;
use crate::target::{Kind, Target};

/// Tables of fewer rows are small: their models are averaged with those of the folds, and the whole procedure is
/// cross-validated in place of a test.
pub const SMALL: usize = 2000;
/// Up to so many rows, there are five folds, above three.
const FIVE_FOLDS: usize = 10_000;
/// Rows that members are chosen on, at most. More would tell no more.
pub const MOST_ROWS: usize = 200_000;

/// Tells how it goes, and whether to go on.
pub trait Watch {
    /// `done` of at most `total` steps of `what` are done. Returns whether to go on.
    fn step(&self, what: &str, done: usize, total: usize) -> bool;

    /// After step `step` of at most `steps` of `what`, from 1, rows that are held out have this `loss`, as [`shown_loss`]
    /// gives it.
    fn loss(&self, what: &str, step: usize, steps: usize, loss: &dyn Fn() -> f64) {
        let _ = (what, step, steps, loss);
    }

    /// Whether the user has interrupted.
    ///
    /// # Errors
    ///
    /// If so.
    fn check(&self) -> Result<(), TabularError>;
}

/// A table to fit a model to.
pub struct Job<'a> {
    /// The rows to learn from.
    pub table: &'a Table,
    /// The fold of each.
    pub folds: &'a [u8],
    /// Words of trees, at most.
    pub words: usize,
    /// Bytes of the weights of a network, at most.
    pub network_bytes: usize,
    /// Seed of all draws.
    pub seed: u64,
    /// Where networks are trained.
    pub backend: Backend,
    /// How it goes.
    pub watch: &'a dyn Watch,
    /// What has been fitted.
    pub journal: &'a Journal,
}

impl<'a> Job<'a> {
    /// The target of each row.
    #[must_use]
    pub fn targets(&self) -> &'a [f32] {
        &self.table.target.values
    }

    /// The weight of each row.
    #[must_use]
    pub fn weights(&self) -> Option<&'a [f32]> {
        self.table.weights.as_deref()
    }

    /// What the target is.
    #[must_use]
    pub fn kind(&self) -> &'a Kind {
        &self.table.target.kind
    }

    /// Whether models are averaged with those of the folds.
    #[must_use]
    pub fn averages_folds(&self) -> bool {
        self.table.rows() < SMALL
    }
}

/// How a model is fitted.
#[derive(Debug, Clone)]
pub struct Wishes {
    /// Families that are tried.
    pub families: Vec<Family>,
    /// Words of trees, at most.
    pub words: usize,
    /// Bytes of the weights of a network, at most.
    pub network_bytes: usize,
    /// Seed of all draws.
    pub seed: u64,
    /// Where networks are trained.
    pub backend: Backend,
}

/// A fitted model.
pub struct Fitted {
    /// The layers, for the model file.
    pub layers: Vec<FrozenLayer>,
    /// What was tried, and what share it has.
    pub tried: Vec<Tried>,
    /// The answers of the blend to each row, by models that have not seen it.
    pub answers: Vec<f64>,
    /// The answers to the first rows by the model itself.
    pub checked: Vec<f64>,
    /// The layers of the plain linear model alone, if it was tried: what the others have to be better than.
    pub linear: Option<Vec<FrozenLayer>>,
    /// The number of folds.
    pub folds: usize,
}

/// A member that was tried.
#[derive(Debug, Clone, Serialize)]
pub struct Tried {
    /// What it is called.
    pub name: &'static str,
    /// The family that it belongs to.
    pub family: Family,
    /// Its loss on rows that it has not seen: log-loss, or the root of the mean squared error.
    pub loss: f64,
    /// Its share in the answer.
    pub share: f64,
    /// What the folds have chosen.
    pub choices: Vec<(&'static str, f64)>,
}

/// Fits a model to all rows of `table`. What is in the `journal` is not fitted again.
///
/// # Errors
///
/// If a member cannot be fitted, or the user interrupts.
pub fn fit(
    table: &Table,
    wishes: &Wishes,
    watch: &dyn Watch,
    journal: &Journal,
) -> Result<Fitted, TabularError> {
    let rows = table.rows();
    let count = if rows <= FIVE_FOLDS { 5 } else { 3 }.min(rows);
    let folds = folds(table, count, wishes.seed, 0);
    let job = Job {
        table,
        folds: &folds,
        words: wishes.words,
        network_bytes: wishes.network_bytes,
        seed: wishes.seed,
        backend: wishes.backend,
        watch,
        journal,
    };
    let mut candidates = Vec::new();
    if wishes.families.contains(&Family::Linear) {
        candidates.extend(linear::candidates(&job)?);
    }
    if wishes.families.contains(&Family::Trees) {
        candidates.push(boosted::candidate(&job)?);
    }
    if wishes.families.contains(&Family::Network) {
        let best = candidates.iter().min_by(|a, b| a.loss.total_cmp(&b.loss));
        let best = best.map(|best| best.answers.clone());
        candidates.extend(network::candidate(&job, best.as_deref())?);
    }
    let answers: Vec<&[f64]> = candidates
        .iter()
        .map(|own| own.answers.as_slice())
        .collect();
    let shares = shares(job.kind(), &answers, job.targets(), job.weights());
    let blended_answers = blended(&answers, &shares);
    let tried = candidates
        .iter()
        .zip(&shares)
        .map(|(candidate, share)| Tried {
            name: candidate.name,
            family: candidate.family,
            loss: shown_loss(job.kind(), candidate.loss),
            share: *share,
            choices: candidate.choices.clone(),
        });
    let tried = tried.collect();
    let (members, shares) = finish(&job, candidates, &shares)?;
    let linear = members
        .iter()
        .find(|(candidate, _)| *candidate == (Family::Linear, PLAIN));
    let linear = linear.map(|(_, member)| member.layers.clone());
    let (layers, checked) = together(members, &shares);
    Ok(Fitted {
        layers,
        tried,
        answers: blended_answers,
        checked,
        linear,
        folds: count,
    })
}

/// The loss as people read it: the root of a squared error.
#[must_use]
pub fn shown_loss(kind: &Kind, loss: f64) -> f64 {
    match kind {
        Kind::Classes(_) => loss,
        Kind::Number => loss.sqrt(),
    }
}

/// Fits those that have a share, and the plain linear model, to all rows. Returns them with their shares.
fn finish(
    job: &Job<'_>,
    candidates: Vec<Candidate>,
    shares: &[f64],
) -> Result<(Vec<Named>, Vec<f64>), TabularError> {
    let (mut members, mut own_shares) = (Vec::new(), Vec::new());
    let total = candidates.len();
    for (done, (candidate, share)) in candidates.into_iter().zip(shares).enumerate() {
        let name = (candidate.family, candidate.name);
        if *share == 0.0 && name != (Family::Linear, PLAIN) {
            continue;
        }
        job.watch.step("fit to all rows", done, total);
        members.push((name, (candidate.finish)(job)?));
        own_shares.push(*share);
        job.watch.check()?;
    }
    Ok((members, own_shares))
}

/// A member, with its family and name.
type Named = ((Family, &'static str), Member);

/// The layers of all members that have a share, and their answers together.
fn together(members: Vec<Named>, shares: &[f64]) -> (Vec<FrozenLayer>, Vec<f64>) {
    let kept = members
        .into_iter()
        .zip(shares)
        .filter(|(_, share)| **share > 0.0);
    let (members, shares): (Vec<Member>, Vec<f64>) =
        kept.map(|((_, member), share)| (member, *share)).unzip();
    let answers: Vec<&[f64]> = members
        .iter()
        .map(|member| member.answers.as_slice())
        .collect();
    let checked = blended(&answers, &shares);
    let lengths: Vec<u32> = members
        .iter()
        .map(|member| member.layers.len() as u32)
        .collect();
    let mut layers: Vec<FrozenLayer> = members
        .into_iter()
        .flat_map(|member| member.layers)
        .collect();
    if lengths.len() > 1 {
        let weights: Vec<f32> = shares.iter().map(|share| *share as f32).collect();
        let blend = FrozenLayer::new("blend")
            .weight("weight", &[weights.len()], weights)
            .weight("layers", &[lengths.len()], lengths);
        layers.push(blend);
    }
    (layers, checked)
}

/// The shares of the classes, or the mean number.
#[must_use]
pub fn constant(table: &Table) -> Vec<f64> {
    constant_of(&table.target)
}

/// The same for these targets.
#[must_use]
pub fn constant_of(target: &Target) -> Vec<f64> {
    let rows = target.values.len() as f64;
    match &target.kind {
        Kind::Number => {
            let sum: f64 = target.values.iter().copied().map(f64::from).sum();
            vec![sum / rows]
        }
        Kind::Classes(classes) => {
            let mut shares = vec![0.0; classes.len()];
            for class in &target.values {
                shares[*class as usize] += 1.0 / rows;
            }
            shares
        }
    }
}

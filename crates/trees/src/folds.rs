//! Cross-validation in lockstep: all folds grow one round, then their mean loss decides.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::bins::Binned;
use crate::booster::Booster;
use crate::loss::Loss;
use crate::run::{Problem, Run};
use crate::settings::Settings;

/// The fold of a row that takes no part in a cross-validation.
pub const NO_FOLD: u8 = u8::MAX;

/// What a cross-validation finds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CrossValidated {
    /// The number of rounds with the lowest mean loss; 0 if trees do not help.
    pub rounds: usize,
    /// The mean loss (see [`Loss::of`]) of all rows, each by the booster that has not seen it, after
    /// 0, 1, 2, … rounds. It includes the rounds that were grown after the lowest one.
    pub curve: Vec<f64>,
    /// The scores of each row after `rounds` rounds, by the booster that has not seen it: rows ×
    /// [`Loss::width`], row by row; NaN for rows that take no part.
    pub scores: Vec<f64>,
    /// The booster of each fold, of `rounds` rounds.
    pub boosters: Vec<Booster>,
}

/// Grows a booster for each fold on the rows of all other folds, all in step, and finds the number
/// of rounds with the lowest mean loss.
///
/// `folds` has the fold of each row, from 0; rows of [`NO_FOLD`] take no part. `targets` and
/// `weights` have an entry for each row of `data` too. Weights multiply the loss of a row; without
/// them each is 1.
///
/// Growth stops after `settings.rounds` rounds, after `settings.patience` rounds without a lower
/// mean loss, or when `watch` returns false. After each round `watch` is called with the number of
/// rounds so far and the mean loss.
///
/// # Panics
///
/// If `data`, `targets` or `weights` have fewer rows than `folds`.
pub fn cross_validate(
    data: &Binned,
    targets: &[f32],
    weights: Option<&[f32]>,
    folds: &[u8],
    loss: Loss,
    settings: &Settings,
    watch: &dyn Fn(usize, f64) -> bool,
) -> CrossValidated {
    let problem = Problem {
        data,
        targets,
        weights,
        loss,
        settings,
    };
    let mut runs = runs(&problem, folds);
    let all = (0_u32..).zip(folds).filter(|(_, fold)| **fold != NO_FOLD);
    let total: f64 = all.map(|(row, _)| f64::from(problem.weight(row))).sum();
    let mean =
        |losses: Vec<f64>| losses.into_iter().sum::<f64>() / if total > 0.0 { total } else { 1.0 };
    let mut scores = vec![f64::NAN; folds.len() * loss.width()];
    let mut curve = vec![mean(runs.iter().map(|run| run.loss(&problem)).collect())];
    let mut best = 0;
    keep(&runs, &mut scores);
    for round in 1..=settings.rounds {
        let losses = runs.par_iter_mut().map(|run| {
            run.grow(&problem);
            run.loss(&problem)
        });
        let loss = mean(losses.collect());
        curve.push(loss);
        if loss < curve[best] {
            best = round;
            keep(&runs, &mut scores);
        }
        if !watch(round, loss) || round - best >= settings.patience {
            break;
        }
    }
    let boosters = runs.into_iter().map(|run| {
        let mut booster = run.booster;
        booster.rounds.truncate(best);
        booster
    });
    CrossValidated {
        rounds: best,
        curve,
        scores,
        boosters: boosters.collect(),
    }
}

/// The booster of each fold, before the first round.
fn runs(problem: &Problem<'_>, folds: &[u8]) -> Vec<Run> {
    let count = folds.iter().filter(|fold| **fold != NO_FOLD).max();
    let count = count.map_or(0, |fold| fold + 1);
    let run = |own: u8| {
        let rows = |wanted: &dyn Fn(u8) -> bool| -> Vec<u32> {
            let rows = (0..)
                .zip(folds)
                .filter(|(_, fold)| **fold != NO_FOLD && wanted(**fold));
            rows.map(|(row, _)| row).collect()
        };
        Run::new(
            problem,
            rows(&|fold| fold != own),
            rows(&|fold| fold == own),
        )
    };
    (0..count).map(run).collect()
}

/// Copies the scores of all rows held out to `scores`.
fn keep(runs: &[Run], scores: &mut [f64]) {
    for run in runs {
        let width = run.scores.len();
        for row in &run.held_out {
            let row = *row as usize;
            for (kept, all) in scores[row * width..].iter_mut().zip(&run.scores) {
                *kept = all[row];
            }
        }
    }
}

#[cfg(test)]
mod tests;

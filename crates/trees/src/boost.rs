//! Boosting: trees one after the other, each for what those before have left.

use crate::bins::Binned;
use crate::booster::Booster;
use crate::loss::Loss;
use crate::run::{Problem, Run};
use crate::settings::Settings;

/// Grows a booster of exactly `settings.rounds` rounds on the rows with the numbers `rows`, none of
/// them twice. `targets` and `weights` have an entry for each row of `data`. Weights multiply the
/// loss of a row; without them each is 1.
///
/// # Panics
///
/// If `data`, `targets` or `weights` lack one of the `rows`.
#[must_use]
pub fn fit(
    data: &Binned,
    targets: &[f32],
    weights: Option<&[f32]>,
    rows: &[u32],
    loss: Loss,
    settings: &Settings,
) -> Booster {
    let problem = Problem {
        data,
        targets,
        weights,
        loss,
        settings,
    };
    let mut run = Run::new(&problem, rows.to_vec(), Vec::new());
    for _round in 0..settings.rounds {
        run.grow(&problem);
    }
    run.booster
}

#[cfg(test)]
pub(crate) mod tests;

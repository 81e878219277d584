//! The choice of the penalty by cross-validation.

use rayon::prelude::*;

use crate::NO_FOLD;
use crate::check;
use crate::design::{Design, Linear, Table};
use crate::error::LinearError;
use crate::fit::{Fitter, is_dense};
use crate::loss::Loss;
use crate::moments::{Moments, Sums};

/// Penalties in a row that make the loss worse than the one before, after which no smaller ones are tried.
const PATIENCE: usize = 3;
/// The loss, as a part of the best one, above which no smaller penalties are tried either. The smallest ones take the
/// longest.
const HOPELESS: f64 = 1.2;
/// How far models may be from the minimum while the penalty is chosen, as a part of the loss without features. The
/// losses of neighbouring penalties differ by more.
const TOLERANCE: f64 = 1e-6;
/// Values of the design × scores from which on penalties are a decade apart, not half a decade.
const MANY: usize = 20_000_000;

/// The chosen penalty, and what the models of the folds say.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Choice {
    /// The penalty with the smallest loss.
    pub penalty: f64,
    /// Its mean loss over the held-out rows, weighted: half the squared error, or the log-loss in nats.
    pub loss: f64,
    /// Scores of each row by the model that has not seen it, *rows × width*; NaN for rows that take no part.
    pub scores: Vec<f64>,
    /// The models of the folds, by rising fold number.
    pub models: Vec<Linear>,
    /// The penalties that were tried, from large to small, with their losses.
    pub curve: Vec<(f64, f64)>,
}

/// Penalties to choose from, from large to small: 10³ to 10⁻³ for classes, 10⁴ to 10⁻³ for numbers.
///
/// They are half a decade apart, or a decade if a design of so many `values`, *rows × columns*, would take long.
pub fn penalties(loss: Loss, values: usize) -> Vec<f64> {
    let largest = match loss {
        Loss::Squared => 8,
        Loss::Classes(_) => 6,
    };
    // Ridge regression goes through the design once for all penalties.
    let many = loss != Loss::Squared && values.saturating_mul(loss.width()) >= MANY;
    (-6..=largest)
        .rev()
        .step_by(if many { 2 } else { 1 })
        .map(|half_decades| libm::pow(10.0, f64::from(half_decades) / 2.0))
        .collect()
}

/// Chooses the penalty with the smallest loss on rows that a model has not seen.
///
/// `targets` and `weights` are as in [`fit`](crate::fit()). `folds` has a number for each row: the row is held out from
/// the model of that fold. Rows of fold [`NO_FOLD`] take no part. Penalties are tried from large to small, each starting
/// from the model before; when the loss has got worse three times in a row, or is a fifth above the best one, no more are
/// tried.
///
/// After each penalty, `watch` is told how many of how many have been tried; if it returns false, the choice is made
/// among those.
///
/// # Errors
///
/// If lengths do not fit together, a value is not valid, there are fewer than two folds, no penalties, or no rows with
/// a weight for the model of a fold.
pub fn choose(
    design: Design,
    targets: &[f32],
    weights: Option<&[f32]>,
    folds: &[u8],
    loss: Loss,
    penalties: &[f64],
    watch: &dyn Fn(usize, usize) -> bool,
) -> Result<Choice, LinearError> {
    let table = check::table(design, targets, weights, loss)?;
    check::length("fold numbers", folds.len(), targets.len())?;
    penalties
        .iter()
        .try_for_each(|penalty| check::penalty(*penalty))?;
    let mut penalties = penalties.to_vec();
    penalties.sort_by(|a, b| b.total_cmp(a));
    penalties.dedup();
    let mut folds = split(&table, folds)?;
    let held = folds.iter().flat_map(|fold| &fold.held);
    let total: f64 = held.map(|row| table.weight(*row)).sum();

    let mut curve: Vec<(f64, f64)> = Vec::new();
    let mut best: Option<(f64, f64, Vec<Linear>)> = None;
    let mut worse = 0;
    for (index, penalty) in penalties.iter().copied().enumerate() {
        let models: Vec<(Linear, f64)> = (folds.par_iter_mut())
            .map(|fold| fold.solve(&table, penalty))
            .collect();
        let mean = models.iter().map(|(_, loss)| loss).sum::<f64>() / total;
        let is_worse = curve.last().is_some_and(|(_, before)| mean > *before);
        worse = if is_worse { worse + 1 } else { 0 };
        curve.push((penalty, mean));
        if best.as_ref().is_none_or(|(_, least, _)| mean < *least) {
            let models = models.into_iter().map(|(model, _)| model).collect();
            best = Some((penalty, mean, models));
        }
        let least = best.as_ref().map_or(mean, |(_, least, _)| *least);
        let ends = worse == PATIENCE || mean > HOPELESS * least;
        if !watch(index + 1, penalties.len()) || ends {
            break;
        }
    }
    let (penalty, loss, models) = best.ok_or(LinearError::NoPenalties)?;
    Ok(Choice {
        penalty,
        loss,
        scores: scores(&table, &folds, &models),
        models,
        curve,
    })
}

/// A fold: the rows that its model does not see, and the model.
struct Fold<'a> {
    held: Vec<u32>,
    fitter: Fitter<'a>,
}

impl Fold<'_> {
    /// The model for `penalty`, and the sum of its losses over the held-out rows.
    fn solve(&mut self, table: &Table, penalty: f64) -> (Linear, f64) {
        self.fitter.solve(penalty, TOLERANCE);
        let model = self.fitter.linear();
        let loss = |row: &u32| {
            let scores = model.scores(table.features(*row));
            table.weight(*row) * table.loss.of(&scores, table.target(*row))
        };
        let sum = self.held.iter().map(loss).sum();
        (model, sum)
    }
}

/// The folds that have rows, by rising number.
fn split<'a>(table: &'a Table<'a>, numbers: &[u8]) -> Result<Vec<Fold<'a>>, LinearError> {
    let rows_of = |is_in: &dyn Fn(u8) -> bool| -> Vec<u32> {
        let rows = numbers
            .iter()
            .enumerate()
            .filter(|(_, number)| is_in(**number));
        rows.map(|(row, _)| row as u32).collect()
    };
    let held: Vec<(u8, Vec<u32>)> = (0..NO_FOLD)
        .map(|fold| (fold, rows_of(&|number| number == fold)))
        .filter(|(_, rows)| !rows.is_empty())
        .collect();
    if held.len() < 2 {
        return Err(LinearError::Folds { found: held.len() });
    }
    let mut trained = Vec::with_capacity(held.len());
    for (fold, _) in &held {
        let rows = rows_of(&|number| number != *fold && number != NO_FOLD);
        check::rows(table, &rows, &format!("outside fold {fold} "))?;
        trained.push(rows);
    }
    let columns = table.design.columns;
    let moments: Vec<Moments> = if is_dense(columns, held.len()) {
        let sums: Vec<Sums> = held
            .par_iter()
            .map(|(_, rows)| Sums::of(table, rows))
            .collect();
        let without = |fold: usize| {
            // Not the difference to the sum of all folds, which would let rounding depend on the held-out rows.
            let mut sum = Sums::zeros(columns);
            let others = sums.iter().enumerate().filter(|(other, _)| *other != fold);
            others.for_each(|(_, other)| sum.add(other));
            sum.centred()
        };
        (0..held.len()).into_par_iter().map(without).collect()
    } else {
        trained
            .par_iter()
            .map(|rows| Moments::diagonal(table, rows))
            .collect()
    };
    Ok(held
        .into_iter()
        .zip(trained.into_iter().zip(moments))
        .map(|((_, held), (rows, moments))| Fold {
            held,
            fitter: Fitter::new(table, rows, moments),
        })
        .collect())
}

/// Scores of all rows that take part.
fn scores(table: &Table, folds: &[Fold], models: &[Linear]) -> Vec<f64> {
    let width = table.loss.width();
    let mut scores = vec![f64::NAN; table.targets.len() * width];
    for (fold, model) in folds.iter().zip(models) {
        for row in &fold.held {
            let own = &mut scores[*row as usize * width..][..width];
            own.copy_from_slice(&model.scores(table.features(*row)));
        }
    }
    scores
}

//! The fit of one model.

use crate::check;
use crate::design::{Design, Linear, Table};
use crate::error::LinearError;
use crate::lbfgs::{Function, minimise};
use crate::loss::Loss;
use crate::moments::{Moments, Second, Sums};
use crate::objective::{Objective, stride};
use crate::precondition::Preconditioner;

/// Most columns whose products with each other are kept: 9 MB of them.
const MOST_DENSE_COLUMNS: usize = 1500;
/// Most products of columns in all matrices together.
const MOST_PRODUCTS: usize = 12_000_000;
/// How far a model may be from the minimum, as a part of the loss without features.
const FINAL_TOLERANCE: f64 = 1e-10;

/// Fits a model to some rows.
///
/// `targets` has a number or a class number for each row of the design; `weights` has a weight of at least 0 for each
/// row, all 1 if absent. `rows` are row numbers from 0; a row that is named twice counts twice.
///
/// Ridge regression is solved by a Cholesky decomposition, all else, and tables of more than 1,500 columns, by L-BFGS.
///
/// # Errors
///
/// If lengths do not fit together, a value is not valid, no row has a weight, or the penalty is not above 0.
pub fn fit(
    design: Design,
    targets: &[f32],
    weights: Option<&[f32]>,
    rows: &[u32],
    loss: Loss,
    penalty: f64,
) -> Result<Linear, LinearError> {
    let table = check::table(design, targets, weights, loss)?;
    check::rows(&table, rows, "")?;
    check::penalty(penalty)?;
    let moments = if is_dense(design.columns, 1) {
        Sums::of(&table, rows).centred()
    } else {
        Moments::diagonal(&table, rows)
    };
    let mut fitter = Fitter::new(&table, rows.to_vec(), moments);
    fitter.solve(penalty, FINAL_TOLERANCE);
    Ok(fitter.linear())
}

/// Whether the products of all columns can be kept in memory, in so many matrices.
pub fn is_dense(columns: usize, matrices: usize) -> bool {
    columns <= MOST_DENSE_COLUMNS && matrices * columns * columns <= MOST_PRODUCTS
}

/// A model that is fitted to the same rows with one penalty after another.
pub struct Fitter<'a> {
    table: &'a Table<'a>,
    rows: Vec<u32>,
    moments: Moments,
    /// A point of the [`Objective`].
    point: Vec<f64>,
    /// Sums of the second derivatives of the loss near the point, one for each score.
    curvature: Vec<f64>,
}

impl<'a> Fitter<'a> {
    /// A model without features. `moments` are those of `rows`.
    pub fn new(table: &'a Table<'a>, rows: Vec<u32>, moments: Moments) -> Self {
        let width = table.loss.width();
        let columns = table.design.columns;
        let mut point = vec![0.0; (columns + 1) * stride(width)];
        let mut shares = vec![1.0; width];
        if let Loss::Classes(classes) = table.loss {
            // Half a row more in each class keeps the start finite.
            let mut counts = vec![0.5; classes];
            for row in &rows {
                counts[table.target(*row) as usize] += table.weight(*row);
            }
            let total: f64 = counts.iter().sum();
            let bias = &mut point[columns * stride(width)..];
            if let [no, yes] = counts[..] {
                bias[0] = libm::log(yes / no);
                shares[0] = yes / total;
            } else {
                bias.iter_mut()
                    .zip(&counts)
                    .for_each(|(bias, count)| *bias = libm::log(*count));
                shares
                    .iter_mut()
                    .zip(&counts)
                    .for_each(|(share, count)| *share = count / total);
            }
            for share in &mut shares {
                *share *= 1.0 - *share;
            }
        } else {
            point[columns] = moments.target;
        }
        Self {
            table,
            rows,
            curvature: shares.iter().map(|share| share * moments.weight).collect(),
            moments,
            point,
        }
    }

    /// Moves the model to the minimum for `penalty`. `tolerance` is how far its loss may be from the minimum, as a part
    /// of the loss without features (of the weight of all rows for classes).
    pub fn solve(&mut self, penalty: f64, tolerance: f64) {
        if let (Loss::Squared, Second::Full(products)) = (self.table.loss, &self.moments.second) {
            let columns = self.table.design.columns;
            let (weights, bias) = self.point.split_at_mut(columns);
            weights.copy_from_slice(&self.moments.cross);
            products.cholesky(1.0, penalty).solve(weights);
            bias[0] = self.moments.target;
            return;
        }
        let scale = match self.table.loss {
            Loss::Squared => 0.5 * self.moments.target_square,
            Loss::Classes(_) => self.moments.weight,
        };
        let mut penalised = Penalised {
            objective: Objective {
                table: self.table,
                rows: &self.rows,
                mean: &self.moments.mean,
                penalty,
            },
            preconditioner: Preconditioner::new(&self.moments, &self.curvature, penalty),
            curvature: Vec::new(),
        };
        minimise(&mut penalised, &mut self.point, tolerance * scale);
        let scores = self.curvature.len();
        self.curvature
            .copy_from_slice(&penalised.curvature[..scores]);
    }

    /// The model for features that are not centred.
    pub fn linear(&self) -> Linear {
        let width = self.table.loss.width();
        let stride = stride(width);
        let columns = self.table.design.columns;
        let mut weights = Vec::with_capacity(columns * width);
        let mut bias = self.point[columns * stride..][..width].to_vec();
        let moments = self.moments.mean.iter().zip(&self.moments.constant);
        for (line, (mean, constant)) in self.point.chunks_exact(stride).zip(moments) {
            for (weight, bias) in line.iter().zip(&mut bias) {
                // The weight of a constant column is 0 but for rounding.
                let weight = if *constant { 0.0 } else { *weight };
                *bias -= weight * mean;
                weights.push(weight);
            }
        }
        // The softmax does not change if all scores do by the same amount.
        if width > 1 {
            let mean = bias.iter().sum::<f64>() / width as f64;
            for bias in &mut bias {
                *bias -= mean;
            }
        }
        Linear { weights, bias }
    }
}

/// The objective for one penalty, as L-BFGS takes it.
struct Penalised<'a> {
    objective: Objective<'a>,
    preconditioner: Preconditioner,
    curvature: Vec<f64>,
}

impl Function for Penalised<'_> {
    fn evaluate(&mut self, point: &[f64], gradient: &mut [f64]) -> f64 {
        let value = self.objective.evaluate(point, gradient);
        self.curvature = value.curvature;
        value.value
    }

    fn precondition(&self, vector: &mut [f64]) {
        self.preconditioner
            .apply(vector, stride(self.objective.table.loss.width()));
    }
}

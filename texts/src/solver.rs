//! A linear support vector machine with the squared hinge loss.

use rand::seq::SliceRandom;
use training::random::{Purpose, random};

use crate::bags::Matrix;

/// Passes over all rows, at most.
const MOST_PASSES: usize = 200;

/// What tells two sides apart: a row is on the right one if its product with the weights plus the bias is above 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Separator {
    /// A weight for each column.
    pub weights: Vec<f64>,
    /// The weight of a column that is 1 in every row.
    pub bias: f64,
}

impl Separator {
    /// The score of the row number `row`.
    #[must_use]
    pub fn score(&self, matrix: &Matrix, row: usize) -> f64 {
        matrix.dot(row, &self.weights) + self.bias
    }
}

/// What a fit is to be.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// What the loss of a row counts beside half of the sum of the squared weights.
    pub cost: f64,
    /// Largest violation of the conditions of optimality.
    pub tolerance: f64,
    /// Seed of the order of rows.
    pub seed: u64,
}

/// Fits a separator to `rows` of `matrix`, of which those are on the right side that `is_right` says: the minimum of
/// `½(|w|² + b²) + cost · Σ max(0, 1 − y(w·x + b))²`, by dual coordinate descent (C.-J. Hsieh et al., "A dual coordinate
/// descent method for large-scale linear SVM", ICML 2008, algorithm 1). `duals` has a number for each of `rows`, from which
/// the search starts: zeros, or the result of another cost.
#[must_use]
pub fn fit(
    matrix: &Matrix,
    rows: &[u32],
    is_right: &[bool],
    settings: Settings,
    duals: &mut Vec<f64>,
) -> Separator {
    duals.resize(rows.len(), 0.0);
    let sign = |place: usize| {
        if is_right[rows[place] as usize] {
            1.0
        } else {
            -1.0
        }
    };
    let mut weights = vec![0.0; matrix.width];
    let mut bias = 0.0;
    let softness = 0.5 / settings.cost;
    let mut curvatures = Vec::with_capacity(rows.len());
    for (place, row) in rows.iter().enumerate() {
        let (_, values) = matrix.row(*row as usize);
        let length: f64 = values.iter().map(|value| f64::from(*value).powi(2)).sum();
        curvatures.push(length + 1.0 + softness);
        if duals[place] != 0.0 {
            matrix.add(*row as usize, duals[place] * sign(place), &mut weights);
            bias += duals[place] * sign(place);
        }
    }
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let mut generator = random(settings.seed, Purpose::Epoch(0));
    for _ in 0..MOST_PASSES {
        order.shuffle(&mut generator);
        let mut violation = 0.0_f64;
        for place in &order {
            let row = rows[*place] as usize;
            let (dual, sign) = (duals[*place], sign(*place));
            let slope = sign * (matrix.dot(row, &weights) + bias) - 1.0 + softness * dual;
            let projected = if dual == 0.0 { slope.min(0.0) } else { slope };
            if projected == 0.0 {
                continue;
            }
            violation = violation.max(projected.abs());
            let moved = (dual - slope / curvatures[*place]).max(0.0);
            duals[*place] = moved;
            matrix.add(row, (moved - dual) * sign, &mut weights);
            bias += (moved - dual) * sign;
        }
        if violation < settings.tolerance {
            break;
        }
    }
    Separator { weights, bias }
}

#[cfg(test)]
mod tests;

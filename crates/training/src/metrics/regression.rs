use serde::{Deserialize, Serialize};

use super::Metrics;
use crate::linear_algebra::{inverse_of_cholesky_factor, mean, outer_products, to_rows};

/// How far an estimate may be off to count as right (Cortez et al., "Modeling wine preferences by data
/// mining from physicochemical properties", Decision Support Systems 47(4), 2009).
const TOLERANCE: f64 = 0.5;

/// How good estimates of a number are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Regression {
    /// Number of rows measured.
    pub rows: usize,
    /// Root of the mean squared error, in the target's unit.
    pub rmse: f64,
    /// Mean absolute error, in the target's unit.
    pub mae: f64,
    /// Share of the target's variance that is explained; 0 is as good as its mean.
    pub r2: f64,
    /// Share of the estimates that are off by 0.5 at most, from 0 to 1.
    pub within_half: f64,
}

impl Regression {
    /// Measures `estimates` against `targets`, pair by pair.
    #[must_use]
    pub fn measure(estimates: &[f32], targets: &[f32]) -> Self {
        let count = targets.len().max(1) as f64;
        let mean = targets.iter().copied().map(f64::from).sum::<f64>() / count;
        let (mut squared, mut absolute, mut total, mut within) = (0.0, 0.0, 0.0, 0_usize);
        for (estimate, target) in estimates.iter().zip(targets) {
            let error = f64::from(*estimate) - f64::from(*target);
            squared += error * error;
            absolute += error.abs();
            total += (f64::from(*target) - mean).powi(2);
            within += usize::from(error.abs() <= TOLERANCE);
        }
        Self {
            rows: targets.len(),
            rmse: (squared / count).sqrt(),
            mae: absolute / count,
            // Of targets that are all alike there is nothing to explain.
            r2: if total > 0.0 {
                1.0 - squared / total
            } else {
                0.0
            },
            within_half: within as f64 / count,
        }
    }

    /// The figures by name, after `prefix`.
    #[must_use]
    pub fn metrics(&self, prefix: &str) -> Metrics {
        [
            ("rmse", self.rmse),
            ("mae", self.mae),
            ("r2", self.r2),
            ("within_half", self.within_half),
        ]
        .map(|(name, figure)| (format!("{prefix}{name}"), figure))
        .into()
    }

    /// A row of a table.
    #[must_use]
    pub fn row(&self, name: &str) -> String {
        format!(
            "| {name:<13} | {:<6.4} | {:<6.4} | {:<6.3} | {:<10.1} |\n",
            self.rmse,
            self.mae,
            self.r2,
            100.0 * self.within_half
        )
    }
}

/// Share of a column's variance that is added to it: keeps the equations solvable where columns follow
/// from each other.
const RIDGE: f64 = 1e-9;

/// Fits a linear function of `inputs`, row-major, to `targets` by least squares, and gives its values for
/// `others`.
#[must_use]
pub fn least_squares(inputs: &[f32], targets: &[f32], others: &[f32]) -> Vec<f32> {
    let width = inputs.len() / targets.len().max(1);
    let (rows, others) = (to_rows(inputs, width), to_rows(others, width));
    let centre = mean(rows.iter(), width);
    let mut square = outer_products(rows.iter(), &centre, 1.0);
    for (index, line) in square.iter_mut().enumerate() {
        line[index] += RIDGE * line[index] + f64::MIN_POSITIVE;
    }
    let level = targets.iter().copied().map(f64::from).sum::<f64>() / targets.len().max(1) as f64;
    let product: Vec<f64> = (0..width)
        .map(|column| {
            let pairs = rows.iter().zip(targets);
            let product = |(row, target): (&Vec<f64>, &f32)| {
                (row[column] - centre[column]) * (f64::from(*target) - level)
            };
            pairs.map(product).sum()
        })
        .collect();
    // With L⁻¹ for square = L · Lᵀ, the solution is (L⁻¹)ᵀ · L⁻¹ · product.
    let inverse = inverse_of_cholesky_factor(&square);
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let halfway: Vec<f64> = inverse.iter().map(|row| dot(row, &product)).collect();
    let slopes: Vec<f64> = (0..width)
        .map(|column| {
            let column: Vec<f64> = inverse.iter().map(|row| row[column]).collect();
            dot(&column, &halfway)
        })
        .collect();
    let estimate = |row: &Vec<f64>| {
        let centred: Vec<f64> = row.iter().zip(&centre).map(|(x, c)| x - c).collect();
        (level + dot(&centred, &slopes)) as f32
    };
    others.iter().map(estimate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_hand_computed_values() {
        let measured = Regression::measure(&[2.0, 5.0, 4.0], &[1.0, 5.0, 6.0]);
        assert_eq!(measured.rows, 3);
        assert!((measured.rmse - (5.0_f64 / 3.0).sqrt()).abs() < 1e-12);
        assert!((measured.mae - 1.0).abs() < 1e-12);
        // Around the mean of 4 the targets have 9 + 1 + 4 = 14, of which 5 are left.
        assert!((measured.r2 - (1.0 - 5.0 / 14.0)).abs() < 1e-12);
        assert!((measured.within_half - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(measured.metrics("x_").len(), 4);
    }

    #[test]
    fn the_mean_explains_nothing() {
        let measured = Regression::measure(&[4.0; 3], &[1.0, 5.0, 6.0]);
        assert!(measured.r2.abs() < 1e-12);
    }

    #[test]
    fn least_squares_finds_a_plane() {
        let inputs = [0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 2.0, 5.0];
        let plane = |x: &[f32]| 3.0 + 2.0 * x[0] - 0.5 * x[1];
        let targets: Vec<f32> = inputs.chunks(2).map(plane).collect();
        let others = [4.0, 4.0, -1.0, 10.0];
        let expected: Vec<f32> = others.chunks(2).map(plane).collect();
        for (estimate, expected) in least_squares(&inputs, &targets, &others)
            .iter()
            .zip(expected)
        {
            assert!((estimate - expected).abs() < 1e-4, "{estimate} {expected}");
        }
    }

    #[test]
    fn least_squares_survives_columns_that_say_nothing() {
        let inputs = [1.0, 1.0, 1.0, 2.0, 2.0, 1.0, 3.0, 3.0, 1.0];
        let estimates = least_squares(&inputs, &[1.0, 2.0, 3.0], &[4.0, 4.0, 1.0]);
        assert!((estimates[0] - 4.0).abs() < 1e-2, "{estimates:?}");
    }
}

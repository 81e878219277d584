//! From separators to a small model: the n-grams that count, and weights of 8 bits.

use crate::bags::LEFT_OUT;
use crate::solver::Separator;

/// Largest weight of 8 bits.
const LARGEST: f64 = 127.0;
/// The shares of the largest weight at which all larger ones may be cut off.
const CUTS: [f64; 6] = [1.0, 0.8, 0.6, 0.45, 0.3, 0.2];

/// Which of the columns to keep of several separators, at most `most`: those with the largest sum over all rows of the
/// squares of what they add to a score. `squares` has the sum of the squares of each column, and `columns` says which column
/// each n-gram has, as the result does.
#[must_use]
pub fn pruned(separators: &[Separator], squares: &[f64], columns: &[u32], most: usize) -> Vec<u32> {
    if squares.len() <= most {
        return columns.to_vec();
    }
    let largest = |column: usize| {
        separators
            .iter()
            .map(|own| own.weights[column].powi(2))
            .fold(0.0, f64::max)
    };
    let counts: Vec<f64> = squares
        .iter()
        .enumerate()
        .map(|(column, square)| square * largest(column))
        .collect();
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_unstable_by(|a, b| counts[*b].total_cmp(&counts[*a]).then(a.cmp(b)));
    let mut is_kept = vec![false; counts.len()];
    order
        .iter()
        .take(most)
        .for_each(|column| is_kept[*column] = true);
    let kept = |column: &u32| *column != LEFT_OUT && is_kept[*column as usize];
    crate::bags::numbered(columns.iter().map(kept))
}

/// Weights of 8 bits.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantized {
    /// What a weight of 1 stands for.
    pub scale: f64,
    /// The weights.
    pub weights: Vec<i8>,
}

impl Quantized {
    /// The nearest to `weights`, each of which counts with its number in `squares`.
    #[must_use]
    pub fn new(weights: &[f64], squares: &[f64]) -> Self {
        let largest = weights
            .iter()
            .fold(0.0_f64, |largest, weight| largest.max(weight.abs()));
        let mut best = (f64::INFINITY, 1.0);
        for cut in CUTS {
            let scale = cut * largest / LARGEST;
            if scale == 0.0 {
                break;
            }
            let error = |(weight, square): (&f64, &f64)| {
                square * (rounded(*weight, scale) * scale - weight).powi(2)
            };
            let error: f64 = weights.iter().zip(squares).map(error).sum();
            if error < best.0 {
                best = (error, scale);
            }
        }
        // As the model file has it.
        let scale = f64::from(best.1 as f32);
        Self {
            scale,
            weights: weights
                .iter()
                .map(|weight| rounded(*weight, scale) as i8)
                .collect(),
        }
    }

    /// The weights that they stand for.
    #[must_use]
    pub fn floats(&self) -> Vec<f64> {
        self.weights
            .iter()
            .map(|weight| f64::from(*weight) * self.scale)
            .collect()
    }
}

fn rounded(weight: f64, scale: f64) -> f64 {
    (weight / scale).round().clamp(-LARGEST, LARGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn separator(weights: &[f64]) -> Separator {
        Separator {
            weights: weights.to_vec(),
            bias: 0.0,
        }
    }

    #[test]
    fn the_columns_that_count_most_are_kept() {
        let separators = [
            separator(&[1.0, -3.0, 0.5, 0.0]),
            separator(&[0.0, 0.0, 2.0, 0.0]),
        ];
        let squares = [4.0, 1.0, 1.0, 100.0];
        // The columns count 4, 9, 4 and 0; the first of equal ones is kept.
        let columns = [0, LEFT_OUT, 1, 2, 3];
        assert_eq!(
            pruned(&separators, &squares, &columns, 2),
            [0, LEFT_OUT, 1, LEFT_OUT, LEFT_OUT]
        );
        assert_eq!(
            pruned(&separators, &squares, &columns, 3),
            [0, LEFT_OUT, 1, 2, LEFT_OUT]
        );
        assert_eq!(pruned(&separators, &squares, &columns, 4), columns);
    }

    #[test]
    fn weights_are_rounded_to_the_nearest() {
        let weights = [0.5, -0.25, 0.001, 0.0];
        let found = Quantized::new(&weights, &[1.0; 4]);
        for (a, b) in found.floats().iter().zip(weights) {
            assert!((a - b).abs() <= found.scale / 2.0 + 1e-9, "{found:?}");
        }
        assert_eq!(found.weights[0], 127);
        assert_eq!(Quantized::new(&[0.0; 2], &[1.0; 2]).weights, [0, 0]);
    }

    #[test]
    fn a_large_weight_that_no_row_needs_is_cut_off() {
        let mut weights = vec![0.01; 1000];
        weights[0] = 10.0;
        let mut squares = vec![1.0; 1000];
        squares[0] = 1e-9;
        let found = Quantized::new(&weights, &squares);
        assert!(found.scale < 10.0 / 127.0, "{}", found.scale);
        assert_eq!(found.weights[0], 127);
    }
}

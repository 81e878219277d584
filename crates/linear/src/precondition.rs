//! The approximation of the Hessian that a fit by L-BFGS starts from.

use crate::matrix::Cholesky;
use crate::moments::{Moments, Second};

/// Entries of the factors of all scores up to which each score has a factor of its own: 16 MB.
const MOST_ENTRIES: usize = 2 << 20;
/// The smallest mean second derivative; it is 0 for classes that no row has.
const LEAST_CURVATURE: f64 = 1e-6;

/// The inverse of a Hessian without products of different scores, in which the second derivative of the loss is the
/// same in all rows.
pub struct Preconditioner {
    weights: Weights,
    /// For each score, the second derivative by the bias.
    bias: Vec<f64>,
}

enum Weights {
    /// A factor for each score, or one for all.
    Full(Vec<Cholesky>),
    /// The inverse, *columns × scores*.
    Diagonal(Vec<f64>),
}

impl Preconditioner {
    /// For sums of second derivatives `curvature`, one for each score.
    pub fn new(moments: &Moments, curvature: &[f64], penalty: f64) -> Self {
        let mean = |sum: f64| (sum / moments.weight).max(LEAST_CURVATURE);
        let curvature: Vec<f64> = curvature.iter().map(|sum| mean(*sum)).collect();
        let weights = match &moments.second {
            Second::Full(products) => {
                let size = products.size();
                let own = curvature.len() * size * size <= 2 * MOST_ENTRIES;
                let of_all = [curvature.iter().sum::<f64>() / curvature.len() as f64];
                let scales = if own { &curvature[..] } else { &of_all };
                let factor = |scale: &f64| products.cholesky(*scale, penalty);
                Weights::Full(scales.iter().map(factor).collect())
            }
            Second::Diagonal(squares) => Weights::Diagonal(
                (squares.iter())
                    .flat_map(|square| curvature.iter().map(move |c| 1.0 / (c * square + penalty)))
                    .collect(),
            ),
        };
        Self {
            weights,
            bias: curvature.iter().map(|c| c * moments.weight).collect(),
        }
    }

    /// Multiplies `vector`, laid out as a point of an [`Objective`](crate::objective::Objective), by the inverse.
    /// Scores that fill up the stride are 0 and stay so.
    pub fn apply(&self, vector: &mut [f64], stride: usize) {
        let (weights, bias) = vector.split_at_mut(vector.len() - stride);
        bias.iter_mut()
            .zip(&self.bias)
            .for_each(|(x, curvature)| *x /= curvature);
        let scores = self.bias.len();
        match &self.weights {
            Weights::Full(factors) => {
                let mut column = vec![0.0; weights.len() / stride];
                for score in 0..scores {
                    let own = weights.iter().skip(score).step_by(stride);
                    column.iter_mut().zip(own).for_each(|(x, own)| *x = *own);
                    factors[score.min(factors.len() - 1)].solve(&mut column);
                    let own = weights.iter_mut().skip(score).step_by(stride);
                    own.zip(&column).for_each(|(own, x)| *own = *x);
                }
            }
            Weights::Diagonal(inverse) => {
                let lines = weights
                    .chunks_exact_mut(stride)
                    .zip(inverse.chunks_exact(scores));
                for (line, inverse) in lines {
                    line.iter_mut()
                        .zip(inverse)
                        .for_each(|(x, inverse)| *x *= inverse);
                }
            }
        }
    }
}

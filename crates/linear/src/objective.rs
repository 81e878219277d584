//! What a fit minimises, and its gradient.

use rayon::prelude::*;

use crate::design::Table;
use crate::kernels::{Block, ROWS};
use crate::matrix::product;

/// Parts that the rows are summed up in, beside each other on several threads. The number is fixed because it decides
/// the order of the sums.
const PARTS: usize = 8;

/// The penalised loss of some rows.
///
/// A point is the weights of the centred columns, *columns × stride*, and the bias, *stride*. The stride is the width,
/// made up to a multiple of 4 if it is not 1; what is beyond the width stays 0.
pub struct Objective<'a> {
    pub table: &'a Table<'a>,
    pub rows: &'a [u32],
    pub mean: &'a [f64],
    pub penalty: f64,
}

/// The value of an objective at a point.
pub struct Value {
    pub value: f64,
    /// Sums of the second derivatives of the loss by each score, *stride*.
    pub curvature: Vec<f64>,
}

/// Scores of a row, with those that fill it up.
pub fn stride(width: usize) -> usize {
    if width == 1 {
        1
    } else {
        width.next_multiple_of(4)
    }
}

impl Objective<'_> {
    /// The value and the gradient.
    pub fn evaluate(&self, point: &[f64], gradient: &mut [f64]) -> Value {
        let stride = stride(self.table.loss.width());
        let (weights, offset) = self.parts_of(point);
        let length = self.rows.len().div_ceil(PARTS).next_multiple_of(ROWS);
        let parts: Vec<(Value, Vec<f64>)> = (self.rows.par_chunks(length))
            .map(|rows| self.part(rows, weights, &offset))
            .collect();
        gradient.fill(0.0);
        let mut total = Value {
            value: 0.5 * self.penalty * product(weights, weights),
            curvature: vec![0.0; stride],
        };
        for (part, its_gradient) in &parts {
            total.value += part.value;
            (total.curvature.iter_mut().zip(&part.curvature)).for_each(|(sum, x)| *sum += x);
            gradient
                .iter_mut()
                .zip(its_gradient)
                .for_each(|(sum, x)| *sum += x);
        }
        let (slopes, bias) = gradient.split_at_mut(weights.len());
        let lines = slopes
            .chunks_exact_mut(stride)
            .zip(weights.chunks_exact(stride));
        for ((slopes, weights), mean) in lines.zip(self.mean) {
            for ((slope, weight), bias) in slopes.iter_mut().zip(weights).zip(&*bias) {
                *slope += self.penalty * weight - mean * bias;
            }
        }
        total
    }

    /// Weights and offset of a point, for features that are not centred, which would leave no zeros.
    fn parts_of<'p>(&self, point: &'p [f64]) -> (&'p [f64], Vec<f64>) {
        let stride = stride(self.table.loss.width());
        let (weights, bias) = point.split_at(point.len() - stride);
        let mut offset = bias.to_vec();
        for (weights, mean) in weights.chunks_exact(stride).zip(self.mean) {
            offset
                .iter_mut()
                .zip(weights)
                .for_each(|(offset, weight)| *offset -= weight * mean);
        }
        (weights, offset)
    }

    /// The sums over `rows`, with the gradient as if no column were centred.
    fn part(&self, rows: &[u32], weights: &[f64], offset: &[f64]) -> (Value, Vec<f64>) {
        let stride = offset.len();
        let mut gradient = vec![0.0; weights.len() + stride];
        let (slopes, bias) = gradient.split_at_mut(weights.len());
        let mut value = 0.0;
        let mut curvature = vec![0.0; stride];
        let mut block = Block::new(self.table.design.columns);
        let mut scores = vec![0.0; ROWS * stride];
        for rows in rows.chunks(ROWS) {
            block.load(self.table, rows);
            block.forward(weights, offset, &mut scores);
            for (t, scores) in scores.chunks_exact_mut(stride).enumerate() {
                let target = self.table.target(block.rows[t]);
                let weight = block.weights[t];
                value += self
                    .table
                    .loss
                    .differentiate(scores, target, weight, &mut curvature);
                bias.iter_mut()
                    .zip(&*scores)
                    .for_each(|(sum, residual)| *sum += residual);
            }
            block.backward(&scores, slopes);
        }
        (Value { value, curvature }, gradient)
    }
}

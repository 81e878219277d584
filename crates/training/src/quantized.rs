//! Weights as modules store them: whole numbers of 8 or 16 bits, with a scale for each column.

use std::iter;

use burn::tensor::{Device, Tensor, TensorData};
use kernels::fixed_point::MOST_WEIGHT;

use crate::parameters::host;

/// The largest rounded weight.
const LARGEST: f32 = 127.0;
/// A scale for a column whose weights are all zero; it must only be more than that.
const SMALLEST_SCALE: f32 = 1e-30;

/// Weights of 8 bits.
#[derive(Debug, Clone, PartialEq)]
pub struct EightBits {
    /// Whole numbers from −127 to 127, row-major.
    pub weights: Vec<i8>,
    /// The scale of each column: its largest weight over 127.
    pub scales: Vec<f32>,
}

impl EightBits {
    /// Rounds a `weight` of shape `[rows, columns]`.
    pub fn round(weight: Tensor<2>) -> Self {
        let [_, columns] = weight.dims();
        Self::of(&host(weight), columns)
    }

    fn of(weight: &[f32], columns: usize) -> Self {
        let mut scales = vec![0.0_f32; columns];
        for row in weight.chunks_exact(columns) {
            for (largest, weight) in scales.iter_mut().zip(row) {
                // `f32::max` is a call in Wasm.
                if weight.abs() > *largest {
                    *largest = weight.abs();
                }
            }
        }
        for scale in &mut scales {
            *scale = (*scale * (1.0 / LARGEST)).max(SMALLEST_SCALE);
        }
        let mut weights = Vec::with_capacity(weight.len());
        for row in weight.chunks_exact(columns) {
            let steps = row
                .iter()
                .zip(&scales)
                .map(|(weight, scale)| weight / scale);
            weights.extend(steps.map(|steps| steps.round_ties_even() as i8));
        }
        Self { weights, scales }
    }

    /// The weights with their scales, as modules have them, of shape `[rows, columns]`.
    pub fn tensor(&self, device: &Device) -> Tensor<2> {
        let columns = self.scales.len();
        let mut numbers = Vec::with_capacity(self.weights.len());
        for row in self.weights.chunks_exact(columns) {
            let scaled = row.iter().zip(&self.scales);
            numbers.extend(scaled.map(|(weight, scale)| f32::from(*weight) * scale));
        }
        let shape = [self.weights.len() / columns, columns];
        Tensor::from_data(TensorData::new(numbers, shape), device)
    }
}

/// Weights of 16 bits for a fixed-point convolution, and the scale of each column, from a `weight` of shape `[rows, columns]`,
/// row-major. The absolute weights of a column sum up to [`MOST_WEIGHT`] at most.
pub fn sixteen_bits(weight: &[f32], columns: usize) -> (Vec<i16>, Vec<f32>) {
    let rows = weight.len() / columns;
    // Rounding adds half a step to each of them at most.
    let most = (MOST_WEIGHT as usize).saturating_sub(rows) as f32;
    let sizes = |column| weight.iter().skip(column).step_by(columns).map(|w| w.abs());
    let scale = |column| {
        let largest = sizes(column).fold(f32::MIN_POSITIVE, f32::max);
        (sizes(column).sum::<f32>() / most).max(largest / f32::from(i16::MAX))
    };
    let scales: Vec<f32> = (0..columns).map(scale).collect();
    let weights = weight.iter().zip(scales.iter().cycle());
    let rounded = weights.map(|(weight, scale)| (weight / scale).round() as i16);
    (rounded.collect(), scales)
}

/// A `weight` of shape `[inputs, outputs]`, row-major, in the order of a fixed-point linear layer: `[pairs, outputs, 2]`. Of an odd number
/// of inputs, the last has a partner of zero.
pub fn in_pairs(weight: &[i8], outputs: usize) -> Vec<[i8; 2]> {
    let rows = weight.chunks(2 * outputs);
    let pairs = rows.flat_map(|rows| {
        let (first, second) = rows.split_at(outputs);
        let second = second.iter().copied().chain(iter::repeat(0));
        first.iter().copied().zip(second)
    });
    pairs.map(<[i8; 2]>::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_bits_are_close_and_never_too_large_together() {
        let columns = 3;
        // One column of many alike, one with a single weight, one of zeros.
        let weight: Vec<f32> = (0..144)
            .flat_map(|row| [0.3 - row as f32 * 1e-3, f32::from(row == 7) * -2.0, 0.0])
            .collect();
        let (rounded, scales) = sixteen_bits(&weight, columns);
        for (column, scale) in scales.iter().enumerate() {
            let of = || (0..144).map(|row| row * columns + column);
            let sum: u32 = of().map(|i| u32::from(rounded[i].unsigned_abs())).sum();
            assert!(sum <= MOST_WEIGHT, "{sum}");
            let off = of().map(|i| (f32::from(rounded[i]) * scale - weight[i]).abs());
            assert!(off.fold(0.0, f32::max) <= 0.51 * scale);
        }
        assert_eq!(rounded[7 * columns + 1], -i16::MAX);
    }

    #[test]
    fn eight_bits_are_within_half_a_step() {
        let weight = [0.5, 0.0, -0.25, 0.0, 0.001, 0.0];
        let rounded = EightBits::of(&weight, 2);
        assert_eq!(rounded.weights, [127, 0, -64, 0, 0, 0]);
        assert_eq!(rounded.scales, [0.5 * (1.0 / LARGEST), SMALLEST_SCALE]);
    }

    #[test]
    fn rows_come_in_pairs() {
        let weight = [1, 2, 3, 4, 5, 6];
        assert_eq!(in_pairs(&weight, 2), [[1, 3], [2, 4], [5, 0], [6, 0]]);
    }
}

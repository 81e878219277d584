//! Weights as modules store them: whole numbers of 8 or 16 bits, with a scale for each column.

use std::iter;

use burn::tensor::{Device, Tensor, TensorData};
use kernels::fixed_point::MOST_WEIGHT;
use runtime::layers::LEVELS;

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

/// Weights of 4 bits: each column has its own 16 values.
#[derive(Debug, Clone, PartialEq)]
pub struct FourBits {
    /// The level of each weight, row-major.
    pub weights: Vec<u8>,
    /// The levels of each column, rising: whole numbers from −127 to 127.
    pub levels: Vec<[i8; LEVELS]>,
    /// The scale of each column.
    pub scales: Vec<f32>,
}

impl FourBits {
    /// Rounds a `weight` of shape `[rows, columns]` so that the sum of the squares of what rounding changes is the least, among
    /// weights that have been rounded to 8 bits.
    pub fn round(weight: Tensor<2>) -> Self {
        let [_, columns] = weight.dims();
        Self::of(&host(weight), columns)
    }

    fn of(weight: &[f32], columns: usize) -> Self {
        let EightBits { weights, scales } = EightBits::of(weight, columns);
        let mut counts = vec![[0_u64; VALUES]; columns];
        for row in weights.chunks_exact(columns) {
            for (counts, weight) in counts.iter_mut().zip(row) {
                counts[value(*weight)] += 1;
            }
        }
        let levels: Vec<[i8; LEVELS]> = counts.iter().map(levels).collect();
        let nearest: Vec<[u8; VALUES]> = levels.iter().map(nearest).collect();
        let indices = weights.iter().zip(nearest.iter().cycle());
        let weights = indices.map(|(weight, nearest)| nearest[value(*weight)]);
        Self {
            weights: weights.collect(),
            levels,
            scales,
        }
    }

    /// The weights with their scales, as modules have them, of shape `[rows, columns]`.
    pub fn tensor(&self, device: &Device) -> Tensor<2> {
        let columns = self.scales.len();
        let of_column = self.levels.iter().zip(&self.scales).cycle();
        let numbers = self.weights.iter().zip(of_column);
        let numbers: Vec<f32> = numbers
            .map(|(weight, (levels, scale))| f32::from(levels[usize::from(*weight)]) * scale)
            .collect();
        let shape = [self.weights.len() / columns, columns];
        Tensor::from_data(TensorData::new(numbers, shape), device)
    }

    /// The columns of all `tables`, which have as many rows: those of the first table come first. Branches of a network
    /// learn a table each, and modules have one for all of them, so that what is known of a word
    /// lies side by side.
    pub fn side_by_side(tables: &[Self]) -> Self {
        let rows = tables
            .first()
            .map_or(0, |table| table.weights.len() / table.scales.len());
        let row = |row: usize| {
            tables.iter().flat_map(move |table| {
                let columns = table.scales.len();
                table.weights[row * columns..][..columns].iter().copied()
            })
        };
        Self {
            weights: (0..rows).flat_map(row).collect(),
            levels: tables
                .iter()
                .flat_map(|table| table.levels.clone())
                .collect(),
            scales: tables
                .iter()
                .flat_map(|table| table.scales.clone())
                .collect(),
        }
    }

    /// The weights as [modules](runtime::layers::FourBits) read them.
    pub fn packed(&self) -> Vec<u8> {
        let rows = self.weights.chunks_exact(self.scales.len());
        let bytes = |row: &[u8]| {
            let pairs = row.chunks(2);
            pairs
                .map(|pair| pair[0] | pair.get(1).map_or(0, |second| second << 4))
                .collect::<Vec<_>>()
        };
        rows.flat_map(bytes).collect()
    }
}

/// How many values a weight of 8 bits has.
const VALUES: usize = 255;

/// The place of a weight among all values.
fn value(weight: i8) -> usize {
    (i16::from(weight) + 127) as usize
}

/// The levels for so many weights of each value, rising: the best partition of the values in order (W. D. Fisher, "On grouping for
/// maximum homogeneity", Journal of the American Statistical Association 53, 1958).
fn levels(counts: &[u64; VALUES]) -> [i8; LEVELS] {
    // Sums of the counts, the values and their squares before each place.
    let mut sums = [[0.0_f64; 3]; VALUES + 1];
    for (place, count) in counts.iter().enumerate() {
        let (x, count) = (place as f64 - 127.0, *count as f64);
        let before = sums[place];
        sums[place + 1] = [
            before[0] + count,
            before[1] + count * x,
            before[2] + count * x * x,
        ];
    }
    // The sum of the squares of the distances from the mean, of the values from one place up to another.
    let spread = |from: usize, to: usize| {
        let [count, sum, square] = [0, 1, 2].map(|i| sums[to][i] - sums[from][i]);
        if count > 0.0 {
            square - sum * sum / count
        } else {
            0.0
        }
    };
    let mut least: Vec<f64> = (0..=VALUES).map(|to| spread(0, to)).collect();
    let mut starts = Vec::new();
    for _ in 1..LEVELS {
        let best = (0..=VALUES).map(|to| {
            let parts = (0..=to).map(|from| (least[from] + spread(from, to), from));
            parts.fold((f64::INFINITY, 0), |best, part| {
                if part.0 < best.0 { part } else { best }
            })
        });
        let (sum, start): (Vec<f64>, Vec<usize>) = best.unzip();
        least = sum;
        starts.push(start);
    }
    let mut levels = [0; LEVELS];
    let mut to = VALUES;
    for index in (0..LEVELS).rev() {
        let from = index.checked_sub(1).map_or(0, |before| starts[before][to]);
        let [count, sum] = [0, 1].map(|i| sums[to][i] - sums[from][i]);
        let end = (to.max(1) as f64 - 128.0).round_ties_even();
        levels[index] = if count > 0.0 {
            (sum / count).round_ties_even() as i8
        } else {
            end as i8
        };
        to = from;
    }
    levels
}

/// The nearest of `levels` for each value, the first of equals.
fn nearest(levels: &[i8; LEVELS]) -> [u8; VALUES] {
    std::array::from_fn(|place| {
        let distance = |level: &i8| value(*level).abs_diff(place);
        let nearest = (0..LEVELS).min_by_key(|index| distance(&levels[*index]));
        nearest.unwrap_or(0) as u8
    })
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
    fn four_bits_keep_few_values_as_they_are_and_are_packed() {
        let weight: Vec<f32> = (0..100)
            .map(|i| [0.0, 0.5, -1.0][i % 3] * (1 + i % 2) as f32)
            .collect();
        let rounded = FourBits::of(&weight, 1);
        assert!(rounded.levels[0].is_sorted());
        for (weight, level) in weight.iter().zip(&rounded.weights) {
            let found = f32::from(rounded.levels[0][usize::from(*level)]) * rounded.scales[0];
            assert!(
                (found - weight).abs() <= rounded.scales[0] / 2.0,
                "{weight} {found}"
            );
        }
        let table = FourBits {
            weights: vec![1, 2, 3, 15, 0, 7],
            levels: vec![[0; LEVELS]; 3],
            scales: vec![1.0; 3],
        };
        assert_eq!(table.packed(), [0x21, 0x03, 0x0f, 0x07]);
        let one = FourBits {
            weights: vec![4, 5],
            levels: vec![[1; LEVELS]],
            scales: vec![2.0],
        };
        let both = FourBits::side_by_side(&[table, one]);
        assert_eq!(both.weights, [1, 2, 3, 4, 15, 0, 7, 5]);
        assert_eq!(both.scales, [1.0, 1.0, 1.0, 2.0]);
    }

    /// Many values, most of them small: no other levels that were tried come closer.
    #[test]
    fn the_levels_are_the_best_ones() {
        let mut counts = [0; VALUES];
        for (place, count) in counts.iter_mut().enumerate() {
            *count = 100_000 / (1 + (place as u64).abs_diff(127).pow(2));
        }
        let off = |levels: &[i8; LEVELS]| -> u64 {
            let nearest = nearest(levels);
            let squares = counts.iter().enumerate().map(|(place, count)| {
                let level = value(levels[usize::from(nearest[place])]) as u64;
                count * level.abs_diff(place as u64).pow(2)
            });
            squares.sum()
        };
        let best = levels(&counts);
        let even = std::array::from_fn(|index| (index as i16 * 17 - 127) as i8);
        assert!(off(&best) < off(&even));
        for index in 0..LEVELS {
            for step in [-1, 1] {
                let mut other = best;
                other[index] += step;
                assert!(off(&best) <= off(&other), "{best:?} {index} {step}");
            }
        }
    }

    #[test]
    fn rows_come_in_pairs() {
        let weight = [1, 2, 3, 4, 5, 6];
        assert_eq!(in_pairs(&weight, 2), [[1, 3], [2, 4], [5, 0], [6, 0]]);
    }
}

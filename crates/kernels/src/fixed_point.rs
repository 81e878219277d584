//! Layers on fixed-point numbers of 16 bits. Products of whole numbers are exact, and so are their sums in any order:
//! every kind of vector registers gives the same bits. One instruction multiplies eight pairs or more, and
//! adds two products each.
//!
//! Activations are multiples of 2⁻¹¹, from −16 up to 16 (the format Q4.11). After batch normalisation and GELU they stay well
//! inside. What is outside becomes the nearest of them.

use core::hint::black_box;

use fearless_simd::prelude::*;
use fearless_simd::{i8x16, i16x16, i32x8};

use super::convolution::{Geometry, KERNEL};
use super::vector::{LANES, ROUND, Vector, blocks, load, load_part, splat, store, store_part};

/// How many steps of fixed-point activations there are to 1.
pub const STEPS: f32 = 2048.0;
/// A step.
const STEP: f32 = 1.0 / STEPS;

/// Numbers that an instruction multiplies at once, two of them for each sum.
const PAIR_LANES: usize = 2 * LANES;

/// The largest sum of the absolute weights of a filter: with it, no sum of products exceeds 32 bits.
pub const MOST_WEIGHT: u32 = 65_535;

/// How many pairs the `numbers` are put into.
#[must_use]
pub const fn pairs(numbers: usize) -> usize {
    numbers.div_ceil(2)
}

/// Rounds `input` to fixed-point numbers, two of which fill one of the `pairs`: the first its lower bits. A pair that
/// lacks a number gets a zero.
#[inline(always)]
pub fn to_fixed_point<S: Simd>(simd: S, input: &[f32], output: &mut [i32]) {
    for (numbers, pairs) in input.chunks(PAIR_LANES).zip(output.chunks_mut(LANES)) {
        let (low, high) = numbers.split_at(numbers.len().min(LANES));
        let low = rounded(simd, load_part(simd, low));
        let high = rounded(simd, load_part(simd, high));
        let both: i32x8<S> = low.saturating_narrow(high).bitcast();
        match pairs.first_chunk_mut::<LANES>() {
            Some(pairs) => *pairs = both.into(),
            None => pairs.copy_from_slice(<[i32; LANES]>::from(both).split_at(pairs.len()).0),
        }
    }
}

/// `x` in steps. What is outside of the range stays outside.
#[inline(always)]
fn rounded<S: Simd>(simd: S, x: Vector<S>) -> i32x8<S> {
    /// What is lower is rounded as this; the trick below needs it.
    const LOWEST: f32 = -16.0;
    let lowest = splat(simd, LOWEST);
    // In this order, what is not a number becomes the lowest, on every host.
    let x = x.simd_gt(lowest).select(x, lowest) * STEPS + ROUND;
    // Of larger floats, the bits are larger as well.
    x.bitcast::<i32x8<S>>() - i32x8::splat(simd, ROUND.to_bits().cast_signed())
}

/// Whether [`convolve`] can compute the outputs of these shapes: of an even number of channels, a multiple of eight filters, and six
/// pixels in a row or more.
#[must_use]
pub const fn is_fit(geometry: Geometry) -> bool {
    let Geometry {
        channels, filters, ..
    } = geometry;
    channels.is_multiple_of(2)
        && filters.is_multiple_of(LANES)
        && geometry.output_width() >= MOST_PIXELS
}

/// Pixels of a row that are computed at once, at most.
const MOST_PIXELS: usize = 6;
/// Filters whose weights lie together: two blocks of eight.
pub const GROUP: usize = 2 * LANES;

/// The kernel of a convolution as [`convolve`] reads it. `weight` has the shape `[KERNEL, KERNEL, channels, filters]`, and
/// the `geometry` [is fit](is_fit). The result has, for each sixteen filters, the shape
/// `[KERNEL, KERNEL · channels / 2, filters, 2]`: columns and channels in pairs.
pub fn grouped<T: Copy>(geometry: Geometry, weight: &[T]) -> impl Iterator<Item = T> {
    let filters = geometry.filters;
    let taps = geometry.taps();
    let groups = (0..filters).step_by(GROUP);
    groups.flat_map(move |first| {
        let group = first..filters.min(first + GROUP);
        (0..taps).step_by(2).flat_map(move |tap| {
            let pair = move |filter: usize| [tap, tap + 1].map(|tap| tap * filters + filter);
            group
                .clone()
                .flat_map(pair)
                .filter_map(|index| weight.get(index).copied())
        })
    })
}

/// `output[y, x, f] = scale[f] · Σ input[y + i, x + j, c] · weight[i, j, c, f] + bias[f]`, with an image of fixed-point numbers and
/// whole numbers for weights.
///
/// The `geometry` [is fit](is_fit), `input` is an image as [`to_fixed_point`] gives it, and `weight` comes from [`grouped`].
#[inline(always)]
pub fn convolve<S: Simd>(
    simd: S,
    geometry: Geometry,
    input: &[i32],
    weight: &[i16],
    [scale, bias]: [&[f32]; 2],
    output: &mut [f32],
) {
    let Geometry {
        width,
        channels,
        filters,
        ..
    } = geometry;
    let stride = pairs(width * channels);
    let output_length = geometry.output_width() * filters;
    for (y, output) in output.chunks_exact_mut(output_length).enumerate() {
        let mut row = Row {
            input: input.get(y * stride..).unwrap_or_default(),
            stride,
            pixel: pairs(channels),
            filters,
            scale,
            bias,
            output,
        };
        let groups = weight.chunks(geometry.taps() * GROUP);
        for (first, weight) in (0..filters).step_by(GROUP).zip(groups) {
            // As many sums at once as there are registers for.
            match (filters - first < GROUP, S::f32s::LEN >= LANES) {
                (true, true) => row.blocks::<S, 1, MOST_PIXELS>(simd, weight, first),
                (true, false) => row.blocks::<S, 1, 4>(simd, weight, first),
                (false, true) => row.blocks::<S, 2, 5>(simd, weight, first),
                (false, false) => row.blocks::<S, 2, 2>(simd, weight, first),
            }
        }
    }
}

/// One row of the output, and what it depends on.
struct Row<'a> {
    input: &'a [i32],
    /// Pairs of a row of the input.
    stride: usize,
    /// Pairs of a pixel.
    pixel: usize,
    filters: usize,
    scale: &'a [f32],
    bias: &'a [f32],
    output: &'a mut [f32],
}

impl Row<'_> {
    /// Computes the filters `first .. first + BLOCKS · LANES`, whose weights these are, `PIXELS` pixels at a time.
    #[inline(always)]
    fn blocks<S: Simd, const BLOCKS: usize, const PIXELS: usize>(
        &mut self,
        simd: S,
        weight: &[i16],
        first: usize,
    ) {
        let weight = weight.as_chunks::<PAIR_LANES>().0.as_chunks::<BLOCKS>().0;
        let width = self.output.len() / self.filters;
        for x in (0..width).step_by(PIXELS) {
            // At the end some are computed twice, which is quicker than one by one.
            let x = x.min(width - PIXELS);
            self.pixels::<S, BLOCKS, PIXELS>(simd, weight, first, x);
        }
    }

    #[inline(always)]
    fn pixels<S: Simd, const BLOCKS: usize, const PIXELS: usize>(
        &mut self,
        simd: S,
        weight: &[[[i16; PAIR_LANES]; BLOCKS]],
        first: usize,
        x: usize,
    ) {
        let taps = KERNEL * self.pixel;
        let mut sums = [[i32x8::splat(simd, 0); BLOCKS]; PIXELS];
        // As long as there are weights: the compiler would write a loop of three steps out.
        let (mut rows, mut rest) = (self.input, weight);
        while let Some((weights, others)) = rest.split_at_checked(taps) {
            let Some((row, below)) = rows.split_at_checked(self.stride) else {
                return;
            };
            (rows, rest) = (below, others);
            // Kernel columns and channels lie together in a row of the image: one run of pairs.
            let mut runs: [&[i32]; PIXELS] = [&[]; PIXELS];
            for (p, slot) in runs.iter_mut().enumerate() {
                let start = (x + p) * self.pixel;
                // Runs that are known to be of one length need no check at each step.
                let Some(run) = row.get(start..start + taps) else {
                    return;
                };
                *slot = &run[..taps];
            }
            for (tap, weights) in (0..taps).zip(weights) {
                for (sums, run) in sums.iter_mut().zip(&runs) {
                    let input: i16x16<S> = i32x8::splat(simd, run[tap]).bitcast();
                    for (sum, weights) in sums.iter_mut().zip(weights) {
                        let weights: i16x16<S> = (*weights).simd_into(simd);
                        *sum += input.pairwise_dot_product(weights);
                    }
                }
            }
        }
        let floats = |numbers| blocks::<BLOCKS>(numbers, first);
        let (Some(scale), Some(bias)) = (floats(self.scale), floats(self.bias)) else {
            return;
        };
        let mut columns = [[splat(simd, 0.0); 2]; BLOCKS];
        for (column, (scale, bias)) in columns.iter_mut().zip(scale.iter().zip(bias)) {
            *column = [load(simd, scale) * STEP, load(simd, bias)];
        }
        for (p, sums) in sums.iter().enumerate() {
            let output = self.output.get_mut((x + p) * self.filters + first..);
            let (blocks, _) = output.unwrap_or_default().as_chunks_mut::<LANES>();
            for ((block, sum), [scale, bias]) in blocks.iter_mut().zip(sums).zip(columns) {
                let sum: Vector<S> = sum.to_float();
                store(sum * scale + bias, block);
            }
        }
    }
}

/// Outputs of a linear layer that are summed up together: there have to be a multiple of so many.
pub const BLOCK: usize = 32;
/// Pairs whose products with weights of 8 bits are summed up as whole numbers: no more can exceed 32 bits.
const MOST_PAIRS: usize = 256;

/// `output = (input · weight) · scale + bias`, with the `input` rounded to fixed-point numbers; `weight` has the shape
/// `[pairs, outputs, 2]`, with a multiple of [`BLOCK`] outputs.
#[inline(always)]
pub fn linear<S: Simd>(
    simd: S,
    input: &[f32],
    weight: &[[i8; 2]],
    [scale, bias]: [&[f32]; 2],
    output: &mut [f32],
) {
    output.fill(0.0);
    let columns = scale.len();
    let rows = weight.chunks(columns * MOST_PAIRS);
    let mut pairs = [0; MOST_PAIRS];
    for (input, rows) in input.chunks(2 * MOST_PAIRS).zip(rows) {
        to_fixed_point(simd, input, &mut pairs);
        let blocks = output.as_chunks_mut::<BLOCK>().0;
        for (block, start) in blocks.iter_mut().zip((0..).step_by(BLOCK)) {
            add_block(simd, &pairs, rows, columns, start, block);
        }
    }
    for (y, (scale, bias)) in output.iter_mut().zip(scale.iter().zip(bias)) {
        *y = *y * (scale * STEP) + bias;
    }
}

/// Adds to `block`, the outputs from `start` on, the products of up to [`MOST_PAIRS`] pairs.
#[inline(always)]
fn add_block<S: Simd>(
    simd: S,
    input: &[i32],
    rows: &[[i8; 2]],
    columns: usize,
    start: usize,
    block: &mut [f32; BLOCK],
) {
    let mut sums = [i32x8::splat(simd, 0); BLOCK / LANES];
    for (pair, row) in input.iter().zip(rows.chunks_exact(columns)) {
        let row = row.get(start..).and_then(<[[i8; 2]]>::first_chunk::<BLOCK>);
        let Some(row) = row else { return };
        let input: i16x16<S> = i32x8::splat(simd, *pair).bitcast();
        let weights = row.as_flattened().as_chunks::<PAIR_LANES>().0;
        for (sum, weights) in sums.iter_mut().zip(weights) {
            let weights: i8x16<S> = (*weights).simd_into(simd);
            let (low, high) = weights.widen();
            *sum += input.pairwise_dot_product(low.combine(high));
        }
    }
    for (numbers, sum) in block.as_chunks_mut::<LANES>().0.iter_mut().zip(sums) {
        let sum: Vector<S> = sum.to_float();
        store(load(simd, numbers) + sum, numbers);
    }
}

/// From here on, [`gelu`] takes the normal distribution for 0 or 1.
pub const END: f32 = 4.25;
/// P of [`gelu`], fitted so that x · Φ(x) is off as little as can be, and `END · P(END²) = ½`; highest power first.
pub const COEFFICIENTS: [f32; 8] = [
    -8.460_362e-10,
    7.570_801e-8,
    -2.938_793_2e-6,
    6.552_695e-5,
    -9.404_465e-4,
    9.257_819e-3,
    -6.545_349e-2,
    0.398_420_04,
];

/// GELU for fixed-point numbers, off by less than 1e-4, a fifth of a step: `x/2 + |x| · u · P(u²)` with `u = min(|x|, 4.25)`.
/// `output` is as long as `input`.
#[inline(always)]
pub fn gelu<S: Simd>(simd: S, input: &[f32], output: &mut [f32]) {
    // As many at once as keep the processor busy, and registers do for.
    match S::f32s::LEN >= LANES {
        true => gelu_blocks::<S, 4>(simd, input, output),
        false => gelu_blocks::<S, 2>(simd, input, output),
    }
}

#[inline(always)]
fn gelu_blocks<S: Simd, const N: usize>(simd: S, input: &[f32], output: &mut [f32]) {
    let coefficients: &[f32] = black_box(&COEFFICIENTS);
    let zero = splat(simd, 0.0);
    let inputs = input.chunks(N * LANES);
    for (input, output) in inputs.zip(output.chunks_mut(N * LANES)) {
        let (mut x, mut end) = ([zero; N], [zero; N]);
        for ((x, end), numbers) in x.iter_mut().zip(&mut end).zip(input.chunks(LANES)) {
            *x = load_part(simd, numbers);
            // Floats that are not negative are in the order of their bits.
            let bits: i32x8<S> = x.abs().bitcast();
            *end = bits
                .min(i32x8::splat(simd, END.to_bits().cast_signed()))
                .bitcast();
        }
        let mut polynomial = [zero; N];
        for c in coefficients {
            let c = splat(simd, *c);
            for (polynomial, end) in polynomial.iter_mut().zip(&end) {
                *polynomial = *polynomial * (*end * *end) + c;
            }
        }
        let numbers = x.into_iter().zip(end).zip(polynomial);
        for (((x, end), polynomial), y) in numbers.zip(output.chunks_mut(LANES)) {
            store_part(x * 0.5 + x.abs() * (end * polynomial), y);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fearless_simd::{Level, dispatch};

    #[test]
    fn gelu_is_right_to_a_fifth_of_a_step() {
        let points = (-160_000..=160_000).map(|i| i as f32 * 1e-4);
        for x in points {
            let mut found = [f32::NAN];
            dispatch!(Level::new(), simd => gelu(simd, &[x], &mut found));
            let exact = f64::from(x);
            let distribution = 0.5 * libm::erfc(-exact / core::f64::consts::SQRT_2);
            let off = (f64::from(found[0]) - exact * distribution).abs();
            assert!(off < 1e-4, "gelu({x}) is off by {off:e}");
        }
    }
}

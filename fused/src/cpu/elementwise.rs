//! What happens to each number of a channels-last image by itself, with factors that belong to its
//! filter.

use inference::kernels::{Gelu, LANES, gelu, multiply_add};
use multiversion::multiversion;
use multiversion::target::match_target;

/// Compiles `$generic::<FMA, BLOCK>` for each CPU, for filters that fill vectors and for others.
macro_rules! dispatch {
    ($generic:ident, $filters:expr, $($argument:expr),*) => {{
        let whole = $filters % LANES == 0;
        match_target! {
            "x86_64+avx2+fma" => match whole {
                true => $generic::<true, LANES>($($argument),*),
                false => $generic::<true, 1>($($argument),*),
            },
            "aarch64+neon" => match whole {
                true => $generic::<true, LANES>($($argument),*),
                false => $generic::<true, 1>($($argument),*),
            },
            _ => match whole {
                true => $generic::<false, LANES>($($argument),*),
                false => $generic::<false, 1>($($argument),*),
            },
        }
    }};
}

/// `numbers = gelu(numbers)`.
#[multiversion(targets("x86_64+avx2+fma", "aarch64+neon"))]
pub fn activate(numbers: &mut [f32]) {
    dispatch!(activate_all, 1, numbers);
}

#[inline(always)]
fn activate_all<const FMA: bool, const BLOCK: usize>(numbers: &mut [f32]) {
    for number in numbers {
        *number = gelu::<FMA>(*number);
    }
}

/// `output = gelu(input · factor + shift)`.
#[multiversion(targets("x86_64+avx2+fma", "aarch64+neon"))]
pub fn normalise_and_activate(input: &[f32], factor: &[f32], shift: &[f32], output: &mut [f32]) {
    dispatch!(normalise_blocks, factor.len(), input, factor, shift, output);
}

#[inline(always)]
fn normalise_blocks<const FMA: bool, const BLOCK: usize>(
    input: &[f32],
    factor: &[f32],
    shift: &[f32],
    output: &mut [f32],
) {
    let (factor, shift) = (factor.as_chunks::<BLOCK>().0, shift.as_chunks::<BLOCK>().0);
    let input = input.as_chunks::<BLOCK>().0.chunks_exact(factor.len());
    let output = output.as_chunks_mut::<BLOCK>().0.chunks_exact_mut(factor.len());
    for (input, output) in input.zip(output) {
        for (((x, y), factor), shift) in input.iter().zip(output).zip(factor).zip(shift) {
            for lane in 0..BLOCK {
                y[lane] = gelu::<FMA>(multiply_add::<FMA>(x[lane], factor[lane], shift[lane]));
            }
        }
    }
}

/// Adds the sum of each filter of `row`, and that of its squares, to `sums`. Within a row the sum
/// is one of floats, beyond it one of doubles.
#[multiversion(targets("x86_64+avx2+fma", "aarch64+neon"))]
pub fn add_moments(row: &[f32], sums: &mut [Vec<f64>; 2]) {
    dispatch!(add_moments_of_blocks, sums[0].len(), row, sums);
}

#[inline(always)]
fn add_moments_of_blocks<const FMA: bool, const BLOCK: usize>(
    row: &[f32],
    [sums, squares]: &mut [Vec<f64>; 2],
) {
    let blocks = sums.len() / BLOCK;
    let row = row.as_chunks::<BLOCK>().0;
    for block in 0..blocks {
        let (mut sum, mut square) = ([0.0; BLOCK], [0.0; BLOCK]);
        for pixel in row.iter().skip(block).step_by(blocks) {
            for lane in 0..BLOCK {
                sum[lane] += pixel[lane];
                square[lane] = multiply_add::<FMA>(pixel[lane], pixel[lane], square[lane]);
            }
        }
        add(&sum, &mut sums[block * BLOCK..]);
        add(&square, &mut squares[block * BLOCK..]);
    }
}

#[inline(always)]
fn add(values: &[f32], sums: &mut [f64]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += f64::from(*value);
    }
}

/// Turns the gradient of `gelu(input · factor + shift)` into that of the sum in the brackets, and
/// adds the latter for each filter, and its products with `input`, to `sums`.
#[multiversion(targets("x86_64+avx2+fma", "aarch64+neon"))]
pub fn through_gelu(
    input: &[f32],
    factor: &[f32],
    shift: &[f32],
    gradient: &mut [f32],
    sums: &mut [Vec<f64>; 2],
) {
    dispatch!(through_gelu_blocks, factor.len(), input, [factor, shift], gradient, sums);
}

#[inline(always)]
fn through_gelu_blocks<const FMA: bool, const BLOCK: usize>(
    input: &[f32],
    [factor, shift]: [&[f32]; 2],
    gradient: &mut [f32],
    [sums, products]: &mut [Vec<f64>; 2],
) {
    let (factor, shift) = (factor.as_chunks::<BLOCK>().0, shift.as_chunks::<BLOCK>().0);
    let blocks = factor.len();
    let input = input.as_chunks::<BLOCK>().0;
    let gradient = gradient.as_chunks_mut::<BLOCK>().0;
    for block in 0..blocks {
        let (factor, shift) = (factor[block], shift[block]);
        let (mut sum, mut product) = ([0.0; BLOCK], [0.0; BLOCK]);
        let inputs = input.iter().skip(block).step_by(blocks);
        let gradients = gradient.iter_mut().skip(block).step_by(blocks);
        for (x, y) in inputs.zip(gradients) {
            for lane in 0..BLOCK {
                let u = multiply_add::<FMA>(x[lane], factor[lane], shift[lane]);
                let slope = y[lane] * Gelu::at::<FMA>(u).slope;
                y[lane] = slope;
                sum[lane] += slope;
                product[lane] = multiply_add::<FMA>(slope, x[lane], product[lane]);
            }
        }
        add(&sum, &mut sums[block * BLOCK..]);
        add(&product, &mut products[block * BLOCK..]);
    }
}

/// `output = gradient · factor + input · slant + offset`.
#[multiversion(targets("x86_64+avx2+fma", "aarch64+neon"))]
pub fn through_normalisation(
    input: &[f32],
    gradient: &[f32],
    coefficients: [&[f32]; 3],
    output: &mut [f32],
) {
    dispatch!(
        through_normalisation_blocks,
        coefficients[0].len(),
        input,
        gradient,
        coefficients,
        output
    );
}

#[inline(always)]
fn through_normalisation_blocks<const FMA: bool, const BLOCK: usize>(
    input: &[f32],
    gradient: &[f32],
    coefficients: [&[f32]; 3],
    output: &mut [f32],
) {
    let [factor, slant, offset] = coefficients.map(|c| c.as_chunks::<BLOCK>().0);
    let blocks = factor.len();
    let input = input.as_chunks::<BLOCK>().0.chunks_exact(blocks);
    let gradient = gradient.as_chunks::<BLOCK>().0.chunks_exact(blocks);
    let output = output.as_chunks_mut::<BLOCK>().0.chunks_exact_mut(blocks);
    for ((x, g), y) in input.zip(gradient).zip(output) {
        for block in 0..blocks {
            for lane in 0..BLOCK {
                let sum = multiply_add::<FMA>(x[block][lane], slant[block][lane], offset[block][lane]);
                y[block][lane] = multiply_add::<FMA>(g[block][lane], factor[block][lane], sum);
            }
        }
    }
}

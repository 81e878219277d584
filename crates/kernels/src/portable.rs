//! The loops of the runtime: compiled here, for speed, for every kind of vector registers that the processor may
//! have. The same numbers come out on every host: no fused multiply-add, and sums in a fixed order.

use fearless_simd::{Level, dispatch};

use crate::fixed_point;
use crate::{Geometry, LANES, Pool, load_part, store_part};

/// `output = input · weight + bias`; `weight` has the shape `[inputs, outputs]`, row-major.
#[inline(never)]
pub fn linear(input: &[f32], weight: &[f32], bias: &[f32], output: &mut [f32]) {
    /// Outputs that are summed up together: four vector registers of 128 bits.
    const BLOCK: usize = 16;
    // Not zero: the compiler then leaves out what tells of it.
    let outputs = bias.len().max(1);
    let (biases, _) = bias.as_chunks::<BLOCK>();
    let (blocks, rest) = output.as_chunks_mut::<BLOCK>();
    let mut start = 0;
    for (block, bias) in blocks.iter_mut().zip(biases) {
        // A sum that stays in registers while the inputs pass by.
        let mut sum = *bias;
        for (x, row) in input.iter().zip(weight.chunks_exact(outputs)) {
            if let Some(weights) = row.get(start..).and_then(<[f32]>::first_chunk::<BLOCK>) {
                for (sum, weight) in sum.iter_mut().zip(weights) {
                    *sum += x * weight;
                }
            }
        }
        *block = sum;
        start += BLOCK;
    }
    for (column, y) in rest.iter_mut().enumerate() {
        let column = start + column;
        let weights = weight.iter().skip(column).step_by(outputs);
        let products = input.iter().zip(weights).map(|(x, weight)| x * weight);
        *y = bias.get(column).copied().unwrap_or_default() + products.sum::<f32>();
    }
}

/// `output[i, j] = weight[i, j] · scale[j]`; `weight` has the shape `[rows, columns]`, row-major, and `output` the same.
#[inline(never)]
pub fn scale_columns(weight: &[i8], scale: &[f32], output: &mut [f32]) {
    let columns = scale.len().max(1);
    let rows = weight.chunks(columns).zip(output.chunks_mut(columns));
    for (weight, output) in rows {
        for ((weight, scale), y) in weight.iter().zip(scale).zip(output) {
            *y = f32::from(*weight) * scale;
        }
    }
}

/// [`convolve`](crate::convolve) without fused multiply-add.
#[inline(never)]
pub fn convolve(
    geometry: Geometry,
    input: &[f32],
    weight: &[f32],
    bias: &[f32],
    output: &mut [f32],
) {
    dispatch!(Level::new(), simd => {
        crate::convolve::<_, false>(simd, geometry, input, weight, bias, output);
    });
}

/// [`max_pool`](crate::max_pool).
#[inline(never)]
pub fn max_pool(pool: Pool, input: &[f32], output: &mut [f32]) {
    crate::max_pool(pool, input, output);
}

/// The mean of each channel over all pixels of an image, channels last; `output` has a number for each channel.
#[inline(never)]
pub fn mean_of_pixels(input: &[f32], output: &mut [f32]) {
    output.fill(0.0);
    let channels = output.len().max(1);
    for pixel in input.chunks_exact(channels) {
        for (sum, number) in output.iter_mut().zip(pixel) {
            *sum += number;
        }
    }
    let count = (input.len() / channels) as f32;
    for sum in output {
        *sum /= count;
    }
}

/// [`cosine`](crate::cosine) of each number, without fused multiply-add.
#[inline(never)]
pub fn cosine(input: &[f32], output: &mut [f32]) {
    dispatch!(Level::new(), simd => {
        for (x, y) in input.chunks(LANES).zip(output.chunks_mut(LANES)) {
            store_part(crate::cosine::<_, false>(simd, load_part(simd, x)), y);
        }
    });
}

/// `max(x, 0)`, element by element.
#[inline(never)]
pub fn relu(input: &[f32], output: &mut [f32]) {
    for (x, y) in input.iter().zip(output) {
        *y = if *x > 0.0 { *x } else { 0.0 };
    }
}

/// [`gelu`](crate::gelu) of each number, without fused multiply-add.
#[inline(never)]
pub fn gelu(input: &[f32], output: &mut [f32]) {
    dispatch!(Level::new(), simd => crate::gelu_of_each(simd, input, output));
}

/// The largest outputs of filters over the windows of one, two and three words that end with the present
/// word. Each of the `words` is what a word adds at the six kernel positions, shape `[6, filters]`: the
/// present one, the one before it and the one before that. `output` has the shape `[3, filters]`.
#[inline(never)]
pub fn max_over_windows([last, middle, first]: [&[f32]; 3], output: &mut [f32]) {
    let filters = output.len() / 3;
    let (one, rest) = output.split_at_mut(filters);
    let (two, three) = rest.split_at_mut(filters);
    // What no comparison knows is left out, and the compiler does this for a vector at a time.
    let keep = |largest: &mut f32, sum: f32| {
        *largest = if sum > *largest { sum } else { *largest };
    };
    for (largest, a) in one.iter_mut().zip(part(last, 0, filters)) {
        keep(largest, *a);
    }
    let parts = part(last, 1, filters).iter().zip(part(middle, 2, filters));
    for (largest, (a, b)) in two.iter_mut().zip(parts) {
        keep(largest, a + b);
    }
    let parts = part(last, 3, filters)
        .iter()
        .zip(part(middle, 4, filters))
        .zip(part(first, 5, filters));
    for (largest, ((a, b), c)) in three.iter_mut().zip(parts) {
        keep(largest, a + b + c);
    }
}

/// What a word adds at a position and the ones behind it.
fn part(word: &[f32], position: usize, filters: usize) -> &[f32] {
    word.get(position * filters..).unwrap_or_default()
}

/// [`to_fixed_point`](fixed_point::to_fixed_point).
#[inline(never)]
pub fn to_fixed_point(input: &[f32], output: &mut [i32]) {
    dispatch!(Level::new(), simd => fixed_point::to_fixed_point(simd, input, output));
}

/// A convolution of fixed-point numbers: see [`convolve`](fixed_point::convolve).
#[inline(never)]
pub fn fixed_point_convolve(
    geometry: Geometry,
    input: &[i32],
    weight: &[i16],
    columns: [&[f32]; 2],
    output: &mut [f32],
) {
    dispatch!(Level::new(), simd => {
        fixed_point::convolve(simd, geometry, input, weight, columns, output);
    });
}

/// A linear layer of fixed-point numbers: see [`linear`](fixed_point::linear).
#[inline(never)]
pub fn fixed_point_linear(
    input: &[f32],
    weight: &[[i8; 2]],
    columns: [&[f32]; 2],
    output: &mut [f32],
) {
    dispatch!(Level::new(), simd => {
        fixed_point::linear(simd, input, weight, columns, output);
    });
}

/// [`gelu`](fixed_point::gelu) of each number.
#[inline(never)]
pub fn fixed_point_gelu(input: &[f32], output: &mut [f32]) {
    dispatch!(Level::new(), simd => fixed_point::gelu(simd, input, output));
}

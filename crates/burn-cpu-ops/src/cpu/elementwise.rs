//! What happens to each number of a channels-last image by itself, with factors that belong to its
//! filter.

use fearless_simd::{Level, Simd, dispatch};
use kernels::{Gelu, LANES, Vector, gelu, load, load_part, multiply_add, splat, store, store_part};

/// `numbers = gelu(numbers)`.
pub fn activate(numbers: &mut [f32]) {
    dispatch!(Level::new(), simd => {
        let (vectors, rest) = numbers.as_chunks_mut::<LANES>();
        for vector in vectors {
            store(gelu::<_, true>(simd, load(simd, vector)), vector);
        }
        let last = gelu::<_, true>(simd, load_part(simd, rest));
        store_part(last, rest);
    });
}

/// `output = gelu(input · factor + shift)`.
pub fn normalise_and_activate(input: &[f32], factor: &[f32], shift: &[f32], output: &mut [f32]) {
    dispatch!(Level::new(), simd => {
        for block in blocks(factor.len()) {
            let (factor, shift) = (block.of(simd, factor), block.of(simd, shift));
            let inputs = input.chunks_exact(block.filters);
            for (input, output) in inputs.zip(output.chunks_exact_mut(block.filters)) {
                let x = multiply_add::<_, true>(block.of(simd, input), factor, shift);
                block.set(gelu::<_, true>(simd, x), output);
            }
        }
    });
}

/// Adds the sum of each filter of `row`, and that of its squares, to `sums`. Within a row the sum
/// is one of floats, beyond it one of doubles.
pub fn add_moments(row: &[f32], sums: &mut [Vec<f64>; 2]) {
    dispatch!(Level::new(), simd => {
        for block in blocks(sums[0].len()) {
            let (mut sum, mut square) = (splat(simd, 0.0), splat(simd, 0.0));
            for pixel in row.chunks_exact(block.filters) {
                let x = block.of(simd, pixel);
                sum += x;
                square = multiply_add::<_, true>(x, x, square);
            }
            block.add(sum, &mut sums[0]);
            block.add(square, &mut sums[1]);
        }
    });
}

/// Turns the gradient of `gelu(input · factor + shift)` into that of the sum in the brackets, and
/// adds the latter for each filter, and its products with `input`, to `sums`.
pub fn through_gelu(
    input: &[f32],
    factor: &[f32],
    shift: &[f32],
    gradient: &mut [f32],
    sums: &mut [Vec<f64>; 2],
) {
    dispatch!(Level::new(), simd => {
        for block in blocks(factor.len()) {
            let (factor, shift) = (block.of(simd, factor), block.of(simd, shift));
            let (mut sum, mut product) = (splat(simd, 0.0), splat(simd, 0.0));
            let inputs = input.chunks_exact(block.filters);
            for (input, gradient) in inputs.zip(gradient.chunks_exact_mut(block.filters)) {
                let x = block.of(simd, input);
                let u = multiply_add::<_, true>(x, factor, shift);
                let slope = block.of(simd, gradient) * Gelu::at::<true>(simd, u).slope;
                block.set(slope, gradient);
                sum += slope;
                product = multiply_add::<_, true>(slope, x, product);
            }
            block.add(sum, &mut sums[0]);
            block.add(product, &mut sums[1]);
        }
    });
}

/// `output = gradient · factor + input · slant + offset`.
pub fn through_normalisation(
    input: &[f32],
    gradient: &[f32],
    [factor, slant, offset]: [&[f32]; 3],
    output: &mut [f32],
) {
    dispatch!(Level::new(), simd => {
        for block in blocks(factor.len()) {
            let factor = block.of(simd, factor);
            let (slant, offset) = (block.of(simd, slant), block.of(simd, offset));
            let pixels = input.chunks_exact(block.filters);
            let pixels = pixels.zip(gradient.chunks_exact(block.filters));
            for ((x, g), y) in pixels.zip(output.chunks_exact_mut(block.filters)) {
                let sum = multiply_add::<_, true>(block.of(simd, x), slant, offset);
                block.set(multiply_add::<_, true>(block.of(simd, g), factor, sum), y);
            }
        }
    });
}

/// The filters of a pixel that one vector holds; the last may be fewer.
#[derive(Clone, Copy)]
struct Block {
    filters: usize,
    first: usize,
}

/// All blocks of a pixel.
#[inline(always)]
fn blocks(filters: usize) -> impl Iterator<Item = Block> {
    (0..filters)
        .step_by(LANES)
        .map(move |first| Block { filters, first })
}

impl Block {
    /// Its numbers in a pixel.
    #[inline(always)]
    fn of<S: Simd>(self, simd: S, pixel: &[f32]) -> Vector<S> {
        let numbers = &pixel[self.first..];
        match numbers.first_chunk::<LANES>() {
            Some(numbers) => load(simd, numbers),
            None => load_part(simd, numbers),
        }
    }

    #[inline(always)]
    fn set<S: Simd>(self, vector: Vector<S>, pixel: &mut [f32]) {
        let numbers = &mut pixel[self.first..];
        match numbers.first_chunk_mut::<LANES>() {
            Some(numbers) => store(vector, numbers),
            None => store_part(vector, numbers),
        }
    }

    /// Adds its numbers to those of all filters.
    #[inline(always)]
    fn add<S: Simd>(self, vector: Vector<S>, sums: &mut [f64]) {
        let numbers: [f32; LANES] = vector.into();
        for (sum, number) in sums[self.first..].iter_mut().zip(numbers) {
            *sum += f64::from(number);
        }
    }
}

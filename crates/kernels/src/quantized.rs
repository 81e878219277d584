//! A linear layer with weights of 8 bits.

use fearless_simd::prelude::*;
use fearless_simd::{f32x4, u8x16, u16x8};

use super::vector::LANES;

/// Outputs that are summed up together: eight vector registers of 128 bits.
const BLOCK: usize = 32;
/// Weights in a vector of 128 bits.
const BYTES: usize = 16;

/// `output = (input · weight) · scale + bias`; `weight` has the shape `[inputs, outputs]`, row-major. Outputs are
/// computed in blocks of 32; what is left over of them goes one by one.
#[inline(always)]
pub fn quantized_linear<S: Simd>(
    simd: S,
    input: &[f32],
    weight: &[i8],
    [scale, bias]: [&[f32]; 2],
    output: &mut [f32],
) {
    let columns = scale.len();
    let (blocks, rest) = output.as_chunks_mut::<BLOCK>();
    let whole = blocks.len() * BLOCK;
    for (block, start) in blocks.iter_mut().zip((0..).step_by(BLOCK)) {
        // Wide registers are filled by an instruction from eight bytes in memory.
        *block = match S::f32s::LEN >= LANES {
            true => sums(input, weight, columns, start),
            false => sums_of_bytes(simd, input, weight, columns, start),
        };
    }
    for (y, column) in rest.iter_mut().zip(whole..) {
        [*y] = sums(input, weight, columns, column);
    }
    for (y, (scale, bias)) in output.iter_mut().zip(scale.iter().zip(bias)) {
        *y = *y * scale + bias;
    }
}

/// The sums of `N` of the `columns` outputs from `start` on.
#[inline(always)]
fn sums<const N: usize>(input: &[f32], weight: &[i8], columns: usize, start: usize) -> [f32; N] {
    let mut sum = [0.0; N];
    for (x, row) in input.iter().zip(weight.chunks_exact(columns)) {
        if let Some(weights) = row.get(start..).and_then(<[i8]>::first_chunk::<N>) {
            for (sum, weight) in sum.iter_mut().zip(weights) {
                *sum += x * f32::from(*weight);
            }
        }
    }
    sum
}

/// The same with [`floats`].
#[inline(always)]
fn sums_of_bytes<S: Simd>(
    simd: S,
    input: &[f32],
    weight: &[i8],
    columns: usize,
    start: usize,
) -> [f32; BLOCK] {
    let mut sums = [f32x4::splat(simd, 0.0); BLOCK / 4];
    for (x, row) in input.iter().zip(weight.chunks_exact(columns)) {
        let bytes = row.get(start..).unwrap_or_default().as_chunks::<BYTES>().0;
        if let Some([low, high]) = bytes.first_chunk() {
            let x = f32x4::splat(simd, *x);
            let weights = floats(simd, low).into_iter().chain(floats(simd, high));
            for (sum, weights) in sums.iter_mut().zip(weights) {
                *sum = x * weights + *sum;
            }
        }
    }
    let mut numbers = [0.0; BLOCK];
    for (numbers, sum) in numbers.as_chunks_mut::<4>().0.iter_mut().zip(sums) {
        *numbers = sum.into();
    }
    numbers
}

/// Whole numbers as floats. A byte that is put at the end of the float 2²³ adds to it; that takes one instruction
/// a float less on the port of the processor that would be busiest.
#[inline(always)]
fn floats<S: Simd>(simd: S, numbers: &[i8; BYTES]) -> [f32x4<S>; 4] {
    /// The upper half of the bits of 2²³.
    const UPPER: u16 = 0x4b00;
    /// 2²³ + 128.
    const OFFSET: f32 = 8_388_736.0;
    let bytes: u8x16<S> = numbers.map(i8::cast_unsigned).simd_into(simd);
    // Plus 128.
    let bytes = bytes ^ 0x80;
    let (zero, upper) = (u8x16::splat(simd, 0), u16x8::splat(simd, UPPER));
    let [low, high]: [u16x8<S>; 2] = [
        bytes.zip_low(zero).bitcast(),
        bytes.zip_high(zero).bitcast(),
    ];
    [
        low.zip_low(upper),
        low.zip_high(upper),
        high.zip_low(upper),
        high.zip_high(upper),
    ]
    .map(
        #[inline(always)]
        |bits| bits.bitcast::<f32x4<S>>() - OFFSET,
    )
}

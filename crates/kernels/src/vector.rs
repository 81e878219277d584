//! Vectors of eight floats, and how they come from memory and go there.

pub use fearless_simd::Simd;
use fearless_simd::{SimdInto, f32x8};

/// Floats in a vector.
pub const LANES: usize = 8;

/// Eight floats.
pub type Vector<S> = f32x8<S>;

/// `number`, eight times.
#[inline(always)]
pub fn splat<S: Simd>(simd: S, number: f32) -> Vector<S> {
    number.simd_into(simd)
}

/// Eight floats from memory.
#[inline(always)]
pub fn load<S: Simd>(simd: S, numbers: &[f32; LANES]) -> Vector<S> {
    (*numbers).simd_into(simd)
}

/// `N` blocks of `numbers` from `start` on.
#[inline(always)]
pub fn blocks<const N: usize>(numbers: &[f32], start: usize) -> Option<&[[f32; LANES]; N]> {
    let blocks = numbers.get(start..)?.as_chunks::<LANES>().0;
    blocks.first_chunk::<N>()
}

/// Eight floats to memory.
#[inline(always)]
pub fn store<S: Simd>(vector: Vector<S>, numbers: &mut [f32; LANES]) {
    *numbers = vector.into();
}

/// Up to eight floats from memory, and zeros.
#[inline(always)]
pub fn load_part<S: Simd>(simd: S, numbers: &[f32]) -> Vector<S> {
    if let Some(whole) = numbers.first_chunk() {
        return load(simd, whole);
    }
    let mut whole = [0.0; LANES];
    let part = whole.split_at_mut(numbers.len().min(LANES)).0;
    part.copy_from_slice(numbers);
    load(simd, &whole)
}

/// As many floats to memory as there is room for, up to eight.
#[inline(always)]
pub fn store_part<S: Simd>(vector: Vector<S>, numbers: &mut [f32]) {
    if let Some(whole) = numbers.first_chunk_mut() {
        return store(vector, whole);
    }
    let whole: [f32; LANES] = vector.into();
    numbers.copy_from_slice(whole.split_at(numbers.len().min(LANES)).0);
}

/// `x · y + sum`.
#[inline(always)]
pub fn multiply_add<S: Simd, const FUSED: bool>(
    x: Vector<S>,
    y: Vector<S>,
    sum: Vector<S>,
) -> Vector<S> {
    use fearless_simd::SimdFloat;
    match FUSED {
        true => x.mul_add(y, sum),
        false => x * y + sum,
    }
}

/// Adding this to a small number rounds it to a whole one, which then stands in the lowest bits.
pub const ROUND: f32 = 12_582_912.0;

/// Horner's rule; highest power first.
#[inline(always)]
pub fn polynomial<S: Simd, const FUSED: bool, const N: usize>(
    simd: S,
    coefficients: &[f32; N],
    x: Vector<S>,
) -> Vector<S> {
    let mut sum = splat(simd, 0.0);
    for c in coefficients {
        sum = multiply_add::<S, FUSED>(sum, x, splat(simd, *c));
    }
    sum
}

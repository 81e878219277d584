//! Cosines, many at once.
//!
//! With the multiple of π that is nearest taken off, what is left goes through a polynomial that was fitted
//! at Chebyshev nodes; a test holds it against the function itself.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, u32x8};
use kernels::{
    LANES, ROUND, Vector, load, load_part, multiply_add, polynomial, splat, store, store_part,
};

use super::parallel::{PIECE, map};

/// π in parts; up to [`FARTHEST`] / π, multiples of the first two are exact (Cody and Waite, "Software manual
/// for the elementary functions", 1980; the parts are those of Moshier's Cephes library, fourfold).
const PI: [f32; 3] = [201.0 / 64.0, 2029.0 / 2_097_152.0, 1.509_958e-7];

/// How far from 0 the parts of π will do. Beyond it each number is computed by itself.
const FARTHEST: f32 = 8192.0;

/// `cos(√z)` for z from 0 to (π/2)², off by 3e-10 at most; highest power first.
const COSINE: [f32; 6] = [
    -2.604_960_8e-7,
    2.476_005_5e-5,
    -0.001_388_836,
    0.041_666_634,
    -0.5,
    1.0,
];

/// `sin(√z) / √z`, off by 5e-9 at most.
const SINE: [f32; 5] = [
    2.605_019_5e-6,
    -0.000_198_089_82,
    0.008_333_05,
    -0.166_666_58,
    1.0,
];

/// `cos(numbers)`.
pub fn forward(numbers: &mut [f32]) {
    map(numbers.chunks_mut(PIECE), |numbers| {
        dispatch!(Level::new(), simd => {
            let (vectors, rest) = numbers.as_chunks_mut::<LANES>();
            for vector in vectors {
                store(cosine(simd, load(simd, vector)), vector);
            }
            let last = cosine(simd, load_part(simd, rest));
            store_part(last, rest);
        });
    });
}

/// The gradient of the `input`, given that of the cosines, in whose place it comes.
pub fn backward(input: &[f32], gradient: &mut [f32]) {
    let pieces = gradient.chunks_mut(PIECE).zip(input.chunks(PIECE));
    map(pieces, |(gradient, input)| {
        dispatch!(Level::new(), simd => {
            let (gradients, rest_of_gradients) = gradient.as_chunks_mut::<LANES>();
            let (inputs, rest) = input.as_chunks::<LANES>();
            for (gradient, input) in gradients.iter_mut().zip(inputs) {
                let slope = sine(simd, load(simd, input)) * load(simd, gradient);
                store(-slope, gradient);
            }
            let slope = sine(simd, load_part(simd, rest)) * load_part(simd, rest_of_gradients);
            store_part(-slope, rest_of_gradients);
        });
    });
}

#[inline(always)]
fn cosine<S: Simd>(simd: S, x: Vector<S>) -> Vector<S> {
    let Some(Reduced { rest, sign }) = Reduced::of(simd, x) else {
        return one_by_one(simd, x, libm::cosf);
    };
    (polynomial::<_, true, _>(simd, &COSINE, rest * rest).bitcast::<u32x8<S>>() ^ sign).bitcast()
}

#[inline(always)]
fn sine<S: Simd>(simd: S, x: Vector<S>) -> Vector<S> {
    let Some(Reduced { rest, sign }) = Reduced::of(simd, x) else {
        return one_by_one(simd, x, libm::sinf);
    };
    let sine = rest * polynomial::<_, true, _>(simd, &SINE, rest * rest);
    (sine.bitcast::<u32x8<S>>() ^ sign).bitcast()
}

/// Numbers less the multiples of π that are nearest.
struct Reduced<S: Simd> {
    rest: Vector<S>,
    /// The bit of the sign, where the multiple is odd.
    sign: u32x8<S>,
}

impl<S: Simd> Reduced<S> {
    /// `None` if one of the numbers is too far from 0, or not a number.
    #[inline(always)]
    fn of(simd: S, x: Vector<S>) -> Option<Self> {
        if !x.abs().simd_lt(splat(simd, FARTHEST)).all_true() {
            return None;
        }
        let rounded = multiply_add::<S, true>(
            x,
            splat(simd, std::f32::consts::FRAC_1_PI),
            splat(simd, ROUND),
        );
        let multiple = rounded - ROUND;
        let mut rest = x;
        for part in PI {
            rest = multiply_add::<S, true>(multiple, splat(simd, -part), rest);
        }
        let sign = rounded.bitcast::<u32x8<S>>() << 31;
        Some(Self { rest, sign })
    }
}

#[cold]
fn one_by_one<S: Simd>(simd: S, x: Vector<S>, function: fn(f32) -> f32) -> Vector<S> {
    let numbers: [f32; LANES] = x.into();
    load(simd, &numbers.map(function))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The points of a grid, and some far out, in a number that fills no vector.
    fn points() -> Vec<f32> {
        // Neighbours share a vector, and one that is far out sends it another way.
        let wide = (-8000..8000).map(|i| i as f32 * 1.0237);
        let grid = wide.chain((-80_000..80_000).map(|i| i as f32 * 1e-3));
        let far = [8191.9, 8192.1, 1e5, 1e10, f32::MAX, 1e-30, -2000.5, -1e7];
        grid.chain(far).collect()
    }

    #[test]
    fn cosines_and_slopes_are_off_by_two_units_in_the_last_place_of_1_at_most() {
        let points = points();
        let mut cosines = points.clone();
        forward(&mut cosines);
        let mut slopes = vec![2.0; points.len()];
        backward(&points, &mut slopes);
        for ((x, cosine), slope) in points.iter().zip(cosines).zip(slopes) {
            let (sin, cos) = f64::from(*x).sin_cos();
            assert!(
                (f64::from(cosine) - cos).abs() < 2.4e-7,
                "cos({x}) = {cosine}"
            );
            assert!(
                (f64::from(slope) + 2.0 * sin).abs() < 3.6e-7,
                "-2 sin({x}) = {slope}"
            );
        }
    }

    #[test]
    fn what_is_not_a_number_stays_so() {
        let mut numbers = [1.0, f32::NAN, f32::INFINITY];
        forward(&mut numbers);
        assert!(!numbers[0].is_nan() && numbers[1].is_nan() && numbers[2].is_nan());
    }
}

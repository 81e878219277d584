//! Cosine and sine.
//!
//! With the nearest multiple of π taken off, what is left goes through a polynomial that was fitted at
//! Chebyshev nodes; a test holds it against the function itself. There are no branches and tables, so that the
//! compiler can compute many at once.

use core::f64::consts::TAU;

use fearless_simd::prelude::*;
use fearless_simd::u32x8;

use super::vector::{LANES, ROUND, Vector, load, multiply_add, polynomial, splat};

/// π in parts; up to [`FARTHEST`] / π, multiples of the first two are exact (Cody and Waite, "Software manual
/// for the elementary functions", 1980; the parts are those of Moshier's Cephes library, fourfold).
const PI: [f32; 3] = [201.0 / 64.0, 2029.0 / 2_097_152.0, 1.509_958e-7];

/// How far from 0 the parts of π will do. Beyond it, turns are taken off first.
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

/// `cos(x)`, off by 4e-7 at most up to 2^30. Beyond that, where neighbouring floats are many turns apart, it is
/// some number from -1 to 1.
#[inline(always)]
pub fn cosine<S: Simd, const FUSED: bool>(simd: S, x: Vector<S>) -> Vector<S> {
    let Reduced { rest, sign } = Reduced::of::<FUSED>(simd, x);
    (polynomial::<_, FUSED, _>(simd, &COSINE, rest * rest).bitcast::<u32x8<S>>() ^ sign).bitcast()
}

/// `sin(x)`, as exact as [`cosine`].
#[inline(always)]
pub fn sine<S: Simd, const FUSED: bool>(simd: S, x: Vector<S>) -> Vector<S> {
    let Reduced { rest, sign } = Reduced::of::<FUSED>(simd, x);
    let sine = rest * polynomial::<_, FUSED, _>(simd, &SINE, rest * rest);
    (sine.bitcast::<u32x8<S>>() ^ sign).bitcast()
}

/// Numbers less the multiples of π that are nearest.
struct Reduced<S: Simd> {
    rest: Vector<S>,
    /// The bit of the sign, where the multiple is odd.
    sign: u32x8<S>,
}

impl<S: Simd> Reduced<S> {
    #[inline(always)]
    fn of<const FUSED: bool>(simd: S, x: Vector<S>) -> Self {
        let x = if x.abs().simd_lt(splat(simd, FARTHEST)).all_true() {
            x
        } else {
            let numbers: [f32; LANES] = x.into();
            load(simd, &numbers.map(without_turns))
        };
        let inverse = splat(simd, core::f32::consts::FRAC_1_PI);
        let rounded = multiply_add::<S, FUSED>(x, inverse, splat(simd, ROUND));
        let multiple = rounded - ROUND;
        let mut rest = x;
        for part in PI {
            rest = multiply_add::<S, FUSED>(multiple, splat(simd, -part), rest);
        }
        let sign = rounded.bitcast::<u32x8<S>>() << 31;
        Self { rest, sign }
    }
}

/// `number` less the nearest multiple of 2π; NaN if it is not finite.
#[cold]
#[inline(never)]
fn without_turns(number: f32) -> f32 {
    /// Where the parts of a turn in a double are still exact enough.
    const LIMIT: f64 = (1_u32 << 30) as f64;
    /// Adding this to a double that is small beside it rounds that to a whole number.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    let x = f64::from(number).clamp(-LIMIT, LIMIT);
    let turns = (x * (1.0 / TAU) + ROUND) - ROUND;
    // 0 · ∞ is no number.
    (x - turns * TAU) as f32 + 0.0 * number
}

#[cfg(test)]
mod tests {
    use super::*;
    use fearless_simd::{Level, dispatch};

    /// `[cosine, sine]` at eight points, by the best instructions that this CPU has.
    fn at<const FUSED: bool>(points: &[f32; LANES]) -> [[f32; LANES]; 2] {
        dispatch!(Level::new(), simd => {
            let x = load(simd, points);
            [cosine::<_, FUSED>(simd, x).into(), sine::<_, FUSED>(simd, x).into()]
        })
    }

    /// Checks both functions at eight points against the doubles of the standard library.
    fn check(points: &[f32; LANES], tolerances: [f64; 2]) {
        for found in [at::<false>(points), at::<true>(points)] {
            for (lane, x) in points.iter().enumerate() {
                let (sin, cos) = f64::from(*x).sin_cos();
                for ((found, exact), tolerance) in found.iter().zip([cos, sin]).zip(tolerances) {
                    let error = (f64::from(found[lane]) - exact).abs();
                    assert!(error < tolerance, "at {x}: {} {exact}", found[lane]);
                }
            }
        }
    }

    #[test]
    fn near_0_they_are_off_by_two_units_in_the_last_place_of_1_at_most() {
        // Neighbours share a vector.
        let wide = (-8000..8000).map(|i| i as f32 * 1.0237);
        let points = wide.chain((-80_000..80_000).map(|i| i as f32 * 1e-3));
        let points: std::vec::Vec<f32> = points.chain([8191.9, 1e-30, -2000.5, 0.0]).collect();
        let (chunks, _) = points.as_chunks::<LANES>();
        for points in chunks {
            check(points, [2.4e-7, 1.8e-7]);
        }
    }

    #[test]
    fn far_out_they_are_almost_as_exact() {
        check(
            &[8192.0, 8192.1, -9e3, 1e5, 0.5, -1e7, 1e8, 1.07e9],
            [4e-7; 2],
        );
    }

    #[test]
    fn beyond_every_use_they_are_numbers_from_minus_1_to_1() {
        let points = [1e10, -1e12, 1e20, 1e30, f32::MAX, f32::MIN, 1.0, 2e9];
        for found in [at::<false>(&points), at::<true>(&points)] {
            assert!(found.iter().flatten().all(|y| y.abs() <= 1.000_001));
        }
    }

    #[test]
    fn what_is_no_number_stays_so() {
        let points = [
            1.0,
            f32::NAN,
            f32::INFINITY,
            f32::NEG_INFINITY,
            0.0,
            0.0,
            0.0,
            0.0,
        ];
        for found in [at::<false>(&points), at::<true>(&points)] {
            for found in found {
                let nan = found.map(f32::is_nan);
                assert_eq!(nan, [false, true, true, true, false, false, false, false]);
            }
        }
    }
}

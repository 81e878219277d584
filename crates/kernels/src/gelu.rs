//! GELU (Hendrycks and Gimpel, <https://arxiv.org/abs/1606.08415>): `x · Φ(x)`, where Φ is the
//! distribution function of the standard normal distribution.
//!
//! Without branches and tables, so that the compiler can compute many at once. With the density φ
//! that its derivative needs as well, Φ(−u) = 2^(−u²/2 · log₂ e) · q(1 / (1 + u/4)) for u ≥ 0, the
//! form of Abramowitz and Stegun, "Handbook of Mathematical Functions", 7.1.26, with a longer
//! polynomial q. Both polynomials were fitted at Chebyshev nodes; a test holds the result against
//! the error function.

use core::hint::black_box;

use fearless_simd::prelude::*;
use fearless_simd::u32x8;

use super::vector::{LANES, ROUND, Vector, load_part, multiply_add, polynomial, splat, store_part};

/// `Φ(−u) / exp(−u²/2)` as a polynomial in `1 / (1 + u/4)` for `u` from 0 to 6, off by 1.7e-8 at
/// most; highest power first.
const TAIL: [f32; 8] = [
    -0.097_847_23,
    0.371_246_97,
    -0.325_575_24,
    0.343_362_62,
    -0.013_232_518,
    0.125_463_46,
    0.096_410_65,
    0.000_171_269_25,
];

/// 2^x for x from −½ to ½, off by 2e-9 at most; highest power first.
#[allow(clippy::approx_constant, reason = "a fitted one, not ln 2")]
const POWER_OF_TWO: [f32; 7] = [
    0.000_154_614_45,
    0.001_340_042_8,
    0.009_618_057,
    0.055_503_27,
    0.240_226_5,
    0.693_147_2,
    1.0,
];

/// GELU and its derivative at eight points.
#[derive(Debug, Clone, Copy)]
pub struct Gelu<S: Simd> {
    /// `x · Φ(x)`.
    pub value: Vector<S>,
    /// `Φ(x) + x · φ(x)`.
    pub slope: Vector<S>,
}

/// `x · Φ(x)`, off by 2 units in the last place of the larger of |x| and 1 at most.
#[inline(always)]
pub fn gelu<S: Simd, const FUSED: bool>(simd: S, x: Vector<S>) -> Vector<S> {
    let (distribution, _) = normal::<S, FUSED>(simd, x);
    x * distribution
}

/// [`gelu`] of each number, with the same bits; `output` is as long as `input`.
#[inline(always)]
pub fn gelu_of_each<S: Simd>(simd: S, input: &[f32], output: &mut [f32]) {
    // As many at once as keep the processor busy, and registers do for.
    match S::f32s::LEN >= LANES {
        true => blocks::<S, 4>(simd, input, output),
        false => blocks::<S, 1>(simd, input, output),
    }
}

/// The coefficients of both polynomials side by side, without the first one of [`TAIL`], which has one more.
const PAIRS: [[f32; 2]; POWER_OF_TWO.len()] = {
    let mut pairs = [[0.0; 2]; POWER_OF_TWO.len()];
    let mut i = 0;
    while i < pairs.len() {
        pairs[i] = [POWER_OF_TWO[i], TAIL[i + 1]];
        i += 1;
    }
    pairs
};

/// Both polynomials of `N` vectors take a step in turn. In a row, each step would wait for the one before.
#[inline(always)]
fn blocks<S: Simd, const N: usize>(simd: S, input: &[f32], output: &mut [f32]) {
    // A loop of unknown length stays one: compilers for Wasm would undo the order of an unrolled one.
    let pairs: &[[f32; 2]] = black_box(&PAIRS);
    let zero = splat(simd, 0.0);
    let inputs = input.chunks(N * LANES);
    for (input, output) in inputs.zip(output.chunks_mut(N * LANES)) {
        let mut x = [zero; N];
        for (x, numbers) in x.iter_mut().zip(input.chunks(LANES)) {
            *x = load_part(simd, numbers);
        }
        let terms = x.map(
            #[inline(always)]
            |x| Terms::of::<false>(simd, x),
        );
        let (mut mantissa, mut tail) = ([zero; N], [splat(simd, TAIL[0]); N]);
        for [a, b] in pairs {
            let (a, b) = (splat(simd, *a), splat(simd, *b));
            for ((mantissa, tail), terms) in mantissa.iter_mut().zip(&mut tail).zip(&terms) {
                *mantissa = *mantissa * terms.rest + a;
                *tail = *tail * terms.t + b;
            }
        }
        let polynomials = mantissa.into_iter().zip(tail);
        let numbers = x.into_iter().zip(terms).zip(polynomials);
        for (((x, terms), (mantissa, tail)), y) in numbers.zip(output.chunks_mut(LANES)) {
            store_part(x * terms.join(simd, x, mantissa, tail).0, y);
        }
    }
}

impl<S: Simd> Gelu<S> {
    /// Both at `x`.
    #[inline(always)]
    #[must_use]
    pub fn at<const FUSED: bool>(simd: S, x: Vector<S>) -> Self {
        /// 1 / √(2π).
        const SCALE: f32 = 0.398_942_3;
        let (distribution, bell) = normal::<S, FUSED>(simd, x);
        Self {
            value: x * distribution,
            slope: multiply_add::<S, FUSED>(x * SCALE, bell, distribution),
        }
    }
}

/// Φ(x), and exp(−x²/2).
#[inline(always)]
fn normal<S: Simd, const FUSED: bool>(simd: S, x: Vector<S>) -> (Vector<S>, Vector<S>) {
    let terms = Terms::of::<FUSED>(simd, x);
    let mantissa = polynomial::<S, FUSED, 7>(simd, &POWER_OF_TWO, terms.rest);
    let tail = polynomial::<S, FUSED, 8>(simd, &TAIL, terms.t);
    terms.join(simd, x, mantissa, tail)
}

/// What the polynomials are to be taken of, and what is done with them.
#[derive(Clone, Copy)]
struct Terms<S: Simd> {
    /// `exp(−x²/2)` is `power` times 2^`rest`.
    rest: Vector<S>,
    power: Vector<S>,
    /// `1 / (1 + |x|/4)`.
    t: Vector<S>,
}

impl<S: Simd> Terms<S> {
    #[inline(always)]
    fn of<const FUSED: bool>(simd: S, x: Vector<S>) -> Self {
        /// log₂(e) / 2.
        const HALF_LOG2_E: f32 = 0.721_347_5;
        /// Exponent of the smallest normal number; a power below that counts as 0.
        const LOWEST: f32 = -126.0;
        let exponent = (x * x) * -HALF_LOG2_E;
        let (lowest, zero) = (splat(simd, LOWEST), splat(simd, 0.0));
        let negligible = exponent.simd_lt(lowest);
        let exponent = negligible.select(lowest, exponent);
        let rounded = exponent + ROUND;
        let bits: u32x8<S> = rounded.bitcast();
        let power: Vector<S> = ((bits + 127_u32) << 23).bitcast();
        let one = splat(simd, 1.0);
        Self {
            rest: exponent - (rounded - ROUND),
            power: negligible.select(zero, power),
            t: one / multiply_add::<S, FUSED>(x.abs(), splat(simd, 0.25), one),
        }
    }

    /// Φ(x) and exp(−x²/2), with both polynomials.
    #[inline(always)]
    fn join(
        self,
        simd: S,
        x: Vector<S>,
        mantissa: Vector<S>,
        tail: Vector<S>,
    ) -> (Vector<S>, Vector<S>) {
        let bell = mantissa * self.power;
        let tail = bell * tail;
        let is_negative = x.simd_lt(splat(simd, 0.0));
        (is_negative.select(tail, splat(simd, 1.0) - tail), bell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fearless_simd::{Level, dispatch};

    /// The points of a grid, and some far out.
    fn points() -> impl Iterator<Item = f32> {
        let far = [1e3, 1e10, 1e19, 1e30, f32::MAX];
        let grid = (-120_000..=120_000).map(|i| i as f32 * 1e-4);
        grid.chain(far.into_iter().flat_map(|x| [x, -x]))
    }

    /// `[value, slope]` at one point, by the best instructions that this CPU has.
    fn at<const FUSED: bool>(x: f32) -> [f32; 2] {
        dispatch!(Level::new(), simd => {
            let x = splat(simd, x);
            let found = Gelu::at::<FUSED>(simd, x);
            assert!(x[0].is_nan() || gelu::<_, FUSED>(simd, x)[0] == found.value[0]);
            [found.value[7], found.slope[7]]
        })
    }

    #[test]
    fn is_the_error_function_to_two_units_in_the_last_place() {
        for x in points() {
            let exact = f64::from(x);
            let distribution = 0.5 * libm::erfc(-exact / core::f64::consts::SQRT_2);
            let density = (-0.5 * exact * exact).exp() / (2.0 * core::f64::consts::PI).sqrt();
            let unit = f64::from(f32::EPSILON) * exact.abs().max(1.0);
            for [value, slope] in [at::<false>(x), at::<true>(x)] {
                let error = (f64::from(value) - exact * distribution).abs();
                assert!(error <= 2.0 * unit, "gelu({x}) is off by {error:e}");
                let exact = distribution + if density == 0.0 { 0.0 } else { exact * density };
                let error = (f64::from(slope) - exact).abs();
                assert!(
                    error <= 4.0 * f64::from(f32::EPSILON),
                    "gelu'({x}) is off by {error:e}"
                );
            }
        }
    }

    #[test]
    fn a_nan_stays_one() {
        assert!(at::<false>(f32::NAN).iter().all(|x| x.is_nan()));
    }
}

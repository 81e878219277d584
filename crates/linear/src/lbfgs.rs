//! Minimisation of smooth convex functions by L-BFGS, with a preconditioner in the place of the first approximation of
//! the inverse Hessian (J. Nocedal and S. Wright, "Numerical Optimization", 2nd edition, 2006, algorithms 3.1, 7.4 and
//! 7.5).

use std::collections::VecDeque;

use crate::matrix::product;

/// Bound of the steps; reached only where rounding hides the minimum.
const MOST_STEPS: usize = 1000;
/// Bound of the trials of a step.
const MOST_TRIALS: usize = 40;
/// The part of the decrease that the slope promises with which a step is content (Nocedal and Wright, section 3.1).
const DECREASE: f64 = 1e-4;
/// Numbers of all pairs that are kept, as far as at least [`FEWEST_PAIRS`] are.
const KEPT: usize = 1 << 20;
const FEWEST_PAIRS: usize = 3;
const MOST_PAIRS: usize = 20;

/// A convex function with an approximation of its inverse Hessian.
pub trait Function {
    /// The value at `point`; `gradient` becomes the gradient there.
    fn evaluate(&mut self, point: &[f64], gradient: &mut [f64]) -> f64;
    /// Multiplies `vector` by the approximation of the inverse Hessian.
    fn precondition(&self, vector: &mut [f64]);
}

/// A step and the change of the gradient along it.
struct Pair {
    step: Vec<f64>,
    change: Vec<f64>,
    product: f64,
}

/// Moves `point` to the minimum of `function`, until a step promises a decrease below `tolerance`.
///
/// Steps that are too long are shortened until the function decreases enough, which makes the method converge from
/// any point. As the function is convex, every step gives a pair with a positive product.
pub fn minimise(function: &mut impl Function, point: &mut Vec<f64>, tolerance: f64) {
    let most_pairs = (KEPT / point.len().max(1)).clamp(FEWEST_PAIRS, MOST_PAIRS);
    let mut pairs: VecDeque<Pair> = VecDeque::new();
    let mut scale = 1.0;
    let mut gradient = vec![0.0; point.len()];
    let mut value = function.evaluate(point, &mut gradient);
    let mut next = vec![0.0; point.len()];
    let mut next_gradient = vec![0.0; point.len()];
    for _ in 0..MOST_STEPS {
        let direction = direction(&*function, &pairs, scale, &gradient);
        let slope = product(&gradient, &direction);
        // The decrease of the quadratic model is half of the slope.
        if -slope <= 2.0 * tolerance || slope.is_nan() {
            return;
        }
        let mut length = 1.0;
        let mut trials = 0;
        let next_value = loop {
            let moved = point.iter().zip(&direction);
            (next.iter_mut().zip(moved)).for_each(|(next, (x, d))| *next = x + length * d);
            let value_there = function.evaluate(&next, &mut next_gradient);
            if value_there <= value + DECREASE * length * slope {
                break value_there;
            }
            trials += 1;
            if trials == MOST_TRIALS {
                return;
            }
            // The minimum of the parabola through both values and the slope; half where there is none.
            let bend = value_there - value - length * slope;
            let shorter = -0.5 * slope * length / bend;
            length *= if shorter.is_finite() {
                shorter.clamp(0.1, 0.5)
            } else {
                0.5
            };
        };
        let difference =
            |a: &[f64], b: &[f64]| -> Vec<f64> { a.iter().zip(b).map(|(a, b)| a - b).collect() };
        let step = difference(&next, point);
        let change = difference(&next_gradient, &gradient);
        let along = product(&step, &change);
        std::mem::swap(point, &mut next);
        std::mem::swap(&mut gradient, &mut next_gradient);
        value = next_value;
        if along > 0.0 {
            let mut conditioned = change.clone();
            function.precondition(&mut conditioned);
            scale = along / product(&change, &conditioned);
            if pairs.len() == most_pairs {
                pairs.pop_front();
            }
            pairs.push_back(Pair {
                step,
                change,
                product: along,
            });
        }
    }
}

/// The direction of descent: minus the approximation of the inverse Hessian × the gradient, by the recursion of two
/// loops.
fn direction(
    function: &impl Function,
    pairs: &VecDeque<Pair>,
    scale: f64,
    gradient: &[f64],
) -> Vec<f64> {
    let add = |sum: &mut [f64], factor: f64, other: &[f64]| {
        sum.iter_mut()
            .zip(other)
            .for_each(|(sum, x)| *sum += factor * x);
    };
    let mut direction: Vec<f64> = gradient.iter().map(|g| -g).collect();
    let mut factors = Vec::with_capacity(pairs.len());
    for pair in pairs.iter().rev() {
        let factor = product(&pair.step, &direction) / pair.product;
        add(&mut direction, -factor, &pair.change);
        factors.push(factor);
    }
    function.precondition(&mut direction);
    for entry in &mut direction {
        *entry *= scale;
    }
    for (pair, factor) in pairs.iter().zip(factors.iter().rev()) {
        let back = product(&pair.change, &direction) / pair.product;
        add(&mut direction, factor - back, &pair.step);
    }
    direction
}

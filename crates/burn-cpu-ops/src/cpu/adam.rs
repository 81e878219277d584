//! What an optimiser does to each number of a parameter by itself, in one pass over memory.
//!
//! The operations are those that Burn's own would be, in the same order and without fused
//! multiply-adds: either way comes out the same, bit for bit.

use fearless_simd::{Level, dispatch};

use super::parallel::{PIECE, map};

/// A step of Adam (Kingma and Ba, <https://arxiv.org/abs/1412.6980>) with decoupled weight decay.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdamStep {
    /// Decay of the first moment and of the second.
    pub betas: [f64; 2],
    /// Learning rate, with the corrections of both moments' bias.
    pub rate: f64,
    /// Keeps the division finite: the paper's, times √(1 − β₂ᵗ), because the second moment is not corrected.
    pub epsilon: f64,
    /// Factor on the weights: 1 − learning rate · weight decay.
    pub decay: f64,
}

/// Moves `weight` against `gradient`, of which `first` and `second` are the moments.
pub fn adam(
    step: AdamStep,
    weight: &mut [f32],
    gradient: &[f32],
    [first, second]: [&mut [f32]; 2],
) {
    let [beta_1, beta_2] = step.betas.map(|beta| beta as f32);
    let [rest_1, rest_2] = step.betas.map(|beta| (1.0 - beta) as f32);
    let [rate, epsilon, decay] = [step.rate, step.epsilon, step.decay].map(|number| number as f32);
    let pieces = (weight.chunks_mut(PIECE).zip(gradient.chunks(PIECE)))
        .zip(first.chunks_mut(PIECE).zip(second.chunks_mut(PIECE)));
    map(pieces, |((weight, gradient), (first, second))| {
        dispatch!(Level::new(), _simd => {
            let numbers = (weight.iter_mut().zip(gradient)).zip(first.iter_mut().zip(second));
            for ((weight, gradient), (first, second)) in numbers {
                *first = *first * beta_1 + gradient * rest_1;
                *second = *second * beta_2 + gradient * gradient * rest_2;
                let change = *first / (second.sqrt() + epsilon) * rate;
                *weight = *weight * decay - change;
            }
        });
    });
}

/// `old = old · decay + new · (1 − decay)`.
pub fn average(decay: f64, old: &mut [f32], new: &[f32]) {
    let [decay, rest] = [decay, 1.0 - decay].map(|number| number as f32);
    let pieces = old.chunks_mut(PIECE).zip(new.chunks(PIECE));
    map(pieces, |(old, new)| {
        dispatch!(Level::new(), _simd => {
            for (old, new) in old.iter_mut().zip(new) {
                *old = *old * decay + new * rest;
            }
        });
    });
}

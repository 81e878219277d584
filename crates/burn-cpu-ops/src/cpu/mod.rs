//! The operations on slices of floats, without Burn.
//!
//! Each hot loop is compiled for several generations of CPUs; which one runs is found out at run
//! time.

#![allow(
    clippy::inline_always,
    reason = "what is not inlined is not compiled for the caller's vectors"
)]

pub mod adam;
pub mod bags;
pub mod bias;
mod block;
mod convolution;
pub mod cosine;
pub mod cross_entropy;
pub mod dropout;
mod elementwise;
pub mod linear;
pub mod parallel;
pub mod pool;
mod product;
pub mod relu;
#[cfg(test)]
mod tests;
pub mod windows;

/// Adds `numbers` to `sums`.
fn add(sums: &mut [f32], numbers: &[f32]) {
    for (sum, number) in sums.iter_mut().zip(numbers) {
        *sum += number;
    }
}

/// What lies between each of `ends` and the one before.
pub fn ranges(ends: &[u32]) -> impl Iterator<Item = std::ops::Range<usize>> + Clone {
    let starts = [0].into_iter().chain(ends.iter().copied());
    starts
        .zip(ends)
        .map(|(start, end)| start as usize..*end as usize)
}

pub use block::{Forward, Gradients, Parameters, backward, forward, moments, predict};

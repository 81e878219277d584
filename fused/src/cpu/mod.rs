//! The operations on slices of floats, without Burn.
//!
//! Each hot loop is compiled for several generations of CPUs; which one runs is found out at run
//! time.

#![allow(
    clippy::inline_always,
    reason = "what is not inlined is not compiled for the caller's vectors"
)]

mod block;
mod convolution;
mod elementwise;
mod parallel;
#[cfg(test)]
mod tests;
pub mod windows;

pub use block::{Forward, Gradients, Parameters, backward, forward, moments, predict};

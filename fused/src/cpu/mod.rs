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
mod block;
mod convolution;
pub mod cosine;
pub mod dropout;
mod elementwise;
pub mod linear;
pub mod parallel;
mod product;
#[cfg(test)]
mod tests;
pub mod windows;

pub use block::{Forward, Gradients, Parameters, backward, forward, moments, predict};

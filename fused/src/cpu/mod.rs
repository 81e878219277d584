//! The operations on slices of floats, without Burn.
//!
//! Each hot loop is compiled for several generations of CPUs; which one runs is found out at run
//! time.

mod block;
mod convolution;
mod elementwise;
mod parallel;

pub use block::{Forward, Gradients, Parameters, backward, forward, moments, predict};

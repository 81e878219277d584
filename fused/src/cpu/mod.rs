//! The operations on slices of floats, without Burn.
//!
//! Each hot loop is compiled twice: for a CPU with 256-bit vectors that multiply and add in one
//! instruction, and for any other. Which one runs is found out once, at run time.

mod block;
mod convolution;
mod elementwise;
mod parallel;

pub use block::{Forward, Gradients, Parameters, backward, forward, moments, predict};

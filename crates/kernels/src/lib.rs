//! The numerical loops that modules and trainers share: a module computes with what its model was
//! trained with.
//!
//! They are written for vectors of eight floats, whatever the CPU makes of them: one register of
//! 256 bits, two of 128, or eight numbers one by one. All are always inlined, so that the caller
//! decides what they are compiled for.
//!
//! The parameter `FUSED` allows to multiply and add in one instruction, with one rounding less.
//! Trainers are quicker with it. Modules do without, and give the same bits on every host.

#![no_std]
#![allow(
    clippy::inline_always,
    reason = "what is not inlined is not compiled for the caller's vectors"
)]

extern crate alloc;
#[cfg(test)]
extern crate std;

/// Positions of a word in windows of one to three words.
pub const KERNEL_POSITIONS: usize = 6;
/// Number of window widths: one, two and three words.
pub const WINDOW_WIDTHS: usize = 3;

mod argmax;
mod convolution;
mod cosine;
pub mod fixed_point;
pub mod forest;
mod gelu;
#[cfg(test)]
mod levels;
mod pool;
pub mod portable;
mod vector;

pub use argmax::argmax;
pub use convolution::{Geometry, KERNEL, convolve};
pub use cosine::{cosine, sine};
pub use gelu::{Gelu, gelu, gelu_of_each};
pub use pool::{Pool, max_pool};
pub use vector::{
    LANES, ROUND, Vector, load, load_part, multiply_add, polynomial, splat, store, store_part,
};

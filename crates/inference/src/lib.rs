//! What every inference module shares.
//!
//! A module is a command-line program for `wasm32-wasip1` that holds one trained model and nothing
//! of a framework: [`layers`] are built on [`kernels`], [`model`] runs them in order, [`input`] reads
//! the JSON, [`module`] is the command line. [`host`] is the only part that touches the outside world,
//! through five WASI calls: two for arguments, one to read, one to write, one to exit.
//!
//! With the feature `frozen`, [`frozen`] reads and writes `model.safetensors` and turns it into
//! Rust source at build time, so that a module starts without parsing or copying its weights.
//!
//! On `wasm32-wasip1` the crate does without `std`: the standard library imports the environment
//! and adds 50 kB to a module of that size.

#![no_std]

extern crate alloc;
#[cfg(any(not(target_os = "wasi"), feature = "std"))]
extern crate std;

mod command;
pub mod decimal;
pub mod error;
mod explanation;
#[cfg(feature = "frozen")]
pub mod frozen;
pub mod host;
pub mod image;
pub mod input;
mod json;
pub mod kernels;
pub mod layers;
mod lines;
pub mod model;
pub mod module;
pub mod ngrams;
pub mod output;
pub mod record;
pub mod schema;
pub mod text;

/// Re-exported for the source that [`frozen`] generates.
#[doc(hidden)]
pub use bytemuck::must_cast;

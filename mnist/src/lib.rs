//! MNIST: which of ten digits an image of handwriting shows.
//!
//! [`input`] is all that a module needs; the rest is for training.

#![no_std]

#[cfg(feature = "train")]
extern crate std;

#[cfg(feature = "train")]
pub mod augmentation;
#[cfg(feature = "train")]
pub mod data;
#[cfg(feature = "train")]
mod error_gallery;
pub mod input;
#[cfg(feature = "train")]
pub mod model;
#[cfg(feature = "train")]
pub mod training;

//! Wine quality: what score tasters give a wine, from eleven measurements.
//!
//! [`input`] is all that a module needs; the rest is for training.

#![no_std]

#[cfg(feature = "train")]
extern crate std;

#[cfg(feature = "train")]
pub mod data;
pub mod input;
#[cfg(feature = "train")]
pub mod model;
#[cfg(feature = "train")]
pub mod remote;
#[cfg(feature = "train")]
pub mod training;

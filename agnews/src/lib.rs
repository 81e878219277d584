//! AG News: what a news article is about, from its title and first sentences.
//!
//! [`input`] is all that a module needs; the rest is for training and measuring.

#![no_std]

extern crate alloc;
#[cfg(feature = "train")]
extern crate std;

pub mod cleaning;
#[cfg(feature = "train")]
pub mod data;
pub mod input;
#[cfg(feature = "train")]
pub mod model;
#[cfg(feature = "train")]
pub mod training;

//! Measures of how good a model is.

mod classification;
mod regression;

pub use classification::{Classification, accuracy_interval, argmax, probability, smoothed_loss};
pub use regression::Regression;

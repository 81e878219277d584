//! Measures of how good a model is.

mod classification;
mod regression;

pub use classification::{
    Classification, accuracy_interval, calibration_error, probability, smoothed_loss,
};
pub use regression::{Regression, least_squares};

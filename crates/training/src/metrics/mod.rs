//! Measures of how good a model is.

mod classification;
mod regression;
mod temperature;

pub use classification::{
    Classification, accuracy_interval, calibration_error, probability, smoothed_loss,
};
pub use regression::{Regression, least_squares};
pub use temperature::{temperature, tempered};

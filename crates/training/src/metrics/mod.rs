//! Measures of how good a model is.

mod classification;
mod mixture;
mod regression;
mod temperature;

use std::collections::BTreeMap;

pub use classification::{
    Classification, accuracy_interval, calibration_error, probability, smoothed_loss,
};
pub use mixture::mixture;
pub use regression::{Regression, least_squares};
pub use temperature::{temperature, tempered};

/// Figures by name.
pub type Metrics = BTreeMap<String, f64>;

/// A figure that is followed along training.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// Name in `metrics.jsonl`.
    pub name: &'static str,
    /// Name in tables.
    pub label: &'static str,
    /// Unit in which it is shown, with a space before it, or nothing.
    pub unit: &'static str,
    /// Factor from the figure to that unit.
    pub factor: f64,
    /// What the loss is, for the picture.
    pub loss: &'static str,
}

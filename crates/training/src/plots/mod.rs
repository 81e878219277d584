//! Pictures of a training run, as SVG.

mod confusion;
mod curves;
mod estimates;

pub use confusion::confusion;
pub use curves::curves;
pub use estimates::{predicted_vs_true, residuals};

use crate::error::TrainingError;

/// Turns the plotting library's many error types into ours.
fn failed<E: std::fmt::Display>(what: &str) -> impl Fn(E) -> TrainingError + '_ {
    move |error| TrainingError::Plot(format!("{what}: {error}"))
}

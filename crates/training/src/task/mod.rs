//! What a network learns to say about a row, and how that is evaluated.

mod classes;
mod quantity;

use burn::tensor::Tensor;
use model::Output;
use serde::Serialize;
use serde_json::Value;

use crate::artifacts::NamedBytes;
use crate::error::TrainingError;
use crate::metrics::{Metrics, Score};
use crate::settings::Settings;
use crate::split::Split;

pub use classes::Classes;
pub use quantity::Quantity;

/// What is to be learnt: a target for each row of the data set.
pub trait Task {
    /// What is followed along training beside the loss.
    const SCORE: Score;

    /// Whether targets can be spread over several answers.
    const SUPPORTS_LABEL_SMOOTHING: bool;

    /// How many numbers an answer consists of.
    fn width(&self) -> usize;

    /// In what rows are alike: of each stratum, a split takes the same share.
    fn strata(&self) -> &[usize];

    /// The loss of `output`, averaged over `rows`. Where several networks learn as one, the answers of
    /// each lie side by side, and the loss is the mean of theirs.
    ///
    /// `output` may have more rows: those after `rows` are the answers to inputs that belong to no class.
    fn loss(&self, output: Tensor<2>, rows: &[usize], settings: &Settings) -> Tensor<1>;

    /// Measures `outputs`, row-major, against the targets of `rows`.
    fn measure(&self, outputs: &[f32], rows: &[usize]) -> Measured;

    /// What training makes small, of the `outputs` for the validation `rows`: decides which epoch is kept.
    fn objective(&self, outputs: &[f32], rows: &[usize], settings: &Settings) -> f64;

    /// What outputs are to be divided by, found on the `outputs` of the validation `rows`; 1 for nothing.
    fn temperature(&self, outputs: &[f32], rows: &[usize], settings: &Settings) -> f32 {
        let _ = (outputs, rows, settings);
        1.0
    }

    /// The share that each of several networks is to have in the answer, found on its `outputs` for the validation `rows`;
    /// their sum is 1.
    fn shares(&self, outputs: &[Vec<f32>], rows: &[usize]) -> Vec<f64> {
        let _ = rows;
        vec![1.0 / outputs.len() as f64; outputs.len()]
    }

    /// The answers of several networks together, as a module's `blend` makes them: given the `outputs` of each, row-major, and
    /// its share.
    fn pooled(&self, outputs: &[Vec<f32>], shares: &[f64]) -> Vec<f32>;

    /// What a model is worth, measured on rows that it was not chosen on.
    ///
    /// # Errors
    ///
    /// If a figure cannot be had.
    fn evaluate(&self, predictions: &Predictions<'_>) -> Result<Evaluation, TrainingError>;

    /// Pictures of the same: names and bytes.
    ///
    /// # Errors
    ///
    /// If the drawing fails.
    fn pictures(
        &self,
        predictions: &Predictions<'_>,
    ) -> Result<Vec<NamedBytes<'static>>, TrainingError>;
}

/// How a network does on some rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// The loss against the targets as they are.
    pub loss: f64,
    /// The [`Score`].
    pub score: f64,
}

/// What a network says of the rows, and all that an evaluation may be based on.
pub struct Predictions<'a> {
    /// The rows.
    pub split: &'a Split,
    /// The model's outputs for the validation rows.
    pub validation: &'a [f32],
    /// The model's outputs for the test rows.
    pub test: &'a [f32],
    /// Gives the inputs of rows, row-major.
    pub inputs: &'a dyn Fn(&[usize]) -> Vec<f32>,
}

/// What a model is worth.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// What the model's numbers mean, for the module.
    #[serde(skip)]
    pub output: Output,
    /// Figures of the test rows.
    pub metrics: Metrics,
    /// What `report.json` says beside them.
    #[serde(flatten)]
    pub details: Value,
    /// The figures in words.
    #[serde(skip)]
    pub summary: String,
}

//! What a network learns to say about a row, and how that is judged.

mod classes;
mod quantity;

use std::collections::BTreeMap;

use burn::tensor::Tensor;
use inference::frozen;
use serde::Serialize;
use serde_json::Value;

use crate::artifacts::NamedBytes;
use crate::error::TrainingError;
use crate::settings::Settings;
use crate::split::Split;

pub use classes::Classes;
pub use quantity::Quantity;

/// Figures by name.
pub type Metrics = BTreeMap<String, f64>;

/// What is to be learnt: a target for each row of the data set.
pub trait Task {
    /// What is followed along training beside the loss.
    const SCORE: Score;

    /// Whether targets can be spread over several answers.
    const SMOOTHS: bool;

    /// How many numbers an answer consists of.
    fn width(&self) -> usize;

    /// In what rows are alike: of each stratum, a split takes the same share.
    fn strata(&self) -> &[usize];

    /// The loss of `output`, averaged over `rows`. Where several networks learn as one, the answers of
    /// each lie side by side, and the loss is the mean of theirs.
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

    /// What a model is worth, judged on rows that it was not chosen on.
    ///
    /// # Errors
    ///
    /// If a figure cannot be had.
    fn judge(&self, evidence: &Evidence<'_>) -> Result<Judgement, TrainingError>;

    /// Pictures of the same: names and bytes.
    ///
    /// # Errors
    ///
    /// If the drawing fails.
    fn pictures(&self, evidence: &Evidence<'_>) -> Result<Vec<NamedBytes<'static>>, TrainingError>;
}

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

/// How a network does on some rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// The loss against the targets as they are.
    pub loss: f64,
    /// The [`Score`].
    pub score: f64,
}

/// All that a judgement may be based on.
pub struct Evidence<'a> {
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
pub struct Judgement {
    /// What the model's numbers mean, for the module.
    #[serde(skip)]
    pub output: frozen::Output,
    /// Figures of the test rows.
    pub metrics: Metrics,
    /// What `report.json` says beside them.
    #[serde(flatten)]
    pub details: Value,
    /// The figures in words.
    #[serde(skip)]
    pub summary: String,
}

//! What a training run leaves behind about itself.

use inference::frozen::Training;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::algorithm::Algorithm;
use crate::error::TrainingError;
use crate::fit::{Best, Epoch};
use crate::metrics::{Classification, accuracy_interval};
use crate::settings::Settings;
use crate::split::Split;

/// Version of the trainer.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What makes a training run the run that it is: with the same identity comes the same model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    /// Name of the algorithm.
    pub algorithm: String,
    /// Name of the backend.
    pub backend: String,
    /// Version of the trainer.
    pub version: String,
    /// SHA-256 of the data set, in hexadecimal.
    pub data_sha256: String,
    /// The settings.
    pub settings: Settings,
}

impl Identity {
    /// How the model of the epoch `epoch`, measured on `test_rows` rows, was made.
    #[must_use]
    pub fn training(&self, epoch: usize, test_rows: usize) -> Training {
        Training {
            data_sha256: self.data_sha256.clone(),
            seed: self.settings.seed,
            backend: self.backend.clone(),
            epoch,
            version: self.version.clone(),
            test_rows,
        }
    }
}

/// The final figures of a run.
#[derive(Debug)]
pub struct Outcome<'a, M> {
    /// The run.
    pub identity: &'a Identity,
    /// The rows.
    pub split: &'a Split,
    /// The epochs.
    pub history: &'a [Epoch],
    /// The epoch that is kept.
    pub best: &'a Best<M>,
    /// The kept epoch's model on the test rows.
    pub test: &'a Classification,
    /// Number of trained weights.
    pub parameters: usize,
    /// Largest difference between the frozen model's probabilities and the network's.
    pub frozen_difference: f32,
    /// Duration of the training loop in this process.
    pub seconds: f64,
    /// Epochs of this process: all, unless it resumed another.
    pub epochs_here: usize,
}

impl<M> Outcome<'_, M> {
    /// `report.json`.
    ///
    /// # Errors
    ///
    /// If a figure is no number.
    pub fn to_json<A: Algorithm>(&self) -> Result<Vec<u8>, TrainingError> {
        let kept = &self.history[self.best.epoch - 1];
        let report = json!({
            "algorithm": self.identity.algorithm,
            "classes": A::CLASSES,
            "rows": {
                "train": self.split.train.len(),
                "validation": self.split.validation.len(),
                "test": self.split.test.len(),
            },
            "parameters": self.parameters,
            "epochs": self.history.len(),
            "best_epoch": kept,
            "test": {
                "rows": self.test.rows,
                "accuracy": self.test.accuracy,
                "accuracy_95_percent_interval": accuracy_interval(self.test.accuracy, self.test.rows),
                "loss": self.test.loss,
                "confusion": self.test.confusion,
            },
            "frozen_difference": self.frozen_difference,
            "training_seconds": self.seconds,
            "seconds_per_epoch": self.seconds / self.epochs_here.max(1) as f64,
            "data_sha256": self.identity.data_sha256,
            "seed": self.identity.settings.seed,
            "backend": self.identity.backend,
            "version": self.identity.version,
        });
        pretty(&report)
    }
}

/// `value` as indented JSON with a final line feed.
///
/// # Errors
///
/// If it has no JSON form.
pub fn pretty(value: &impl Serialize) -> Result<Vec<u8>, TrainingError> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// `metrics.jsonl`: a line an epoch.
///
/// # Errors
///
/// If a figure is no number.
pub fn metrics(history: &[Epoch]) -> Result<Vec<u8>, TrainingError> {
    let mut bytes = Vec::new();
    for epoch in history {
        serde_json::to_writer(&mut bytes, epoch)?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}

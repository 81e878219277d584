//! What a training run leaves behind about itself.

use model::Training;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::epoch::Epoch;
use crate::error::TrainingError;
use crate::fit::Best;
use crate::memory;
use crate::metrics::Score;
use crate::settings::Settings;
use crate::split::Split;
use crate::task::Evaluation;

/// Version of the trainer.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What this trainer was compiled for, such as `x86_64-linux` or `wasm32-wasi`.
#[must_use]
pub fn target() -> String {
    // The standard library has no name for the system of a sandbox.
    let system = match std::env::consts::OS {
        "" => "wasi",
        system => system,
    };
    format!("{}-{system}", std::env::consts::ARCH)
}

/// What makes a training run the run that it is: with the same identity comes the same model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    /// Name of the algorithm.
    pub algorithm: String,
    /// Name of the backend.
    pub backend: String,
    /// What the trainer was compiled for: see [`target`].
    pub target: String,
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
        let settings = serde_json::to_value(&self.settings).unwrap_or_default();
        let settings = settings.as_object().cloned().unwrap_or_default();
        Training {
            version: self.version.clone(),
            backend: self.backend.clone(),
            target: self.target.clone(),
            data_sha256: self.data_sha256.clone(),
            settings: settings.into_iter().collect(),
            epoch,
            test_rows,
        }
    }
}

/// The final figures of a run.
#[derive(Debug)]
pub struct Outcome<'a> {
    /// The run.
    pub identity: &'a Identity,
    /// What the data set was read from: names of files or folders, without where they are.
    pub data: &'a [String],
    /// The rows.
    pub split: &'a Split,
    /// The epochs.
    pub history: &'a [Epoch],
    /// The epoch that is kept.
    pub best: &'a Best,
    /// What the kept epoch's model is worth.
    pub evaluation: &'a Evaluation,
    /// The outputs for the test rows, divided by the temperature.
    pub outputs: &'a [f32],
    /// The model file.
    pub model: &'a [u8],
    /// The module.
    pub module: &'a [u8],
    /// The share in the answer of the network of each kind.
    pub shares: &'a [f64],
    /// Number of trained weights of all networks.
    pub parameters: usize,
    /// Largest difference between the frozen model's probabilities and the network's.
    pub frozen_difference: f32,
    /// Duration of the training loop in this process.
    pub seconds: f64,
    /// Epochs of this process, of all networks: all, unless it resumed another.
    pub epochs_here: usize,
    /// What was followed beside the loss.
    pub score: Score,
}

impl Outcome<'_> {
    /// `report.json`.
    ///
    /// # Errors
    ///
    /// If a figure is no number.
    pub fn to_json(&self) -> Result<Vec<u8>, TrainingError> {
        let kept = &self.history[self.best.epoch - 1];
        let report = json!({
            "algorithm": self.identity.algorithm,
            "data": self.data,
            "rows": {
                "train": self.split.train.len(),
                "validation": self.split.validation.len(),
                "test": self.split.test.len(),
            },
            "shares": self.shares,
            "parameters": self.parameters,
            "epochs": self.history.len(),
            "best_epoch": line(kept, self.score),
            "test": self.evaluation,
            "frozen_difference": self.frozen_difference,
            "training_seconds": self.seconds,
            "peak_memory_bytes": memory::peak(),
            "seconds_per_epoch": self.seconds / self.epochs_here.max(1) as f64,
            "data_sha256": self.identity.data_sha256,
            "seed": self.identity.settings.seed,
            "backend": self.identity.backend,
            "target": self.identity.target,
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
pub fn metrics(history: &[Epoch], score: Score) -> Result<Vec<u8>, TrainingError> {
    let mut bytes = Vec::new();
    for epoch in history {
        serde_json::to_writer(&mut bytes, &line(epoch, score))?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}

/// An epoch, with the score under its own name.
fn line(epoch: &Epoch, score: Score) -> Value {
    json!({
        "epoch": epoch.epoch,
        "train_loss": epoch.train_loss,
        (format!("train_{}", score.name)): epoch.train_score,
        "validation_loss": epoch.validation_loss,
        (format!("validation_{}", score.name)): epoch.validation_score,
        "validation_objective": epoch.validation_objective,
        "learning_rate": epoch.learning_rate,
    })
}

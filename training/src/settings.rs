//! The settings of a training run.

use serde::{Deserialize, Serialize};

use crate::schedule::Schedule;

/// Everything but the data and the backend that decides what comes out of a training run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Passes over the training rows, at most.
    pub epochs: usize,
    /// Rows to a step.
    pub batch_size: usize,
    /// Highest learning rate.
    pub learning_rate: f64,
    /// How the learning rate changes in the course of training.
    pub schedule: Schedule,
    /// Decoupled weight decay, per step and unit of learning rate.
    pub weight_decay: f64,
    /// Share of a target that is spread over all classes, from 0 to 1
    /// (Szegedy et al., <https://arxiv.org/abs/1512.00567>, section 7).
    pub label_smoothing: f64,
    /// Decay of the moving average of the weights, per step, from 0 (off) to 1.
    pub averaging: f64,
    /// Epochs without improvement on the validation rows before training stops.
    pub patience: usize,
    /// Seed of every random choice.
    pub seed: u64,
}

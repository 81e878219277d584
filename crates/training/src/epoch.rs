//! The figures of an epoch.

use serde::{Deserialize, Serialize};

/// What one epoch came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    /// Number of the epoch, from 1.
    pub epoch: usize,
    /// Loss of the training rows as they were trained on.
    pub train_loss: f64,
    /// [`Score`](crate::metrics::Score) of the training rows as they were trained on.
    pub train_score: f64,
    /// Loss of the validation rows after the epoch.
    pub validation_loss: f64,
    /// [`Score`](crate::metrics::Score) of the validation rows after the epoch.
    pub validation_score: f64,
    /// What training makes small, on the validation rows after the epoch: the loss of calibrated
    /// probabilities, or that against targets smoothed as in training. The epoch with the lowest is
    /// kept: the plain loss rises while a network learns not to be as certain as it could be.
    pub validation_objective: f64,
    /// Learning rate of the epoch's last step.
    pub learning_rate: f64,
}

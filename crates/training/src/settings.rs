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
    /// Whether probabilities are calibrated on the validation rows, by one temperature for all scores
    /// (Guo et al., <https://arxiv.org/abs/1706.04599>). Epochs are then compared as they would be with
    /// it.
    pub calibrated: bool,
    /// Whether rows with equal inputs go to one side of every split.
    pub group_duplicates: bool,
}

impl Settings {
    /// Whether the loop can work with them. The command line makes sure; a file might not.
    #[must_use]
    pub fn are_sound(&self) -> bool {
        let share = 0.0..1.0;
        self.epochs > 0
            && self.batch_size > 0
            && self.patience > 0
            && self.learning_rate.is_finite()
            && self.learning_rate > 0.0
            && self.weight_decay.is_finite()
            && self.weight_decay >= 0.0
            && share.contains(&self.label_smoothing)
            && share.contains(&self.averaging)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Settings for tests that do not depend on them.
    pub fn settings() -> Settings {
        Settings {
            epochs: 1,
            batch_size: 1,
            learning_rate: 0.1,
            schedule: Schedule::Constant,
            weight_decay: 0.0,
            label_smoothing: 0.0,
            averaging: 0.0,
            patience: 1,
            seed: 42,
            calibrated: false,
            group_duplicates: false,
        }
    }

    #[test]
    fn settings_that_cannot_work_are_told() {
        assert!(settings().are_sound());
        let endless = Settings {
            learning_rate: f64::INFINITY,
            ..settings()
        };
        assert!(!endless.are_sound());
    }
}

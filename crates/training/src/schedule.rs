//! Learning-rate schedules.

use std::f64::consts::PI;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// How the learning rate changes in the course of training.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// Always the same.
    Constant,
    /// A linear warm-up over the first twentieth of all steps, then half a cosine down to zero
    /// (Loshchilov and Hutter, <https://arxiv.org/abs/1608.03983>).
    Cosine,
}

/// The warm-up takes one step in this many.
const WARM_UP: usize = 20;

impl Schedule {
    /// The factor on the learning rate at `step`, from 0, of `steps`; between 0 and 1.
    #[must_use]
    pub fn factor(self, step: usize, steps: usize) -> f64 {
        match self {
            Self::Constant => 1.0,
            Self::Cosine => {
                let warm_up = steps / WARM_UP;
                if step < warm_up {
                    return (step + 1) as f64 / warm_up as f64;
                }
                let progress = (step - warm_up) as f64 / (steps - warm_up).max(1) as f64;
                0.5 * (1.0 + (PI * progress.min(1.0)).cos())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constant_stays() {
        for step in [0, 7, 1000] {
            assert!((Schedule::Constant.factor(step, 100) - 1.0).abs() < f64::EPSILON);
        }
    }

    #[test]
    fn cosine_warms_up_and_falls_to_zero() {
        let factor = |step| Schedule::Cosine.factor(step, 100);
        for (step, expected) in [
            (0, 0.2),
            (4, 1.0),
            (5, 1.0),
            (5 + 95 / 5, 0.5 * (1.0 + (PI / 5.0).cos())),
            (100, 0.0),
            (200, 0.0),
        ] {
            assert!((factor(step) - expected).abs() < 1e-12, "step {step}");
        }
    }

    #[test]
    fn the_shortest_run_has_no_warm_up() {
        assert!((Schedule::Cosine.factor(0, 1) - 1.0).abs() < f64::EPSILON);
    }
}

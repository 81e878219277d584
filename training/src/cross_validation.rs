//! Repeated stratified cross-validation: how accurate the algorithm is, rather than one model on
//! the few rows that one split sets aside.

use std::fmt;

use burn::tensor::Device;
use serde::Serialize;

use crate::algorithm::Algorithm;
use crate::error::TrainingError;
use crate::fit::{Observer, Progress, Run};
use crate::random::{Purpose, random};
use crate::settings::Settings;
use crate::split::{Split, folds};

/// One pass in which each row is predicted once, by a model that has not seen it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Repeat {
    /// Number of the repeat, from 1.
    pub repeat: usize,
    /// Share of all rows that are right, from 0 to 1.
    pub accuracy: f64,
    /// Mean cross-entropy of all rows, in nats.
    pub loss: f64,
    /// The accuracy of each fold.
    pub folds: Vec<f64>,
}

/// What a cross-validation came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CrossValidation {
    /// Mean accuracy over the repeats, from 0 to 1.
    pub accuracy: f64,
    /// Mean cross-entropy over the repeats, in nats.
    pub loss: f64,
    /// Standard deviation of the accuracy from repeat to repeat.
    pub deviation_of_repeats: f64,
    /// Standard deviation of the accuracy from fold to fold.
    pub deviation_of_folds: f64,
    /// The repeats.
    pub repeats: Vec<Repeat>,
    /// The settings; the seed is the first repeat's.
    pub settings: Settings,
}

/// Cross-validates with `(folds, repeats)`. Each model is chosen on validation rows of its own, set
/// aside from the rows that it may see. `observer` follows each of them and may interrupt: `None` then.
/// `each` is told the repeats.
///
/// # Errors
///
/// If there are fewer rows than folds, or training fails.
pub fn run<A: Algorithm>(
    algorithm: &A,
    settings: &Settings,
    device: &Device,
    (fold_count, repeat_count): (usize, usize),
    observer: &mut dyn Observer<A::Model>,
    each: &mut dyn FnMut(&Repeat),
) -> Result<Option<CrossValidation>, TrainingError> {
    let labels = algorithm.labels();
    if fold_count > labels.len() {
        return Err(TrainingError::BadSettings(format!(
            "cannot make {fold_count} folds of {} rows; try --cross-validate 10",
            labels.len()
        )));
    }
    let mut repeats = Vec::new();
    for repeat in 0..repeat_count {
        let folds = folds(
            labels,
            fold_count,
            &mut random(settings.seed, Purpose::Folds(repeat)),
        );
        let settings = Settings {
            seed: settings.seed.wrapping_add(repeat as u64),
            ..settings.clone()
        };
        let mut accuracies = Vec::new();
        let (mut right, mut loss) = (0.0, 0.0);
        for fold in folds {
            let rest: Vec<_> = (0..labels.len())
                .filter(|row| !fold.contains(row))
                .collect();
            let split = Split::with_test(labels, &rest, fold, rest.len() / 8, settings.seed);
            let run = Run {
                algorithm,
                settings: &settings,
                device,
                train: &split.train,
                validation: &split.validation,
            };
            let mut state = run.start();
            if run.train(&mut state, observer)? == Progress::Interrupt {
                return Ok(None);
            }
            let Some(best) = &state.best else {
                return Err(TrainingError::Diverged {
                    epoch: state.history.len(),
                });
            };
            let test = run.evaluate(&best.model, &split.test);
            right += test.accuracy * test.rows as f64;
            loss += test.loss * test.rows as f64;
            accuracies.push(test.accuracy);
        }
        let repeat = Repeat {
            repeat: repeat + 1,
            accuracy: right / labels.len() as f64,
            loss: loss / labels.len() as f64,
            folds: accuracies,
        };
        each(&repeat);
        repeats.push(repeat);
    }
    let of_repeats: Vec<_> = repeats.iter().map(|repeat| repeat.accuracy).collect();
    let of_folds: Vec<_> = repeats
        .iter()
        .flat_map(|repeat| repeat.folds.clone())
        .collect();
    let losses: Vec<_> = repeats.iter().map(|repeat| repeat.loss).collect();
    Ok(Some(CrossValidation {
        accuracy: mean(&of_repeats),
        loss: mean(&losses),
        deviation_of_repeats: deviation(&of_repeats),
        deviation_of_folds: deviation(&of_folds),
        repeats,
        settings: settings.clone(),
    }))
}

impl fmt::Display for CrossValidation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let folds = self.repeats.first().map_or(0, |repeat| repeat.folds.len());
        writeln!(
            f,
            "Cross-validated accuracy: {:.2} % \
             (standard deviation {:.2} over {} repeats, {:.2} over {} folds), loss {:.4}",
            100.0 * self.accuracy,
            100.0 * self.deviation_of_repeats,
            self.repeats.len(),
            100.0 * self.deviation_of_folds,
            folds * self.repeats.len(),
            self.loss,
        )
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// The sample's standard deviation; 0 of a single value.
fn deviation(values: &[f64]) -> f64 {
    let centre = mean(values);
    let squares: f64 = values.iter().map(|value| (value - centre).powi(2)).sum();
    (squares / values.len().saturating_sub(1).max(1) as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_and_deviation_by_hand() {
        let values = [0.9, 1.0, 0.95, 0.95];
        assert!((mean(&values) - 0.95).abs() < 1e-12);
        assert!((deviation(&values) - (0.005_f64 / 3.0).sqrt()).abs() < 1e-12);
        assert!(deviation(&[0.5]).abs() < 1e-12);
    }
}

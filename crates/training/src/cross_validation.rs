//! Repeated stratified cross-validation: how accurate the algorithm is, rather than one model on
//! the few rows that one split sets aside.

use std::collections::BTreeMap;
use std::fmt;

use burn::tensor::Device;
use serde::Serialize;

use crate::algorithm::Algorithm;
use crate::committee::Committee;
use crate::error::TrainingError;
use crate::evaluation::evaluate;
use crate::fit::{Observer, Progress, Run};
use crate::metrics::Metrics;
use crate::random::{Purpose, random};
use crate::settings::Settings;
use crate::split::{Rows, Split, folds};

/// One pass in which each row is predicted once, by a model that has not seen it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Repeat {
    /// Number of the repeat, from 1.
    pub repeat: usize,
    /// Figures of all rows: the means of those of the folds, by rows.
    pub metrics: Metrics,
    /// Figures of each fold.
    pub folds: Vec<Metrics>,
}

/// A figure over all repeats.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Summary {
    /// Its mean.
    pub mean: f64,
    /// Standard deviation from repeat to repeat.
    pub std_dev_of_repeats: f64,
    /// Standard deviation from fold to fold.
    pub std_dev_of_folds: f64,
}

/// What a cross-validation came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CrossValidation {
    /// The figures, by name.
    pub metrics: BTreeMap<String, Summary>,
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
    (settings, rows): (&Settings, &Rows<'_>),
    device: &Device,
    (fold_count, repeat_count): (usize, usize),
    observer: &mut dyn Observer,
    each: &mut dyn FnMut(&Repeat),
) -> Result<Option<CrossValidation>, TrainingError> {
    if fold_count > rows.len() {
        return Err(TrainingError::BadSettings(format!(
            "cannot make {fold_count} folds of {} rows; try --cross-validate 10",
            rows.len()
        )));
    }
    let mut repeats = Vec::new();
    for repeat in 0..repeat_count {
        let folds = folds(
            rows,
            fold_count,
            &mut random(settings.seed, Purpose::Folds(repeat)),
        );
        let settings = Settings {
            seed: settings.seed.wrapping_add(repeat as u64),
            ..settings.clone()
        };
        if folds.iter().any(Vec::is_empty) {
            return Err(TrainingError::BadSettings(format!(
                "there are fewer groups of rows that stay together than {fold_count} folds"
            )));
        }
        let mut figures = Vec::new();
        let mut whole = Metrics::new();
        for fold in folds {
            let mut outside = vec![true; rows.len()];
            for row in &fold {
                outside[*row] = false;
            }
            let rest: Vec<_> = (0..rows.len()).filter(|row| outside[*row]).collect();
            let split = Split::with_test(rows, &rest, fold, rest.len() / 8, settings.seed);
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
            let Some(committee) = Committee::form(&run, &state, observer)? else {
                return Ok(None);
            };
            let metrics = evaluate(&run, &committee, &split)?.evaluation.metrics;
            for (name, figure) in &metrics {
                let share = split.test.len() as f64 / rows.len() as f64;
                *whole.entry(name.clone()).or_default() += share * figure;
            }
            figures.push(metrics);
        }
        let repeat = Repeat {
            repeat: repeat + 1,
            metrics: whole,
            folds: figures,
        };
        each(&repeat);
        repeats.push(repeat);
    }
    let names = repeats.first().map(|repeat| repeat.metrics.keys());
    let summary = |name: &String| {
        let of_repeats = repeats.iter().map(|repeat| &repeat.metrics);
        let of_folds = repeats.iter().flat_map(|repeat| &repeat.folds);
        let [of_repeats, of_folds] = [
            of_repeats
                .filter_map(|metrics| metrics.get(name).copied())
                .collect::<Vec<_>>(),
            of_folds
                .filter_map(|metrics| metrics.get(name).copied())
                .collect(),
        ];
        Summary {
            mean: mean(&of_repeats),
            std_dev_of_repeats: std_dev(&of_repeats),
            std_dev_of_folds: std_dev(&of_folds),
        }
    };
    Ok(Some(CrossValidation {
        metrics: (names.into_iter().flatten())
            .map(|name| (name.clone(), summary(name)))
            .collect(),
        repeats,
        settings: settings.clone(),
    }))
}

impl fmt::Display for CrossValidation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let folds = self.repeats.first().map_or(0, |repeat| repeat.folds.len());
        writeln!(
            f,
            "Cross-validation with {folds} folds; figures of rows that the model has not seen\n\n\
             | Figure                   | Mean     | Deviation, {:>2} repeats | Deviation, {:>3} folds |\n\
             |--------------------------|----------|-----------------------|----------------------|",
            self.repeats.len(),
            folds * self.repeats.len(),
        )?;
        for (name, figure) in &self.metrics {
            writeln!(
                f,
                "| {name:<24} | {:<8.4} | {:<21.4} | {:<20.4} |",
                figure.mean, figure.std_dev_of_repeats, figure.std_dev_of_folds
            )?;
        }
        Ok(())
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// The sample's standard deviation; 0 of a single value.
fn std_dev(values: &[f64]) -> f64 {
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
        assert!((std_dev(&values) - (0.005_f64 / 3.0).sqrt()).abs() < 1e-12);
        assert!(std_dev(&[0.5]).abs() < 1e-12);
    }
}

//! How good answers are.

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::Value;

/// The measures of a fold, or their means over folds.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Scores {
    /// Log-loss in nats, or root mean squared error.
    pub loss: f64,
    /// Accuracy, or R².
    pub quality: f64,
    /// Area under the ROC curve, of two classes.
    pub auc: Option<f64>,
}

impl Scores {
    /// Means of all measures.
    pub fn mean(folds: &[Self]) -> Self {
        let count = folds.len() as f64;
        let mean = |of: fn(&Self) -> f64| folds.iter().map(of).sum::<f64>() / count;
        let areas: Option<Vec<f64>> = folds.iter().map(|fold| fold.auc).collect();
        Self {
            loss: mean(|fold| fold.loss),
            quality: mean(|fold| fold.quality),
            auc: areas.map(|areas| areas.iter().sum::<f64>() / count),
        }
    }

    /// Of numbers that a module gave under `--json`, in the field `target`.
    pub fn of_numbers(output: &[u8], target: &str, truths: &[&str]) -> Result<Self> {
        let answers = answers(output, truths.len())?;
        let pairs = answers.iter().zip(truths).map(|(answer, truth)| {
            let number = answer.get(target).and_then(Value::as_f64);
            let number = number.with_context(|| format!("no number `{target}` in `{answer}`"))?;
            let truth: f64 = (truth.trim().parse())
                .with_context(|| format!("the target `{truth}` is not a number"))?;
            Ok((number, truth))
        });
        let pairs: Vec<_> = pairs.collect::<Result<_>>()?;
        let count = pairs.len() as f64;
        let center = pairs.iter().map(|(_, truth)| truth).sum::<f64>() / count;
        let errors: f64 = pairs.iter().map(|(x, truth)| (x - truth).powi(2)).sum();
        let spread: f64 = pairs
            .iter()
            .map(|(_, truth)| (truth - center).powi(2))
            .sum();
        Ok(Self {
            loss: (errors / count).sqrt(),
            quality: 1.0 - errors / spread,
            auc: None,
        })
    }

    /// Of probabilities that a module gave under `--json`.
    pub fn of_classes(output: &[u8], truths: &[&str]) -> Result<Self> {
        let answers = answers(output, truths.len())?;
        let (mut loss, mut right, mut ranked) = (0.0, 0, Vec::new());
        for (answer, truth) in answers.iter().zip(truths) {
            let chances = answer.get("probabilities").and_then(Value::as_object);
            let chances = chances.with_context(|| format!("no probabilities in `{answer}`"))?;
            let chance = chances.get(*truth).and_then(Value::as_f64);
            let Some(chance) = chance else {
                bail!("the module does not know the class `{truth}`");
            };
            // As scikit-learn does with 32-bit probabilities, which these are.
            let least = f64::from(f32::EPSILON);
            loss -= chance.clamp(least, 1.0 - least).ln();
            right += usize::from(answer.get("class").and_then(Value::as_str) == Some(*truth));
            let mut names = chances.iter();
            if let (Some((first, value)), 2) = (names.next(), chances.len()) {
                let value = value.as_f64().unwrap_or_default();
                ranked.push((value, first == truth));
            }
        }
        let count = truths.len() as f64;
        Ok(Self {
            loss: loss / count,
            quality: right as f64 / count,
            auc: area(ranked),
        })
    }
}

fn answers(output: &[u8], rows: usize) -> Result<Vec<Value>> {
    let lines = str::from_utf8(output)?.lines();
    let answers: Vec<Value> = lines.map(serde_json::from_str).collect::<Result<_, _>>()?;
    ensure!(
        answers.len() == rows,
        "{} answers for {rows} rows",
        answers.len()
    );
    Ok(answers)
}

/// The area under the ROC curve of `rows`, each a probability and whether its class is the true one: the share of
/// pairs of rows of either class in the right order, equal ones as half (the statistic U of Mann and Whitney).
fn area(mut rows: Vec<(f64, bool)>) -> Option<f64> {
    rows.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut wins, mut positives) = (0.0, 0.0, 0.0);
    for equal in rows.chunk_by(|a, b| a.0 == b.0) {
        let own = equal.iter().filter(|(_, is_true)| *is_true).count() as f64;
        let others = equal.len() as f64 - own;
        wins += own * (below + others / 2.0);
        below += others;
        positives += own;
    }
    (positives * below > 0.0).then(|| wins / (positives * below))
}

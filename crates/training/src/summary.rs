//! What a training run prints: the network and the table of the blog post that this project began
//! with, so that its readers find what they know.

use crate::epoch::Epoch;
use crate::layers::Network;
use crate::metrics::Score;

/// The layers of `model`, with the number of weights that each trains.
#[must_use]
pub fn network(model: &Network) -> String {
    let mut text = format!("{} {{\n", model.name());
    for (name, layer) in model.layers() {
        text += &format!("  {name}: {}\n", layer.describe());
    }
    text + &format!("  params: {}\n}}\n", parameters(model))
}

/// How many weights `model` trains.
#[must_use]
pub fn parameters(model: &Network) -> usize {
    model.layers().map(|(_, layer)| layer.parameters()).sum()
}

/// The lowest and the highest score and loss, and the epochs they were reached in.
#[must_use]
pub fn table(history: &[Epoch], score: Score) -> String {
    let Score { label, factor, .. } = score;
    let rows: [(&str, &str, Vec<f64>); 4] = [
        (
            "Train",
            label,
            history.iter().map(|e| factor * e.train_score).collect(),
        ),
        (
            "Train",
            "Loss",
            history.iter().map(|e| e.train_loss).collect(),
        ),
        (
            "Valid",
            label,
            history
                .iter()
                .map(|e| factor * e.validation_score)
                .collect(),
        ),
        (
            "Valid",
            "Loss",
            history.iter().map(|e| e.validation_loss).collect(),
        ),
    ];
    let mut text = String::from(
        "| Split | Metric   | Min.     | Epoch    | Max.     | Epoch    |\n\
         |-------|----------|----------|----------|----------|----------|\n",
    );
    for (split, metric, values) in rows {
        let (lowest, at_lowest) = extreme(&values, |a, b| a < b);
        let (highest, at_highest) = extreme(&values, |a, b| a > b);
        text += &format!(
            "| {split} | {metric:<8} | {lowest:<8.3} | {at_lowest:<8} | {highest:<8.3} | {at_highest:<8} |\n"
        );
    }
    text
}

/// The value that comes first by `before`, and its epoch; the earliest of several.
fn extreme(values: &[f64], before: impl Fn(f64, f64) -> bool) -> (f64, usize) {
    let mut found = (f64::NAN, 0);
    for (index, value) in values.iter().enumerate() {
        if found.1 == 0 || before(*value, found.0) {
            found = (*value, index + 1);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::{Classes, Task};

    #[test]
    fn the_table_is_the_blogs() {
        let epoch = |epoch, train_loss, accuracy| Epoch {
            epoch,
            train_loss,
            train_score: accuracy,
            validation_loss: 2.0 * train_loss,
            validation_objective: 2.0 * train_loss,
            validation_score: 1.0,
            learning_rate: 0.1,
        };
        let history = [
            epoch(1, 1.041, 0.475),
            epoch(2, 0.062, 0.98333),
            epoch(3, 0.062, 0.9),
        ];
        let expected = "\
| Split | Metric   | Min.     | Epoch    | Max.     | Epoch    |
|-------|----------|----------|----------|----------|----------|
| Train | Accuracy | 47.500   | 1        | 98.333   | 2        |
| Train | Loss     | 0.062    | 2        | 1.041    | 1        |
| Valid | Accuracy | 100.000  | 1        | 100.000  | 1        |
| Valid | Loss     | 0.124    | 2        | 2.082    | 1        |
";
        assert_eq!(table(&history, Classes::SCORE), expected);
    }
}

use std::sync::Arc;

use burn::tensor::activation::log_softmax;
use burn::tensor::{Tensor, TensorData};
use model::Output;
use serde_json::json;

use super::{Evaluation, Measured, Predictions, Task};
use crate::artifacts::NamedBytes;
use crate::error::TrainingError;
use crate::metrics::{
    Classification, Metrics, Score, accuracy_interval, calibration_error, mixture, probability,
    smoothed_loss, temperature,
};
use crate::plots;
use crate::settings::Settings;

/// To tell classes apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classes {
    /// Names of the classes, in the order of the labels.
    pub names: Vec<String>,
    /// The class of each row, as an index into the names.
    pub labels: Vec<usize>,
}

impl Classes {
    /// The classes `names`, of which each row has that of its label.
    #[must_use]
    pub fn new(names: &[&str], labels: Vec<usize>) -> Self {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Self { names, labels }
    }

    fn labels(&self, rows: &[usize]) -> Vec<usize> {
        rows.iter().map(|row| self.labels[*row]).collect()
    }

    fn classification(&self, outputs: &[f32], rows: &[usize]) -> Classification {
        Classification::measure(outputs, &self.labels(rows), self.width())
    }
}

/// [`burn_cpu_ops::cross_entropy`] out of Burn's own operations.
fn composed(logits: Tensor<2>, targets: Vec<f32>) -> Tensor<1> {
    let shape: [usize; 2] = logits.dims();
    let device = logits.device().inner();
    let targets = Tensor::from_data(TensorData::new(targets, shape), &device);
    (log_softmax(logits, 1) * Tensor::from_inner(targets))
        .sum()
        .mul_scalar(-1.0 / shape[0] as f64)
}

impl Task for Classes {
    const SCORE: Score = Score {
        name: "accuracy",
        label: "Accuracy",
        unit: " %",
        factor: 100.0,
        loss: "cross-entropy, nats",
    };

    const SUPPORTS_LABEL_SMOOTHING: bool = true;

    fn width(&self) -> usize {
        self.names.len()
    }

    fn strata(&self) -> &[usize] {
        &self.labels
    }

    /// Mean cross-entropy against smoothed targets. All classes are as likely for an input of none.
    fn loss(&self, output: Tensor<2>, rows: &[usize], settings: &Settings) -> Tensor<1> {
        let classes = self.width();
        let [inputs, numbers] = output.dims();
        let (members, device) = (numbers / classes, output.device().inner());
        let rest = settings.label_smoothing / classes as f64;
        let right = 1.0 - settings.label_smoothing + rest;
        let target = |row: &usize| {
            let label = self.labels[*row];
            (0..classes).map(move |class| if class == label { right } else { rest } as f32)
        };
        let mut targets: Vec<f32> = (rows.iter())
            .flat_map(|row| (0..members).flat_map(move |_| target(row)))
            .collect();
        let answers = inputs * members;
        targets.resize(answers * classes, 1.0 / classes as f32);
        let output = match members {
            1 => output,
            _ => output.reshape([answers, classes]),
        };
        match burn_cpu_ops::is_available(&device) {
            true => burn_cpu_ops::cross_entropy(output, Arc::new(targets)),
            false => composed(output, targets),
        }
    }

    fn measure(&self, outputs: &[f32], rows: &[usize]) -> Measured {
        let measured = self.classification(outputs, rows);
        Measured {
            loss: measured.loss,
            score: measured.accuracy,
        }
    }

    /// The loss, against targets smoothed as in training.
    fn objective(&self, outputs: &[f32], rows: &[usize], settings: &Settings) -> f64 {
        let smoothing = settings.label_smoothing;
        smoothed_loss(outputs, &self.labels(rows), self.width(), smoothing)
    }

    fn temperature(&self, outputs: &[f32], rows: &[usize], settings: &Settings) -> f32 {
        match settings.calibrated {
            true => temperature(outputs, &self.labels(rows), self.width()),
            false => 1.0,
        }
    }

    fn shares(&self, outputs: &[Vec<f32>], rows: &[usize]) -> Vec<f64> {
        mixture(outputs, &self.labels(rows), self.width())
    }

    /// Logarithms of the mean probabilities.
    fn pooled(&self, outputs: &[Vec<f32>], shares: &[f64]) -> Vec<f32> {
        let width = self.width();
        let mean = |index: usize| {
            let (start, class) = (index / width * width, index % width);
            let scores = outputs
                .iter()
                .filter_map(|one| one.get(start..start + width));
            let weighted = scores
                .zip(shares)
                .map(|(scores, share)| share * probability(scores, class));
            weighted.sum::<f64>().max(f64::MIN_POSITIVE).ln() as f32
        };
        (0..outputs.first().map_or(0, Vec::len)).map(mean).collect()
    }

    fn evaluate(&self, predictions: &Predictions<'_>) -> Result<Evaluation, TrainingError> {
        let rows = &predictions.split.test;
        let test = self.classification(predictions.test, rows);
        let interval = accuracy_interval(test.accuracy, test.rows);
        let calibration = calibration_error(predictions.test, &self.labels(rows), self.width());
        let [low, high] = interval.map(|bound| 100.0 * bound);
        Ok(Evaluation {
            output: Output::Classes(self.names.clone()),
            metrics: Metrics::from([
                ("accuracy".into(), test.accuracy),
                ("loss".into(), test.loss),
                ("calibration_error".into(), calibration),
            ]),
            summary: format!(
                "Test accuracy: {:.2} % of {} rows (95 % interval {low:.1} to {high:.1} %), \
                 loss {:.4}, calibration error {:.2} %",
                100.0 * test.accuracy,
                test.rows,
                test.loss,
                100.0 * calibration,
            ),
            details: json!({
                "rows": test.rows,
                "classes": self.names,
                "accuracy_95_percent_interval": interval,
                "confusion": test.confusion,
            }),
        })
    }

    fn pictures(
        &self,
        predictions: &Predictions<'_>,
    ) -> Result<Vec<NamedBytes<'static>>, TrainingError> {
        let test = self.classification(predictions.test, &predictions.split.test);
        Ok(vec![(
            "confusion.svg",
            plots::confusion(&test, &self.names)?,
        )])
    }
}

#[cfg(test)]
#[cfg(feature = "flex")]
mod tests {
    use super::*;
    use crate::init::normal;
    use crate::parameters::host;
    use crate::random::{Purpose, random};
    use burn::tensor::Device;

    #[test]
    fn fused_cross_entropy_is_burns_forwards_and_backwards() {
        let device = Device::flex().autodiff();
        let mut draw = random(1, Purpose::Weights);
        // Some logits are so large that their exponentials would be infinite.
        for (rows, classes, size) in [(1, 2, 1.0), (33, 3, 4.0), (64, 10, 200.0)] {
            let logits: Tensor<2> = normal([rows, classes], size, &mut draw, &device);
            let targets = (0..rows * classes).map(|index| {
                let is_right = index % classes == index / classes % classes;
                if is_right { 0.9 } else { 0.1 / classes as f32 }
            });
            let targets: Vec<f32> = targets.collect();
            let [fused, burn] = [true, false].map(|fused| {
                let logits = logits.clone().require_grad();
                let targets = targets.clone();
                let loss = match fused {
                    true => burn_cpu_ops::cross_entropy(logits.clone(), Arc::new(targets)),
                    false => composed(logits.clone(), targets),
                };
                let gradients = (loss.clone() * 3.0).backward();
                (host(loss), host(logits.grad(&gradients).unwrap()))
            });
            assert!((fused.0[0] - burn.0[0]).abs() <= 1e-5 * burn.0[0].abs());
            assert!(fused.0[0].is_finite());
            assert_eq!(fused.1, burn.1);
        }
    }
}

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
        let targets = Tensor::from_data(TensorData::new(targets, [answers, classes]), &device);
        let output = output.reshape([answers, classes]);
        (log_softmax(output, 1) * Tensor::from_inner(targets))
            .sum()
            .mul_scalar(-1.0 / answers as f64)
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

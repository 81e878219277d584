use burn::tensor::{Tensor, TensorData};
use model::{NumberOutput, Output};
use serde_json::json;

use super::{Evaluation, Measured, Predictions, Task};
use crate::artifacts::NamedBytes;
use crate::error::TrainingError;
use crate::metrics::{Regression, Score, least_squares};
use crate::plots;
use crate::settings::Settings;

/// Errors up to this size, in the target's unit, count squared in the loss, larger ones in proportion:
/// tasters err, and now and then far (Huber, "Robust estimation of a location parameter", Annals of
/// Mathematical Statistics 35, 1964).
const DELTA: f64 = 0.4;

/// Share of all cases whose true number an interval should hold.
const COVERAGE: f64 = 0.8;

/// To estimate a number.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// What the number is, as JSON names it.
    pub name: &'static str,
    /// The number of each row.
    pub targets: Vec<f32>,
    /// Errors up to this size, in the target's unit, count squared in the loss, larger ones in proportion.
    pub delta: f64,
    strata: Vec<usize>,
}

/// How good an estimate is, beside the network's.
#[derive(Debug, Clone, Copy)]
enum Baseline {
    /// The mean of the training rows, whatever the input.
    Mean,
    /// A linear function of the inputs, fitted to the training rows by least squares.
    LeastSquares,
}

impl Baseline {
    const ALL: [Self; 2] = [Self::Mean, Self::LeastSquares];

    fn name(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::LeastSquares => "least_squares",
        }
    }
}

impl Quantity {
    /// The task to estimate `targets`, which are at least 0, a number for each row.
    #[must_use]
    pub fn new(name: &'static str, targets: Vec<f32>) -> Self {
        let strata = targets.iter().map(|target| target.round() as usize);
        Self {
            name,
            strata: strata.collect(),
            targets,
            delta: DELTA,
        }
    }

    /// The numbers of `rows`.
    #[must_use]
    pub fn of(&self, rows: &[usize]) -> Vec<f32> {
        rows.iter().map(|row| self.targets[*row]).collect()
    }

    fn regression(&self, outputs: &[f32], rows: &[usize]) -> Regression {
        Regression::measure(outputs, &self.of(rows))
    }

    /// How far an interval has to reach to either side to hold the share [`COVERAGE`]: a quantile of the
    /// errors on validation rows (split conformal prediction; Papadopoulos et al., "Inductive
    /// confidence machines for regression", ECML 2002).
    fn half_width(&self, predictions: &Predictions<'_>) -> f32 {
        let targets = self.of(&predictions.split.validation);
        let errors = predictions.validation.iter().zip(targets);
        let mut errors: Vec<f32> = errors
            .map(|(output, target)| (output - target).abs())
            .collect();
        errors.sort_by(f32::total_cmp);
        let rank = ((errors.len() + 1) as f64 * COVERAGE).ceil() as usize;
        let last = errors.len().saturating_sub(1);
        errors
            .get(rank.saturating_sub(1).min(last))
            .copied()
            .unwrap_or(0.0)
    }

    fn baseline(&self, baseline: Baseline, predictions: &Predictions<'_>) -> Vec<f32> {
        let (train, test) = (&predictions.split.train, &predictions.split.test);
        let targets = self.of(train);
        match baseline {
            Baseline::Mean => {
                let sum: f64 = targets.iter().copied().map(f64::from).sum();
                vec![(sum / targets.len().max(1) as f64) as f32; test.len()]
            }
            Baseline::LeastSquares => least_squares(
                &(predictions.inputs)(train),
                &targets,
                &(predictions.inputs)(test),
            ),
        }
    }
}

impl Task for Quantity {
    const SCORE: Score = Score {
        name: "rmse",
        label: "RMSE",
        unit: "",
        factor: 1.0,
        loss: "Huber",
    };

    const SUPPORTS_LABEL_SMOOTHING: bool = false;

    fn width(&self) -> usize {
        1
    }

    fn strata(&self) -> &[usize] {
        &self.strata
    }

    fn loss(&self, output: Tensor<2>, rows: &[usize], _: &Settings) -> Tensor<1> {
        // A column for each member, written out: left to broadcasting, every output would meet every
        // target, and the mean of all be learnt.
        let [_, members] = output.dims();
        let targets: Vec<f32> = (rows.iter())
            .flat_map(|row| vec![self.targets[*row]; members])
            .collect();
        let device = output.device().inner();
        let targets = Tensor::from_data(TensorData::new(targets, [rows.len(), members]), &device);
        let error = (output - Tensor::from_inner(targets)).abs();
        let small = error.clone().clamp_max(self.delta);
        (small.clone().square().mul_scalar(0.5) + (error - small).mul_scalar(self.delta)).mean()
    }

    fn measure(&self, outputs: &[f32], rows: &[usize]) -> Measured {
        let loss = |(output, target): (&f32, f32)| {
            let error = (f64::from(*output) - f64::from(target)).abs();
            let small = error.min(self.delta);
            0.5 * small * small + self.delta * (error - small)
        };
        let losses: f64 = outputs.iter().zip(self.of(rows)).map(loss).sum();
        let loss = losses / rows.len().max(1) as f64;
        Measured {
            loss,
            score: self.regression(outputs, rows).rmse,
        }
    }

    fn objective(&self, outputs: &[f32], rows: &[usize], _: &Settings) -> f64 {
        self.measure(outputs, rows).loss
    }

    /// The mean numbers.
    fn pooled(&self, outputs: &[Vec<f32>], shares: &[f64]) -> Vec<f32> {
        let mean = |row: usize| {
            let numbers = outputs.iter().filter_map(|one| one.get(row)).zip(shares);
            numbers
                .map(|(number, share)| share * f64::from(*number))
                .sum::<f64>() as f32
        };
        (0..outputs.first().map_or(0, Vec::len)).map(mean).collect()
    }

    fn evaluate(&self, predictions: &Predictions<'_>) -> Result<Evaluation, TrainingError> {
        let rows = &predictions.split.test;
        let network = self.regression(predictions.test, rows);
        let half_width = self.half_width(predictions);
        let within = predictions.test.iter().zip(self.of(rows));
        let within = within.filter(|(output, target)| (*output - target).abs() <= half_width);
        let coverage = within.count() as f64 / rows.len().max(1) as f64;

        let mut metrics = network.metrics("");
        metrics.insert("interval_coverage".into(), coverage);
        metrics.insert("interval_half_width".into(), half_width.into());
        let mut table = String::from(
            "| Test rows     | RMSE   | MAE    | R²     | Within 0.5 |\n\
             |---------------|--------|--------|--------|------------|\n",
        );
        table += &network.row("network");
        for baseline in Baseline::ALL {
            let measured = self.regression(&self.baseline(baseline, predictions), rows);
            metrics.extend(measured.metrics(&format!("{}_", baseline.name())));
            table += &measured.row(&baseline.name().replace('_', " "));
        }
        Ok(Evaluation {
            output: Output::Number(NumberOutput {
                name: self.name.into(),
                coverage: COVERAGE as f32,
                half_width,
                decimals: 1,
            }),
            metrics,
            summary: format!(
                "{table}\nThe interval for {:.0} % has a half width of {half_width:.3}, and holds \
                 {:.1} % of {} test rows",
                100.0 * COVERAGE,
                100.0 * coverage,
                network.rows,
            ),
            details: json!({ "rows": network.rows }),
        })
    }

    fn pictures(
        &self,
        predictions: &Predictions<'_>,
    ) -> Result<Vec<NamedBytes<'static>>, TrainingError> {
        let (outputs, targets) = (predictions.test, self.of(&predictions.split.test));
        let half_width = self.half_width(predictions);
        Ok(vec![
            (
                "residuals.svg",
                plots::residuals(outputs, &targets, half_width)?,
            ),
            (
                "predicted-vs-true.svg",
                plots::predicted_vs_true(outputs, &targets, self.name)?,
            ),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::split::Split;

    fn predictions<'a>(
        split: &'a Split,
        validation: &'a [f32],
        test: &'a [f32],
        inputs: &'a dyn Fn(&[usize]) -> Vec<f32>,
    ) -> Predictions<'a> {
        Predictions {
            split,
            validation,
            test,
            inputs,
        }
    }

    #[test]
    fn the_interval_is_a_quantile_of_the_validation_errors() {
        let task = Quantity::new("score", vec![5.0; 30]);
        let split = Split {
            train: (19..30).collect(),
            validation: (0..9).collect(),
            test: (9..19).collect(),
        };
        // Errors of 0.1 to 0.9: of ten that are as likely, the eighth holds eight.
        let validation: Vec<f32> = (1..10).map(|i| 5.0 + 0.1 * i as f32).collect();
        let test: Vec<f32> = (0..10).map(|i| 5.0 - 0.1 * i as f32).collect();
        let inputs = |rows: &[usize]| rows.iter().map(|row| *row as f32).collect();
        let judged = task
            .evaluate(&predictions(&split, &validation, &test, &inputs))
            .unwrap();
        let Output::Number(quantity) = &judged.output else {
            unreachable!("a quantity was judged")
        };
        assert!((quantity.half_width - 0.8).abs() < 1e-5);
        assert!((judged.metrics["interval_coverage"] - 0.9).abs() < 1e-9);
        assert!(judged.metrics["mean_rmse"].abs() < 1e-6);
        assert!(judged.metrics["least_squares_rmse"].abs() < 1e-4);
    }

    #[test]
    fn measured_by_hand() {
        let task = Quantity::new("score", vec![5.0, 6.0]);
        let measured = task.measure(&[5.2, 7.0], &[0, 1]);
        let expected = f64::midpoint(0.02, 0.08 + 0.4 * 0.6);
        assert!((measured.loss - expected).abs() < 1e-6);
        assert!((measured.score - (1.04_f64 / 2.0).sqrt()).abs() < 1e-6);
    }

    #[cfg(feature = "flex")]
    #[test]
    fn the_loss_of_members_is_the_mean_of_theirs_row_by_row() {
        let task = Quantity::new("score", vec![5.0, 6.0]);
        let settings = Settings::default();
        let device = burn::tensor::Device::flex().autodiff();
        let output = Tensor::<2>::from_floats([[5.2, 5.2], [7.0, 7.0]], &device);
        let loss = task.loss(output, &[0, 1], &settings).into_scalar::<f32>();
        let expected = task.measure(&[5.2, 7.0], &[0, 1]).loss;
        assert!((f64::from(loss) - expected).abs() < 1e-6);
    }
}

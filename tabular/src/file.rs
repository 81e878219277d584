//! The model file.

use std::collections::BTreeMap;

use model::{AlignedBytes, FrozenLayer, Input, ModelFile, NumberOutput, Output, Training};
use training::TrainingError;

use crate::error::TabularError;
use crate::fit::Fitted;
use crate::measure;
use crate::table::Table;
use crate::target::{Kind, Target};

/// Share of all rows whose number lies in the interval of its answer.
const COVERAGE: f64 = 0.8;
/// How far the runtime may be from the trainer, which computes in 64 bits.
const TOLERANCE: f64 = 1e-4;
/// Longest example for the help, in bytes.
const EXAMPLE: usize = 600;
/// Significant digits of a number's standard deviation that people read.
const DIGITS: i32 = 3;

/// What a model is called and says of itself.
#[derive(Debug, Clone)]
pub struct Identity {
    /// Its name.
    pub name: String,
    /// How it was made.
    pub training: Training,
}

/// What the model's numbers mean: for a number, with the interval that holds for answers of models that have not seen a row.
#[must_use]
pub fn output(table: &Table, fitted: &Fitted) -> Output {
    let target = &table.target;
    match &target.kind {
        Kind::Classes(classes) => Output::Classes(classes.clone()),
        Kind::Number => Output::Number(NumberOutput {
            name: target.name.clone(),
            coverage: COVERAGE as f32,
            half_width: half_width(&fitted.answers, &target.values),
            decimals: decimals(&target.values),
        }),
    }
}

/// The quantile of the distances from `answers` to `targets` that holds for a new row with the share [`COVERAGE`] (split
/// conformal prediction; J. Lei et al., "Distribution-free predictive inference for regression", JASA 113, 2018).
fn half_width(answers: &[f64], targets: &[f32]) -> f32 {
    let distance = |(answer, target): (&f64, &f32)| (answer - f64::from(*target)).abs();
    let mut distances: Vec<f64> = answers.iter().zip(targets).map(distance).collect();
    distances.sort_by(f64::total_cmp);
    let rank = (COVERAGE * (distances.len() + 1) as f64).ceil() as usize;
    let place = rank.clamp(1, distances.len().max(1)) - 1;
    distances
        .get(place)
        .map_or(0.0, |distance| *distance as f32)
}

/// Decimal places with which people read numbers like `targets`.
fn decimals(targets: &[f32]) -> usize {
    let count = targets.len().max(1) as f64;
    let mean = targets.iter().copied().map(f64::from).sum::<f64>() / count;
    let variance = targets
        .iter()
        .map(|y| (f64::from(*y) - mean).powi(2))
        .sum::<f64>()
        / count;
    if variance == 0.0 {
        return 0;
    }
    let magnitude = variance.sqrt().log10().floor() as i32;
    (DIGITS - 1 - magnitude).clamp(0, 6) as usize
}

/// The bytes of a model with `layers` for tables like `table`.
///
/// # Errors
///
/// If they could not be read again.
pub fn bytes(
    identity: &Identity,
    table: &Table,
    layers: Vec<FrozenLayer>,
    output: Output,
    metrics: BTreeMap<String, f64>,
) -> Result<Vec<u8>, TabularError> {
    let input = table.describe();
    let file = ModelFile {
        name: identity.name.clone(),
        about: about(table, &input),
        example: Some(table.json(0, None))
            .filter(|json| json.len() <= EXAMPLE)
            .unwrap_or_default(),
        input,
        output,
        layers,
        metrics,
        training: identity.training.clone(),
    };
    Ok(file.to_bytes().map_err(TrainingError::from)?)
}

fn about(table: &Table, input: &Input) -> String {
    let name = &table.target.name;
    let columns = match input {
        Input::Columns(columns) => columns.len(),
        _ => 0,
    };
    let inputs = match columns {
        1 => "one column".to_owned(),
        count => format!("{count} columns"),
    };
    match &table.target.kind {
        Kind::Classes(classes) => format!(
            "Predicts {name}, one of {} classes, from {inputs}.",
            classes.len()
        ),
        Kind::Number => format!("Predicts the number {name} from {inputs}."),
    }
}

/// Holds the answers of the model in `bytes` to the first rows, of which `json` makes its input, against those of the trainer,
/// and returns the largest difference, relative to the scale of the answers. Texts of which the model knows nothing do not count.
///
/// # Errors
///
/// If the runtime refuses a row, or answers something else than rounding explains.
pub fn check(
    bytes: &AlignedBytes,
    target: &Target,
    json: &dyn Fn(u32) -> String,
    expected: &[f64],
) -> Result<f64, TabularError> {
    let width = target.width();
    // The runtime never answers NaN.
    let unknown = vec![f32::NAN; width];
    let found = measure::answers(bytes, expected.len() / width, json, &unknown)?;
    let scale = match target.kind {
        Kind::Classes(_) => 1.0,
        Kind::Number => expected
            .iter()
            .fold(f64::MIN_POSITIVE, |most, y| most.max(y.abs())),
    };
    let mut largest = 0.0_f64;
    let pairs = found.iter().zip(expected).enumerate();
    for (place, (found, expected)) in pairs.filter(|(_, (found, _))| !found.is_nan()) {
        let difference = (f64::from(*found) - expected).abs() / scale;
        if difference > TOLERANCE || difference.is_nan() {
            return Err(TabularError::Training(TrainingError::FrozenDiffers {
                difference: difference as f32,
                row: place / width,
            }));
        }
        largest = largest.max(difference);
    }
    Ok(largest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_has_its_share_of_the_rows() {
        let targets: Vec<f32> = (1..=9_u8).map(f32::from).collect();
        // The eighth of nine: 0.8 · 10.
        assert_eq!(half_width(&[0.0; 9], &targets), 8.0);
        assert_eq!(half_width(&[0.0], &[3.0]), 3.0);
        assert_eq!(half_width(&[], &[]), 0.0);
    }

    #[test]
    fn people_read_three_digits_of_a_deviation() {
        for (numbers, expected) in [
            ([0.0, 8000.0], 0),
            ([10.0, 42.0], 1),
            ([0.0, 0.008], 5),
            ([3.0, 3.0], 0),
        ] {
            assert_eq!(decimals(&numbers), expected, "{numbers:?}");
        }
    }
}

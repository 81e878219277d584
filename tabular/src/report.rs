//! What a run says of itself: `report.json`, and the same as a page.

use datasets::frame::{Cells, ColumnSchema};
use serde::Serialize;

use crate::columns::{Feature, Input};
use crate::fit::Tried;
use crate::measure::Figures;
use crate::target::{Kind, Target};

/// Bars of the distribution of a number.
const BARS: usize = 20;
/// Categories of which the numbers of rows are told.
const LISTED: usize = 12;

/// All that is known of a model and its data.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Name of the model.
    pub name: String,
    /// Version of the trainer.
    pub version: String,
    /// The data.
    pub data: Data,
    /// What is predicted.
    pub target: Summary,
    /// Names of its classes in the order of the figures; none if it is a number.
    pub classes: Vec<String>,
    /// What it is predicted from.
    pub columns: Vec<Summary>,
    /// What was decided on the way, in sentences.
    pub notes: Vec<String>,
    /// How `test` was measured, in words.
    pub measured: String,
    /// How good the model is on rows that it has not learnt from.
    pub test: Figures,
    /// Its loss beside those of simpler ones: what they are, and their log-loss or RMSE on the same rows.
    pub baselines: Vec<(String, f64)>,
    /// The members that were tried.
    pub members: Vec<Tried>,
    /// By how much the loss grows without each column, the largest first.
    pub importance: Vec<(String, f64)>,
    /// Rows whose answers were most wrong.
    pub surprises: Vec<Surprise>,
    /// The files that were written.
    pub model: Files,
    /// How it was made.
    pub settings: serde_json::Value,
    /// How long it took, in seconds.
    pub seconds: f64,
}

/// The data that a model was trained on.
#[derive(Debug, Serialize)]
pub struct Data {
    /// Name of the file.
    pub file: String,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// Rows with a target.
    pub rows: usize,
    /// Rows that the model has learnt from.
    pub training_rows: usize,
    /// Rows of a test apart; 0 for a cross-validation.
    pub test_rows: usize,
}

/// The files of a model.
#[derive(Debug, Serialize)]
pub struct Files {
    /// SHA-256 of `model.safetensors`, in hexadecimal.
    pub model_sha256: String,
    /// Its size in bytes.
    pub model_bytes: usize,
    /// Name of the module.
    pub module: String,
    /// SHA-256 of the module, in hexadecimal.
    pub module_sha256: String,
    /// Its size in bytes.
    pub module_bytes: usize,
    /// The largest difference between the trainer and the module, relative to the scale of the answers.
    pub largest_difference: f64,
    /// An input, as JSON.
    pub example: String,
}

/// A row whose answer was wrong.
#[derive(Debug, Serialize)]
pub struct Surprise {
    /// Its line in the file, from 1.
    pub line: u32,
    /// The row as JSON.
    pub row: String,
    /// What is true.
    pub truth: String,
    /// What was answered.
    pub answer: String,
    /// The probability of the true class, or the error.
    pub amount: f64,
}

/// What is known of a column.
#[derive(Debug, Serialize)]
pub struct Summary {
    /// Its name.
    pub name: String,
    /// `number`, `category` or `date`; of a file that is only inspected also `text`.
    pub kind: &'static str,
    /// Its unit.
    pub unit: String,
    /// What it says.
    pub description: String,
    /// How many rows lack a value.
    pub missing: usize,
    /// How many different values there are.
    pub distinct: usize,
    /// Of a number: the least, the mean and the greatest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<[f64; 3]>,
    /// Of a number, rows in parts of the range of equal width; of a category, rows of the most frequent ones.
    pub counts: Vec<(String, usize)>,
}

impl Summary {
    /// Of a column to learn from.
    #[must_use]
    pub fn of_input(input: &Input) -> Self {
        let schema = &input.schema;
        let mut summary = match (input.features.first(), input.features.len()) {
            (Some(Feature::Number(numbers)), 1) => of_numbers("number", numbers),
            (Some(Feature::Number(days)), _) => of_numbers("date", days),
            (Some(Feature::Category(codes)), _) => {
                let codes = codes
                    .iter()
                    .map(|code| input.categories.get(*code as usize).map(|_| *code as usize));
                of_codes(codes, &input.categories)
            }
            (None, _) => of_numbers("number", &[]),
        };
        summary.name.clone_from(&schema.name);
        summary.unit.clone_from(&schema.unit);
        summary.description.clone_from(&schema.description);
        summary
    }

    /// Of a column of a file, of whatever kind.
    #[must_use]
    pub fn of_column(schema: ColumnSchema, cells: Cells) -> Self {
        if let Cells::Texts {
            distinct, missing, ..
        } = cells
        {
            return Self {
                name: schema.name,
                unit: schema.unit,
                description: schema.description,
                missing,
                distinct,
                ..empty("text")
            };
        }
        Input::new(schema, cells).map_or_else(|| empty("text"), |input| Self::of_input(&input))
    }

    /// Of what is predicted.
    #[must_use]
    pub fn of_target(target: &Target) -> Self {
        let mut summary = match &target.kind {
            Kind::Number => of_numbers("number", &target.values),
            Kind::Classes(classes) => of_codes(
                target.values.iter().map(|class| Some(*class as usize)),
                classes,
            ),
        };
        summary.name.clone_from(&target.name);
        summary
    }
}

fn empty(kind: &'static str) -> Summary {
    Summary {
        name: String::new(),
        kind,
        unit: String::new(),
        description: String::new(),
        missing: 0,
        distinct: 0,
        range: None,
        counts: Vec::new(),
    }
}

fn of_numbers(kind: &'static str, numbers: &[f32]) -> Summary {
    let mut known: Vec<f32> = numbers.iter().copied().filter(|x| !x.is_nan()).collect();
    known.sort_unstable_by(f32::total_cmp);
    let mut summary = empty(kind);
    summary.missing = numbers.len() - known.len();
    let (Some(low), Some(high)) = (known.first(), known.last()) else {
        return summary;
    };
    let (low, high) = (f64::from(*low), f64::from(*high));
    let mean = known.iter().copied().map(f64::from).sum::<f64>() / known.len() as f64;
    summary.range = Some([low, mean, high]);
    let width = (high - low) / BARS as f64;
    let mut counts = vec![0; BARS];
    for number in &known {
        let bar = ((f64::from(*number) - low) / width) as usize;
        counts[bar.min(BARS - 1)] += 1;
    }
    known.dedup();
    summary.distinct = known.len();
    let from = |bar: usize| format!("{}", (low + bar as f64 * width) as f32);
    summary.counts = counts
        .into_iter()
        .enumerate()
        .map(|(bar, count)| (from(bar), count))
        .collect();
    summary
}

fn of_codes(codes: impl Iterator<Item = Option<usize>>, names: &[String]) -> Summary {
    let mut summary = empty("category");
    let mut counts = vec![0; names.len()];
    for code in codes {
        match code.and_then(|code| counts.get_mut(code)) {
            Some(count) => *count += 1,
            None => summary.missing += 1,
        }
    }
    summary.distinct = counts.iter().filter(|count| **count > 0).count();
    let mut listed: Vec<(String, usize)> = names.iter().cloned().zip(counts).collect();
    listed.sort_by_key(|entry| core::cmp::Reverse(entry.1));
    listed.truncate(LISTED);
    summary.counts = listed;
    summary
}

//! The model file.

use std::collections::BTreeMap;

use model::{AlignedBytes, FrozenLayer, Input, ModelFile, Output, Text, TextPart, Tokenizer};
use tabular::error::TabularError;
use tabular::file::Identity;
use training::TrainingError;

use crate::corpus::Corpus;
use crate::fit::Fitted;
use crate::measure;

/// How far the runtime may be from the trainer, which computes in 64 bits.
const TOLERANCE: f64 = 1e-4;
/// Longest example for the help, in bytes.
const EXAMPLE: usize = 600;

/// The bytes of a model for texts like those of `corpus`.
///
/// # Errors
///
/// If they could not be read again.
pub fn bytes(
    identity: &Identity,
    corpus: &Corpus,
    fitted: &Fitted,
    metrics: BTreeMap<String, f64>,
) -> Result<Vec<u8>, TabularError> {
    let part = |name: &String| TextPart {
        name: name.clone(),
        description: "a text".into(),
    };
    let input = Text {
        parts: corpus.names.iter().map(part).collect(),
        max_tokens: fitted.places,
        tokenizer: Tokenizer::Characters,
    };
    let layers: Vec<FrozenLayer> = fitted.layers.clone();
    let file = ModelFile {
        name: identity.name.clone(),
        about: about(corpus),
        example: example(corpus),
        input: Input::Text(input),
        output: Output::Classes(corpus.classes().to_vec()),
        layers,
        metrics,
        training: identity.training.clone(),
    };
    Ok(file.to_bytes().map_err(TrainingError::from)?)
}

fn about(corpus: &Corpus) -> String {
    let (name, classes) = (&corpus.table.target.name, corpus.classes().len());
    format!("Predicts {name}, one of {classes} classes, from a text.")
}

/// The first text that is short enough, and that a shell takes in single quotes.
#[must_use]
pub fn example(corpus: &Corpus) -> String {
    let mut texts = (0..corpus.rows()).map(|row| corpus.json(row));
    texts
        .find(|json| json.len() <= EXAMPLE && !json.contains('\''))
        .unwrap_or_default()
}

/// Holds the answers of the model in `bytes` to the first texts of `corpus` against those of the trainer, and returns the
/// largest difference.
///
/// # Errors
///
/// If the runtime refuses a text, or answers something else than rounding explains.
pub fn check(bytes: &AlignedBytes, corpus: &Corpus, expected: &[f64]) -> Result<f64, TabularError> {
    let classes = corpus.classes().len();
    let rows: Vec<u32> = (0..(expected.len() / classes) as u32).collect();
    let none: [f64; 0] = [];
    let found = measure::answers(bytes, &corpus.select(&rows), &none)?;
    let mut largest = 0.0_f64;
    for (place, (found, expected)) in found.iter().zip(expected).enumerate() {
        // A text without an n-gram of the model has no answer.
        if found.is_nan() {
            continue;
        }
        let difference = (f64::from(*found) - expected).abs();
        if difference > TOLERANCE || difference.is_nan() {
            return Err(TabularError::Training(TrainingError::FrozenDiffers {
                difference: difference as f32,
                row: place / classes,
            }));
        }
        largest = largest.max(difference);
    }
    Ok(largest)
}

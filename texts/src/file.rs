//! The model file.

use std::collections::BTreeMap;

use model::{FrozenLayer, Input, ModelFile, Output, Text, TextPart, Tokenizer};
use tabular::error::TabularError;
use tabular::file::Identity;
use training::TrainingError;

use crate::corpus::Corpus;
use crate::fit::Fitted;

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
    let mut texts = (0..corpus.rows() as u32).map(|row| corpus.json(row));
    texts
        .find(|json| json.len() <= EXAMPLE && !json.contains('\''))
        .unwrap_or_default()
}

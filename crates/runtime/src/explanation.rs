//! Why an answer is what it is: what it loses when a word is left out, or a field takes a typical value (occlusion;
//! Zeiler and Fergus, <https://arxiv.org/abs/1311.2901>).

use alloc::string::String;
use alloc::vec::Vec;

use model::tokenizer::Splitter;
use model::{Column, Output, Text};

use crate::answer::{Weight, weight};
use crate::input::is_word;
use crate::network::Predict;

/// How many parts are listed, at most.
const LISTED: usize = 8;

/// The words that count most for the answer, the weightiest first: with one more prediction for each.
/// `numbers` are those of `words`, and are that again afterwards.
pub fn explain_text(
    (text, splitter): (&Text, Splitter),
    output: &Output,
    network: &mut dyn Predict,
    numbers: &mut [f32],
    words: &mut [String],
) -> Vec<Weight> {
    let whole = network.predict(numbers).to_vec();
    let read = text.fill(splitter, words, numbers);
    let words = words.get_mut(..read).unwrap_or_default();
    let mut weights = Vec::new();
    for first in 0..words.len() {
        let Some(word) = words.get(first).cloned() else {
            continue;
        };
        let known = words.iter().position(|other| *other == word);
        if known != Some(first) || !is_word(&word) {
            continue;
        }
        // An empty word keeps its neighbours apart.
        let places: Vec<usize> = (first..words.len())
            .filter(|place| words.get(*place) == Some(&word))
            .collect();
        write(words, &places, "");
        text.fill(splitter, words, numbers);
        write(words, &places, &word);
        let weight = weight(output, &whole, network.predict(numbers));
        if weight > 0.0 {
            weights.push(Weight { part: word, weight });
        }
    }
    text.fill(splitter, words, numbers);
    weightiest(weights)
}

/// Writes `word` in these places of `words`.
fn write(words: &mut [String], places: &[usize], word: &str) {
    for place in places {
        if let Some(other) = words.get_mut(*place) {
            other.clear();
            other.push_str(word);
        }
    }
}

/// The columns that change the answer most against their typical values, the weightiest first: with one more prediction for
/// each. `numbers` are as they were again afterwards.
pub fn explain_columns(
    columns: &[Column],
    output: &Output,
    network: &mut dyn Predict,
    numbers: &mut [f32],
) -> Vec<Weight> {
    let whole = network.predict(numbers).to_vec();
    let mut weights = Vec::new();
    let mut start = 0;
    for column in columns {
        let own = start..start + column.numbers();
        start = own.end;
        let Some(place) = numbers.get_mut(own.clone()) else {
            continue;
        };
        let given = place.to_vec();
        place.copy_from_slice(&column.typical);
        let weight = weight(output, &whole, network.predict(numbers));
        if let Some(place) = numbers.get_mut(own) {
            place.copy_from_slice(&given);
        }
        if weight != 0.0 {
            let part = column.name.clone();
            weights.push(Weight { part, weight });
        }
    }
    weightiest(weights)
}

fn weightiest(mut weights: Vec<Weight>) -> Vec<Weight> {
    weights.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    weights.truncate(LISTED);
    weights
}

//! Why an answer is what it is: what it loses when a word is left out (occlusion; Zeiler and Fergus,
//! <https://arxiv.org/abs/1311.2901>).

use alloc::string::String;
use alloc::vec::Vec;

use model::{Output, Text};

use crate::answer::{WordWeight, weight};
use crate::input::fill;
use crate::network::Predict;

/// How many words are listed, at most.
const LISTED: usize = 8;

/// The words that count most for the answer, the weightiest first: with one more prediction for each.
/// `numbers` are those of `words`, and are that again afterwards.
pub fn explain(
    text: &Text,
    output: &Output,
    network: &mut dyn Predict,
    numbers: &mut [f32],
    words: &mut [String],
) -> Vec<WordWeight> {
    let whole = network.predict(numbers).to_vec();
    let read = words.len().min(text.max_tokens);
    let words = words.get_mut(..read).unwrap_or_default();
    let mut weights = Vec::new();
    for first in 0..words.len() {
        let Some(word) = words.get(first).cloned() else {
            continue;
        };
        let known = words.iter().position(|other| *other == word);
        if known != Some(first) {
            continue;
        }
        // An empty word keeps its neighbours apart.
        let mut without = words.to_vec();
        for other in without.iter_mut().filter(|other| **other == word) {
            other.clear();
        }
        fill(text, &without, numbers);
        let weight = weight(output, &whole, network.predict(numbers));
        if weight > 0.0 {
            weights.push(WordWeight { word, weight });
        }
    }
    fill(text, words, numbers);
    weights.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    weights.truncate(LISTED);
    weights
}

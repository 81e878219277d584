//! The words that speak for each class.

use std::collections::HashMap;

use model::Tokenizer;
use model::characters::{Shape, WORD, ngrams};
use model::ngrams::pair;

use crate::bags::{Bags, LEFT_OUT};
use crate::corpus::Corpus;
use crate::job::Small;

/// Words that are listed for a class.
const LISTED: usize = 10;
/// N-grams of which those are listed that are words.
const LOOKED_AT: usize = 5 * LISTED;
/// A word, and nothing else.
const WORDS: Shape = Shape {
    words: 1,
    shortest: 0,
    longest: 0,
    across: false,
};

/// Words and pairs of words that add most to the score of each class over all texts, the first the most. Signs are left out.
#[must_use]
pub fn telling_words(corpus: &Corpus, bags: &Bags, small: &Small) -> Vec<Vec<String>> {
    let words: Vec<(u32, usize)> = bags
        .ngrams
        .iter()
        .zip(&small.columns)
        .filter(|(ngram, column)| **ngram >= WORD && **column != LEFT_OUT)
        .map(|(ngram, column)| (*ngram, *column as usize))
        .collect();
    let most = |side: usize, sign: f64| {
        let weights = small.weights[side].floats();
        let counts = |column: usize| sign * weights[column] * small.squares[column].sqrt();
        let mut all: Vec<(f64, u32)> = words
            .iter()
            .map(|(ngram, column)| (counts(*column), *ngram))
            .collect();
        all.retain(|(count, _)| *count > 0.0);
        all.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        all.truncate(LOOKED_AT);
        all.into_iter()
            .map(|(_, ngram)| ngram)
            .collect::<Vec<u32>>()
    };
    let of_classes: Vec<Vec<u32>> = match small.weights.len() {
        // One side is told from the other.
        1 => vec![most(0, -1.0), most(0, 1.0)],
        sides => (0..sides).map(|side| most(side, 1.0)).collect(),
    };
    let names = names(corpus, of_classes.concat());
    let is_word = |name: &String| {
        name.split(' ')
            .all(|word| word.contains(char::is_alphanumeric))
    };
    let name = |ngram: &u32| names.get(ngram).cloned().flatten().filter(is_word);
    let listed = |ngrams: &Vec<u32>| ngrams.iter().filter_map(name).take(LISTED).collect();
    of_classes.iter().map(listed).collect()
}

/// How the n-grams of words in `wanted` are written: hashes do not tell.
fn names(corpus: &Corpus, wanted: Vec<u32>) -> HashMap<u32, Option<String>> {
    let mut names: HashMap<u32, Option<String>> =
        wanted.into_iter().map(|ngram| (ngram, None)).collect();
    let mut missing = names.len();
    for parts in &corpus.texts {
        let mut pieces = Vec::new();
        for part in parts.iter() {
            Tokenizer::Characters.split(part, &mut pieces);
        }
        let mut before: Option<(u32, String)> = None;
        for piece in &pieces {
            let (mut characters, mut word) = (Vec::new(), None);
            Tokenizer::Characters.tokens(piece, &mut |token| characters.push(token));
            ngrams(&characters, WORDS, |ngram| word = Some(ngram));
            let Some(word) = word else {
                continue;
            };
            let name = piece.to_lowercase();
            let both = before
                .map(|(first, name_before)| (pair(first, word), format!("{name_before} {name}")));
            for (ngram, name) in both.into_iter().chain([(word, name.clone())]) {
                if let Some(place @ None) = names.get_mut(&ngram) {
                    *place = Some(name);
                    missing -= 1;
                }
            }
            before = Some((word, name));
        }
        if missing == 0 {
            break;
        }
    }
    names
}

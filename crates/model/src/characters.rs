//! N-grams of characters and of words as numbers.
//!
//! A text is a list of characters in lower case: see [`Tokenizer::Characters`](crate::Tokenizer::Characters). An n-gram
//! is a hash of 31 bits and one more bit, which tells words from characters. What a network knows of n-grams it finds by
//! the sorted list of those that it has learnt from.

use alloc::vec::Vec;

use crate::ngrams::{PAIR, pair};
use crate::tokenizer::{HOLE, mix};

/// Set in the number of every n-gram of words, and of no n-gram of characters.
pub const WORD: u32 = PAIR;

/// Which n-grams a text consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shape {
    /// Words of an n-gram of words, at most: 0, 1 or 2.
    pub words: usize,
    /// Characters of an n-gram of characters, at least.
    pub shortest: usize,
    /// Characters of an n-gram of characters, at most; 0 for no such n-grams.
    pub longest: usize,
    /// Whether n-grams of characters go across spaces. If not, each belongs to one run of other characters, with one
    /// space on each side.
    pub across: bool,
}

/// Longest n-gram of characters.
pub const MOST_LONGEST: usize = 16;

/// The offset basis and the prime of FNV-1a with 32 bits, here over characters in place of bytes.
const OFFSET: u32 = 0x811c_9dc5;
const PRIME: u32 = 0x0100_0193;

fn step(hash: u32, character: u32) -> u32 {
    (hash ^ character).wrapping_mul(PRIME)
}

/// Gives all n-grams of `characters` to `each`, as often as they are there. No n-gram goes across a [`HOLE`].
pub fn ngrams(characters: &[u32], shape: Shape, mut each: impl FnMut(u32)) {
    for part in characters.split(|character| *character == HOLE) {
        words(part, shape.words, &mut each);
        of_characters(part, shape, &mut each);
    }
}

/// N-grams of one word and of two.
fn words(characters: &[u32], most: usize, each: &mut impl FnMut(u32)) {
    if most == 0 {
        return;
    }
    let mut before = None;
    let (mut rest, mut start) = (characters, OFFSET);
    while let Some((first, others)) = rest.split_first() {
        rest = others;
        start = step(start, *first);
        let is_end = match others.first() {
            Some(next) => !(is_joined(*first) && is_joined(*next)),
            None => true,
        };
        if !is_end {
            continue;
        }
        let hash = core::mem::replace(&mut start, OFFSET);
        if is_space(*first) {
            continue;
        }
        let word = mix(hash) | WORD;
        each(word);
        if let (Some(before), true) = (before, most > 1) {
            each(pair(before, word));
        }
        before = Some(word);
    }
}

/// N-grams of characters.
fn of_characters(characters: &[u32], shape: Shape, each: &mut impl FnMut(u32)) {
    if shape.longest == 0 {
        return;
    }
    let space = u32::from(' ');
    let mut padded = Vec::new();
    let mut runs = characters
        .split(|character| is_space(*character))
        .filter(|run| !run.is_empty())
        .peekable();
    while let Some(run) = runs.next() {
        padded.push(space);
        padded.extend_from_slice(run);
        if shape.across && runs.peek().is_some() {
            continue;
        }
        padded.push(space);
        let mut rest = padded.as_slice();
        while !rest.is_empty() {
            let mut hash = OFFSET;
            for (character, length) in rest.iter().zip(1..=shape.longest) {
                hash = step(hash, *character);
                if length >= shape.shortest {
                    each(mix(hash) & !WORD);
                }
            }
            rest = rest.get(1..).unwrap_or_default();
        }
        padded.clear();
    }
}

/// Whether neighbours of this kind are one word. Ideographs and signs are words of their own.
pub(crate) fn is_joined(character: u32) -> bool {
    char::from_u32(character).is_some_and(|character| {
        let is_ideograph = matches!(character, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}');
        !is_ideograph && character.is_alphanumeric()
    })
}

pub(crate) fn is_space(character: u32) -> bool {
    char::from_u32(character).is_none_or(char::is_whitespace)
}

#[cfg(test)]
mod tests;

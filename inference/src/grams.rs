//! Words and pairs of words as numbers.
//!
//! A network that reads texts takes, for each word, a number up to 2²⁴, in a float. What it knows of
//! them it finds by the sorted list of the numbers that it has learnt from. A pair has a number above all
//! words', mixed out of theirs.

use alloc::vec::Vec;

/// How many numbers of words there are: as many as a float is exact for, less the one that is added in a
/// slot.
pub const WORDS: u32 = 1 << 23;

/// The number of a place where a word has been left out, or is of no use: it pairs with no neighbour.
pub const HOLE: u32 = 0;

/// The number of a word: FNV-1a (Fowler, Noll and Vo, <https://www.rfc-editor.org/rfc/rfc9923>) of its
/// bytes, mixed and cut to below [`WORDS`]. It is not [`HOLE`].
#[must_use]
pub fn word(bytes: &[u8]) -> u32 {
    let hash = bytes.iter().fold(0x811c_9dc5, |hash: u32, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    });
    1 + mix(hash) % (WORDS - 1)
}

/// The number of two words side by side.
#[must_use]
pub fn pair(first: u32, second: u32) -> u32 {
    /// The fractional part of the golden ratio, so that the order of the two counts.
    const GOLDEN: u32 = 0x9e37_79b1;
    mix(first.wrapping_mul(GOLDEN) ^ mix(second)) | (1 << 31)
}

/// Spreads every bit over all (the final mix of MurmurHash3; A. Appleby, public domain).
fn mix(mut hash: u32) -> u32 {
    hash ^= hash >> 16;
    hash = hash.wrapping_mul(0x85eb_ca6b);
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}

/// The numbers of the words in `slots`, up to the first that is empty.
pub fn words_in(slots: &[f32]) -> impl Iterator<Item = u32> + '_ {
    let filled = slots.iter().take_while(|slot| **slot > 0.0);
    filled.map(|slot| (*slot as u32).saturating_sub(1))
}

/// Positions in `known`, a sorted list, of all words and pairs in `slots` that are in it, each once, in
/// order.
#[must_use]
pub fn find(known: &[u32], slots: &[f32]) -> Vec<usize> {
    let mut found = Vec::with_capacity(2 * slots.len());
    let mut before = HOLE;
    for word in words_in(slots) {
        if word != HOLE {
            found.extend(known.binary_search(&word));
            if before != HOLE {
                found.extend(known.binary_search(&pair(before, word)));
            }
        }
        before = word;
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of `text` in slots, of which there are some to spare.
    fn slots(text: &str) -> Vec<f32> {
        let words = text.split(' ').map(|text| match text {
            "_" => HOLE,
            _ => word(text.as_bytes()),
        });
        words.chain([0]).map(|word| (word + 1) as f32).chain([0.0; 3]).collect()
    }

    #[test]
    fn numbers_are_exact_in_a_float_and_apart_from_those_of_pairs() {
        for text in ["", "a", "the", "goal", "Änderung", "股市"] {
            let number = word(text.as_bytes());
            assert!((1..WORDS).contains(&number));
            assert_eq!(((number + 1) as f32) as u32, number + 1);
            assert!(pair(number, word(b"x")) >= WORDS);
        }
        let (a, b) = (word(b"stock"), word(b"market"));
        assert_ne!(pair(a, b), pair(b, a));
    }

    #[test]
    fn words_and_pairs_are_found_once_and_not_across_a_hole() {
        let (a, b) = (word(b"a"), word(b"b"));
        let mut known = [a, b, pair(a, b), pair(b, a)];
        known.sort_unstable();
        let numbers = |text| {
            let found = find(&known, &slots(text)).into_iter();
            let mut numbers: Vec<u32> = found.map(|index| known[index]).collect();
            numbers.sort_unstable();
            numbers
        };
        let sorted = |mut numbers: Vec<u32>| {
            numbers.sort_unstable();
            numbers
        };
        assert_eq!(numbers("a b a b"), sorted(known.to_vec()));
        assert_eq!(numbers("a c b"), sorted([a, b].to_vec()));
        assert_eq!(numbers("a _ b"), sorted([a, b].to_vec()));
        assert!(numbers("c").is_empty());
    }
}

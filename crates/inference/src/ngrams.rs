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

/// Marks the number of a word that begins with a capital letter.
const CAPITAL: u32 = 1;

/// The number of a word: FNV-1a (Fowler, Noll and Vo, <https://www.rfc-editor.org/rfc/rfc9923>) of the
/// bytes that it has in lower case, mixed and cut to below [`WORDS`], and whether it begins with a
/// `capital` letter. It is not [`HOLE`].
#[must_use]
pub fn word(lower: &[u8], capital: bool) -> u32 {
    let hash = lower.iter().fold(0x811c_9dc5, |hash: u32, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    });
    2 * (1 + mix(hash) % (WORDS / 2 - 1)) + u32::from(capital) * CAPITAL
}

/// The number of two words side by side.
#[must_use]
pub fn pair(first: u32, second: u32) -> u32 {
    /// The fractional part of the golden ratio, so that the order of the two counts.
    const GOLDEN: u32 = 0x9e37_79b1;
    mix(first.wrapping_mul(GOLDEN) ^ mix(second)) | (1 << 31)
}

/// Spreads every bit over all (the final mix of `MurmurHash3`; A. Appleby, public domain).
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

/// Gives all words and pairs in `slots` to `each`, in order: without regard to capital letters, and words
/// and pairs of words with them once more as such.
pub fn grams(slots: &[f32], mut each: impl FnMut(u32)) {
    let mut before = HOLE;
    for word in words_in(slots) {
        if word != HOLE {
            let lower = |word: u32| word & !CAPITAL;
            let (capital, both) = (word & CAPITAL != 0, word & before & CAPITAL != 0);
            each(lower(word));
            if capital {
                each(word);
            }
            if before != HOLE {
                each(pair(lower(before), lower(word)));
                if both {
                    each(pair(before, word));
                }
            }
        }
        before = word;
    }
}

/// Positions in `known`, a sorted list, of all [`grams`] in `slots` that are in it, each once, in order.
#[must_use]
pub fn find(known: &[u32], slots: &[f32]) -> Vec<usize> {
    let mut found = Vec::with_capacity(4 * slots.len());
    grams(slots, |gram| found.extend(known.binary_search(&gram)));
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> u32 {
        word(
            text.to_lowercase().as_bytes(),
            text.starts_with(char::is_uppercase),
        )
    }

    /// The words of `text` in slots, of which there are some to spare.
    fn slots(text: &str) -> Vec<f32> {
        let words = text
            .split(' ')
            .map(|text| if text == "_" { HOLE } else { number(text) });
        words
            .map(|word| (word + 1) as f32)
            .chain([0.0; 3])
            .collect()
    }

    #[test]
    fn numbers_are_exact_in_a_float_and_apart_from_those_of_pairs() {
        for text in ["", "a", "The", "goal", "Änderung", "股市"] {
            let number = number(text);
            assert!((2..WORDS).contains(&number));
            assert_eq!(((number + 1) as f32) as u32, number + 1);
            assert!(pair(number, word(b"x", false)) >= WORDS);
        }
        let (a, b) = (number("stock"), number("market"));
        assert_ne!(pair(a, b), pair(b, a));
        assert_eq!(number("Stock"), a + 1);
    }

    #[test]
    fn words_and_pairs_are_found_once_and_not_across_a_hole() {
        let (a, b) = (number("a"), number("b"));
        let mut known = [a, b, a + 1, pair(a, b), pair(b, a), pair(a + 1, b + 1)];
        known.sort_unstable();
        let found = |text| {
            let found = find(&known, &slots(text)).into_iter();
            found.map(|index| known[index]).collect::<Vec<_>>()
        };
        let sorted = |numbers: &[u32]| {
            let mut numbers = numbers.to_vec();
            numbers.sort_unstable();
            numbers
        };
        assert_eq!(found("a b a b"), sorted(&[a, b, pair(a, b), pair(b, a)]));
        assert_eq!(found("A b"), sorted(&[a, b, a + 1, pair(a, b)]));
        assert_eq!(
            found("A B"),
            sorted(&[a, b, a + 1, pair(a, b), pair(a + 1, b + 1)])
        );
        assert_eq!(found("a c b"), sorted(&[a, b]));
        assert_eq!(found("a _ b"), sorted(&[a, b]));
        assert!(found("c").is_empty());
    }
}

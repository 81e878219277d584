//! Words and pairs of words as numbers.
//!
//! What a network knows of them it finds by the sorted list of those that it has learnt from. A pair has
//! a number above all words', mixed out of theirs.

use alloc::vec::Vec;

use crate::tokenizer::{CAPITAL, HOLE, mix};

/// Set in the number of every pair, and of no word.
pub(crate) const PAIR: u32 = 1 << 31;

/// The number of two words side by side.
#[must_use]
pub fn pair(first: u32, second: u32) -> u32 {
    /// The fractional part of the golden ratio, so that the order of the two counts.
    const GOLDEN: u32 = 0x9e37_79b1;
    mix(first.wrapping_mul(GOLDEN) ^ mix(second)) | PAIR
}

/// Writes what a network takes for `tokens` into `input`: each plus 1, and 0 where there is none. Tokens beyond
/// the last place are left out.
pub fn place(tokens: impl Iterator<Item = u32>, input: &mut [f32]) {
    input.fill(0.0);
    for (place, token) in input.iter_mut().zip(tokens) {
        // Exact: there are fewer tokens than a float has whole numbers.
        *place = (token + 1) as f32;
    }
}

/// The tokens in `input`, up to the first place without one: the reverse of [`place`].
pub fn tokens(input: &[f32]) -> impl Iterator<Item = u32> + '_ {
    let filled = input.iter().take_while(|number| **number > 0.0);
    filled.map(|number| (*number as u32).saturating_sub(1))
}

/// Gives all words and pairs in `input` to `each`, in order: without regard to capital letters, and
/// words and pairs of words with them once more as such.
pub fn ngrams(input: &[f32], mut each: impl FnMut(u32)) {
    let mut before = HOLE;
    for token in tokens(input) {
        if token != HOLE {
            let lower = |token: u32| token & !CAPITAL;
            let (capital, both) = (token & CAPITAL != 0, token & before & CAPITAL != 0);
            each(lower(token));
            if capital {
                each(token);
            }
            if before != HOLE {
                each(pair(lower(before), lower(token)));
                if both {
                    each(pair(before, token));
                }
            }
        }
        before = token;
    }
}

/// Bits of an n-gram's [`key`].
pub const KEY_BITS: u32 = 24;

/// What an n-gram is called in a list of [`Keys`](crate::keys::Keys). Of 229,376 known n-grams, an unknown one has the key of one of them
/// in 1.4 % of all cases.
#[must_use]
pub fn key(ngram: u32) -> u32 {
    mix(ngram) >> (u32::BITS - KEY_BITS)
}

/// What `position` gives for the keys of all [`ngrams`] in `input`, each place once, in order.
#[must_use]
pub fn find(input: &[f32], position: impl Fn(u32) -> Option<usize>) -> Vec<usize> {
    let mut found = Vec::with_capacity(4 * input.len());
    ngrams(input, |ngram| found.extend(position(key(ngram))));
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokenizer::{MOST_BUCKETS, Tokenizer};
    use alloc::vec;

    fn token(word: &str) -> u32 {
        let word = if word == "_" { "" } else { word };
        let hash_buckets = MOST_BUCKETS;
        Tokenizer::Words { hash_buckets }.token(word)
    }

    /// The words of `text` as a network takes them, and some places without one.
    fn input(text: &str) -> Vec<f32> {
        let words = text.split(' ').map(|word| (token(word) + 1) as f32);
        words.chain([0.0; 3]).collect()
    }

    /// The format rests on these numbers.
    #[test]
    fn golden_pairs() {
        for (first, second, expected) in [
            (2, 2, 0xaa4e_5be7),
            (2, 4, 0xd2b1_3964),
            (4, 2, 0xb3be_3151),
            (91_196, 1_857_726, 0xeb54_8de5),
            (8_388_607, 8_388_607, 0xc82e_8054),
        ] {
            let found = pair(first, second);
            assert_eq!(found, expected, "{first} {second} {found:#x}");
        }
    }

    /// The format rests on these numbers, too.
    #[test]
    fn golden_keys() {
        for (ngram, expected) in [
            (2, 0x0030_f4c3),
            (1_857_726, 0x00ea_5373),
            (0xaa4e_5be7, 0x001e_8019),
        ] {
            let found = key(ngram);
            assert_eq!(found, expected, "{ngram:#x} {found:#x}");
        }
    }

    #[test]
    fn pairs_are_apart_from_words_and_their_order_counts() {
        let (a, b) = (token("stock"), token("market"));
        assert!(pair(a, b) >= PAIR && pair(a, b) > MOST_BUCKETS);
        assert_ne!(pair(a, b), pair(b, a));
    }

    #[test]
    fn ngrams_come_in_order() {
        let list = |text: &str| {
            let mut all = vec![];
            ngrams(&input(text), |ngram| all.push(ngram));
            all
        };
        let (a, b) = (token("a"), token("b"));
        assert_eq!(list("a b"), [a, b, pair(a, b)]);
        assert_eq!(list("A b"), [a, a + 1, b, pair(a, b)]);
        assert_eq!(
            list("A B"),
            [a, a + 1, b, b + 1, pair(a, b), pair(a + 1, b + 1)]
        );
        assert_eq!(list("a _ B"), [a, b, b + 1]);
    }

    #[test]
    fn words_and_pairs_are_found_once_and_not_across_a_hole() {
        let (a, b) = (token("a"), token("b"));
        let known = [a, b, a + 1, pair(a, b), pair(b, a), pair(a + 1, b + 1)];
        let mut known = known.map(key);
        known.sort_unstable();
        let found = |text| {
            let found = find(&input(text), |key| known.binary_search(&key).ok()).into_iter();
            found.map(|index| known[index]).collect::<Vec<_>>()
        };
        let sorted = |numbers: &[u32]| {
            let mut numbers: Vec<u32> = numbers.iter().copied().map(key).collect();
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

    #[test]
    fn tokens_end_where_there_is_none() {
        let read = |input: &[f32]| tokens(input).collect::<Vec<_>>();
        assert_eq!(read(&[3.0, 1.0, 0.0, 5.0]), [2, 0]);
        assert!(read(&[f32::NAN, 2.0]).is_empty());
        assert!(read(&[-1.0]).is_empty());
    }
}

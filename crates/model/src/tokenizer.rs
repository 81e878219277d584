//! From a text to tokens: whole numbers that a network knows or does not know.

use alloc::string::String;
use alloc::vec::Vec;

use crate::characters::is_joined;
use crate::error::ModelError;
use crate::object::{object, variant};

/// A tokenizer, as a value: the model file holds its kind and its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    feature = "write",
    derive(serde::Serialize),
    serde(rename_all = "snake_case")
)]
pub enum Tokenizer {
    /// Words, which are runs of letters and runs of digits, each as the [hash] of its lower-case
    /// form and whether it begins with a capital letter.
    Words {
        /// Tokens are below this.
        hash_buckets: u32,
    },
    /// Characters in lower case, each as its number in Unicode.
    Characters,
}

/// The token where a word has been left out: it forms a pair with no neighbour.
pub const HOLE: u32 = 0;

/// Marks the token of a word that begins with a capital letter.
pub const CAPITAL: u32 = 1;

/// Most buckets: the network takes a token plus 1 as a float, which has all whole numbers up to 2²⁴.
pub const MOST_BUCKETS: u32 = 1 << 23;

/// Fewest buckets: the hole, and a word with and without a capital letter.
const FEWEST_BUCKETS: u32 = 4;

impl Tokenizer {
    /// Reads what the metadata says of it.
    pub(crate) fn read(json: &str) -> Result<Self, ModelError> {
        match variant(json, "tokenizer")? {
            ("words", settings) => Ok(Self::Words {
                hash_buckets: object(settings, "tokenizer")?
                    .count("hash_buckets")?
                    .try_into()
                    .unwrap_or(0),
            }),
            ("characters", _) => Ok(Self::Characters),
            _ => Err(ModelError::Entry("tokenizer")),
        }
    }

    /// Appends the words of `text`, as they are written. Where tokens are characters, what stands between words comes
    /// along, and a space before all of it if there are words already.
    pub fn split(self, text: &str, words: &mut Vec<String>) {
        (self.splitter().split)(text, words);
    }

    /// Gives the tokens of `word` to `each`; that of an empty one is [`HOLE`].
    pub fn tokens(self, word: &str, each: &mut dyn FnMut(u32)) {
        (self.splitter().tokens)(self, word, each);
    }

    fn splitter(self) -> Splitter {
        match self {
            Self::Words { .. } => Splitter::WORDS,
            Self::Characters => Splitter::CHARACTERS,
        }
    }

    /// The token of `word`; that of an empty one is [`HOLE`]. Where tokens are characters, all other words have none.
    #[must_use]
    pub fn token(self, word: &str) -> u32 {
        let Self::Words { hash_buckets } = self else {
            return HOLE;
        };
        let Some(first) = word.chars().next() else {
            return HOLE;
        };
        let capital = u32::from(first.is_uppercase()) * CAPITAL;
        let places = (hash_buckets / 2).saturating_sub(1).max(1);
        2 * (1 + mix(hash(word.to_lowercase().as_bytes())) % places) + capital
    }

    pub(crate) fn check(self) -> Result<(), ModelError> {
        let Self::Words { hash_buckets } = self else {
            return Ok(());
        };
        match (FEWEST_BUCKETS..=MOST_BUCKETS).contains(&hash_buckets) {
            true => Ok(()),
            false => Err(ModelError::Range("hash_buckets".into())),
        }
    }
}

/// What a kind of tokenizer does. It is a value, so that a program contains no other than it names.
#[derive(Debug, Clone, Copy)]
pub struct Splitter {
    /// Does what [`Tokenizer::split`] does.
    pub split: fn(&str, &mut Vec<String>),
    /// Does what [`Tokenizer::tokens`] does.
    pub tokens: fn(Tokenizer, &str, &mut dyn FnMut(u32)),
}

impl Splitter {
    /// That of [`Tokenizer::Words`].
    pub const WORDS: Self = Self {
        split: split_words,
        tokens: |tokenizer, word, each| each(tokenizer.token(word)),
    };
    /// That of [`Tokenizer::Characters`].
    pub const CHARACTERS: Self = Self {
        split: split_pieces,
        tokens: |_, word, each| match word.is_empty() {
            true => each(HOLE),
            false => word
                .chars()
                .flat_map(char::to_lowercase)
                .for_each(|character| each(character.into())),
        },
    };
}

fn split_words(text: &str, words: &mut Vec<String>) {
    let mut before = Kind::Other;
    for character in text.chars() {
        let kind = Kind::of(character);
        if kind != Kind::Other {
            if kind != before {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.push(character);
            }
        }
        before = kind;
    }
}

/// Pieces that are `text` together: words as n-grams have them, each other character, and spaces.
fn split_pieces(text: &str, pieces: &mut Vec<String>) {
    if !pieces.is_empty() {
        pieces.push(" ".into());
    }
    let mut joins = false;
    for character in text.chars() {
        let joined = is_joined(character.into());
        match pieces.last_mut() {
            Some(piece) if joins && joined => piece.push(character),
            _ => pieces.push(character.into()),
        }
        joins = joined;
    }
}

/// FNV-1a (Fowler, Noll and Vo, <https://www.rfc-editor.org/rfc/rfc9923>), 32 bits.
#[must_use]
pub fn hash(bytes: &[u8]) -> u32 {
    const OFFSET: u32 = 0x811c_9dc5;
    const PRIME: u32 = 0x0100_0193;
    bytes.iter().fold(OFFSET, |hash, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(PRIME)
    })
}

/// Spreads every bit over all (the final mix of `MurmurHash3`; A. Appleby, public domain).
#[must_use]
pub fn mix(mut hash: u32) -> u32 {
    hash ^= hash >> 16;
    hash = hash.wrapping_mul(0x85eb_ca6b);
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}

/// What a word consists of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letters,
    Digits,
    /// Whatever stands between words.
    Other,
}

impl Kind {
    fn of(character: char) -> Self {
        match character {
            '0'..='9' => Self::Digits,
            _ if character.is_alphabetic() => Self::Letters,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    const TOKENIZER: Tokenizer = Tokenizer::Words {
        hash_buckets: MOST_BUCKETS,
    };

    fn split(text: &str) -> Vec<String> {
        let mut words = vec![];
        TOKENIZER.split(text, &mut words);
        words
    }

    #[test]
    fn words_are_runs_of_letters_or_digits() {
        for (text, expected) in [
            ("Oil hits $50.25", vec!["Oil", "hits", "50", "25"]),
            ("the company's Q3", vec!["the", "company", "s", "Q", "3"]),
            ("ÄNDERUNG Straße", vec!["ÄNDERUNG", "Straße"]),
            ("İstanbul\u{0}x\u{feff}y", vec!["İstanbul", "x", "y"]),
            ("股市 上涨", vec!["股市", "上涨"]),
            ("e\u{301}\u{1f600}-", vec!["e"]),
            ("0a9", vec!["0", "a", "9"]),
            ("", vec![]),
        ] {
            assert_eq!(split(text), expected, "{text}");
        }
    }

    #[test]
    fn the_case_of_the_first_letter_counts_and_no_other() {
        let token = |word| TOKENIZER.token(word);
        assert_eq!(token("OIL"), token("Oil"));
        assert_eq!(token("ÄND"), token("Änd"));
        assert_eq!(token("Oil"), token("oil") + CAPITAL);
        assert_eq!(token(""), HOLE);
    }

    /// Published test values: the draft of RFC 9923, appendix C, has those of FNV-1a.
    #[test]
    fn the_hash_is_fnv_1a() {
        for (text, expected) in [
            ("", 0x811c_9dc5),
            ("a", 0xe40c_292c),
            ("foobar", 0xbf9c_f968),
        ] {
            assert_eq!(hash(text.as_bytes()), expected, "{text}");
        }
    }

    /// The final mix of `MurmurHash3` with 32 bits, by hand with another program.
    #[test]
    fn the_mix_is_murmurs() {
        for (value, expected) in [
            (0, 0),
            (1, 0x514e_28b7),
            (2, 0x30f4_c306),
            (0xdead_beef, 0x0de5_c6a9),
            (u32::MAX, 0x81f1_6f39),
        ] {
            assert_eq!(mix(value), expected, "{value:#x} {:#x}", mix(value));
        }
    }

    /// The format rests on these numbers.
    #[test]
    fn golden_tokens() {
        for (word, buckets, expected) in [
            ("a", MOST_BUCKETS, 91_196),
            ("The", MOST_BUCKETS, 956_955),
            ("goal", MOST_BUCKETS, 1_857_726),
            ("2004", MOST_BUCKETS, 237_980),
            ("Änderung", MOST_BUCKETS, 2_543_203),
            ("股市", MOST_BUCKETS, 7_808_280),
            ("goal", 1024, 286),
            ("goal", 4, 2),
            ("Goal", 4, 3),
        ] {
            let tokenizer = Tokenizer::Words {
                hash_buckets: buckets,
            };
            assert_eq!(tokenizer.token(word), expected, "{word} {buckets}");
        }
    }

    #[test]
    fn tokens_are_below_the_buckets_and_exact_in_a_float() {
        for buckets in [4, 5, 6, 1000, MOST_BUCKETS] {
            let tokenizer = Tokenizer::Words {
                hash_buckets: buckets,
            };
            assert!(tokenizer.check().is_ok());
            for word in ["a", "The", "goal", "Änderung", "股市", "x"] {
                let token = tokenizer.token(word);
                assert!((2..buckets).contains(&token), "{word} {buckets} {token}");
                assert_eq!(((token + 1) as f32) as u32, token + 1);
            }
        }
        for hash_buckets in [0, 3, MOST_BUCKETS + 1] {
            assert!(Tokenizer::Words { hash_buckets }.check().is_err());
        }
    }
}

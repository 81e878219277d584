//! The input of the network, and of the module: the words of an article as numbers.

use alloc::string::String;
use alloc::vec::Vec;

use inference::ngrams::{HOLE, WORDS, word};
use inference::schema::{Text, TextPart};

/// The text. An article is some forty words long; what is beyond the slots does not count.
pub const TEXT: Text = Text {
    parts: &[
        TextPart {
            name: "title",
            description: "the headline",
        },
        TextPart {
            name: "description",
            description: "the article, or its beginning; a plain string is this part",
        },
    ],
    slots: 128,
    vocabulary: WORDS as usize,
    words,
    features,
};

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

/// Runs of letters and runs of digits, as they are written.
fn words(parts: &[String]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for part in parts {
        let mut before = Kind::Other;
        for character in part.chars() {
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
    words
}

/// A number for each word; pairs are the network's business.
fn features(words: &[String], each: &mut dyn FnMut(u32)) {
    for text in words {
        each(match text.chars().next() {
            None => HOLE,
            Some(first) => word(text.to_lowercase().as_bytes(), first.is_uppercase()),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::borrow::ToOwned;
    use alloc::vec;

    fn split(text: &str) -> Vec<String> {
        words(&[text.to_owned()])
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
            ("", vec![]),
        ] {
            assert_eq!(split(text), expected, "{text}");
        }
    }

    #[test]
    fn the_case_of_the_first_letter_counts_and_no_other() {
        let numbers = |text| {
            let mut numbers = vec![];
            features(&split(text), &mut |number| numbers.push(number));
            numbers
        };
        assert_eq!(numbers("Oil OIL Änd"), numbers("Oil Oil ÄND"));
        assert_ne!(numbers("Oil"), numbers("oil"));
        assert_eq!(numbers("2004"), [word(b"2004", false)]);
    }

    #[test]
    fn parts_are_apart() {
        let parts = ["end".to_owned(), "start".to_owned()];
        assert_eq!(words(&parts), ["end", "start"]);
    }

    #[test]
    fn a_long_text_is_cut_and_slots_hold_exact_numbers() {
        let mut row = [f32::NAN; TEXT.slots];
        TEXT.fill(&split(&"word ".repeat(200)), &mut row);
        assert!(row.iter().all(|slot| *slot == row[0] && *slot > 1.0));
        TEXT.fill(&split("one two"), &mut row);
        assert_eq!(row[1], (word(b"two", false) + 1) as f32);
        assert!(row[2..].iter().all(|slot| *slot == 0.0));
    }
}

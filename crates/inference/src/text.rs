//! Reads a text: a JSON string, or an object of strings.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt::Write as _;

use thiserror::Error;

use crate::error::{Excerpt, Found, InputError};
use crate::input::Input;
use crate::json;
use crate::schema::{Text, TextPart};

/// What can be wrong with a text.
#[derive(Debug, Error)]
pub enum TextError {
    /// JSON, but neither a string nor an object.
    #[error("the input is {found}: expected {expected}")]
    NotAText {
        /// The value, as it stands in the input.
        found: Found,
        /// What one input is.
        expected: &'static str,
    },
    /// A name that texts have no part of.
    #[error("unknown field `{name}`: expected {}", names(expected))]
    UnknownPart {
        /// The name, as it stands in the input.
        name: Excerpt,
        /// The parts that there are.
        expected: &'static [TextPart],
    },
    /// The same name twice.
    #[error("`{name}` is given twice: expected it once")]
    DuplicatePart {
        /// The name.
        name: &'static str,
    },
    /// A name that is not there.
    #[error("`{name}` is missing: expected a string, if an empty one")]
    MissingPart {
        /// The name.
        name: &'static str,
    },
    /// A part that is no string.
    #[error("`{name}` is {found}: expected a string")]
    NotAString {
        /// The name.
        name: &'static str,
        /// The value, as it stands in the input.
        found: Found,
    },
    /// Half of a UTF-16 surrogate pair, which stands for no character.
    #[error("the string {found} has an escape that is no character: expected Unicode")]
    NotUnicode {
        /// The value, as it stands in the input.
        found: Excerpt,
    },
    /// A text that says nothing.
    #[error("there is no word in the text: expected at least one")]
    NoWords,
}

impl From<TextError> for InputError {
    fn from(error: TextError) -> Self {
        // Boxed, so that a module without texts has none of the messages in it.
        Self::Other(Box::new(error))
    }
}

fn names(parts: &[TextPart]) -> String {
    let mut names = String::new();
    for (i, part) in parts.iter().enumerate() {
        let comma = if i > 0 { ", " } else { "" };
        // Writing to a string does not fail.
        let _ = write!(names, "{comma}`{}`", part.name);
    }
    names
}

/// The words of the text, part by part.
fn words(text: &Text, json: &str) -> Result<Vec<String>, InputError> {
    let expected = text.expected();
    let mut parts: Vec<Option<String>> = vec![None; text.parts.len()];
    match json.as_bytes().first() {
        // The main part; there is nothing to be said for the others.
        Some(b'"') => {
            parts.fill(Some(String::new()));
            if let Some(last) = parts.last_mut() {
                *last = Some(string(json)?);
            }
        }
        Some(b'{') => json::members(json, &mut |name, value| {
            let found = text.parts.iter().zip(&mut parts);
            let Some((part, slot)) = found.into_iter().find(|(part, _)| part.name == name) else {
                return Err(TextError::UnknownPart {
                    name: Excerpt::new(name),
                    expected: text.parts,
                }
                .into());
            };
            let name = part.name;
            if slot.is_some() {
                return Err(TextError::DuplicatePart { name }.into());
            }
            if !value.starts_with('"') {
                let found = Found::new(value);
                return Err(TextError::NotAString { name, found }.into());
            }
            *slot = Some(string(value)?);
            Ok(())
        })?,
        _ => {
            let found = Found::new(json);
            return Err(TextError::NotAText { found, expected }.into());
        }
    }
    let mut whole = Vec::new();
    for (part, slot) in text.parts.iter().zip(parts) {
        let name = part.name;
        whole.push(slot.ok_or(TextError::MissingPart { name })?);
    }
    let words = (text.words)(&whole);
    if words.is_empty() {
        return Err(TextError::NoWords.into());
    }
    Ok(words)
}

/// What a JSON string, a valid one, says.
fn string(json: &str) -> Result<String, InputError> {
    serde_json::from_str(json).map_err(|_| {
        TextError::NotUnicode {
            found: Excerpt::new(json),
        }
        .into()
    })
}

impl Text {
    /// Fills `row`, of as many numbers as there are slots, with the features of `words`: each is
    /// its number plus 1, so that 0 is a slot without one. Features beyond the last slot are left out.
    pub fn fill(&self, words: &[String], row: &mut [f32]) {
        row.fill(0.0);
        let mut slots = row.iter_mut();
        (self.features)(words, &mut |feature| {
            if let Some(slot) = slots.next() {
                // Exact: there are fewer features than a float has whole numbers.
                *slot = (feature + 1) as f32;
            }
        });
    }
}

/// A JSON string, or an object with a string for each part.
impl Input for Text {
    const EXPLAINS: bool = true;

    const EXPLAIN_HELP: &'static str = "With --explain the words that weighed most follow, each after a tab; in JSON with the amount\n\
         by which the logarithm of the answer's odds falls without the word.";

    fn numbers(&self) -> usize {
        self.slots
    }

    fn expected(&self) -> &'static str {
        "a JSON object or string"
    }

    fn are_many(&self, _: &str) -> bool {
        true
    }

    fn read(&self, json: &str, row: &mut [f32]) -> Result<(), InputError> {
        self.fill(&words(self, json)?, row);
        Ok(())
    }

    fn help(&self, output: &mut String) {
        output.push_str("A string, or an object with these fields, all strings and required:\n");
        for part in self.parts {
            // Writing to a string does not fail.
            let _ = writeln!(output, "  {}: {}", part.name, part.description);
        }
    }

    fn parts(&self, json: &str, row: &mut [f32], each: &mut dyn FnMut(&str, &[f32])) {
        // It has been read before, so there is no error.
        let mut words = words(self, json).unwrap_or_default();
        // The rest has no slot, and says nothing.
        words.truncate(self.slots);
        for (first, word) in words.iter().enumerate() {
            if word.is_empty() || words.iter().position(|other| other == word) != Some(first) {
                continue;
            }
            // An empty word keeps its neighbours apart.
            let without: Vec<String> = (words.iter())
                .map(|other| {
                    if other == word {
                        String::new()
                    } else {
                        other.clone()
                    }
                })
                .collect();
            self.fill(&without, row);
            each(word, row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    const TEXT: Text = Text {
        parts: &[
            TextPart {
                name: "title",
                description: "what it is called",
            },
            TextPart {
                name: "body",
                description: "what it says",
            },
        ],
        slots: 4,
        vocabulary: 100,
        words: |parts| {
            let words = parts.iter().flat_map(|part| part.split_whitespace());
            words.map(String::from).collect()
        },
        features: |words, each| {
            for word in words {
                each(word.len() as u32);
            }
        },
    };

    fn read(json: &str) -> Result<[f32; 4], String> {
        let mut row = [f32::NAN; 4];
        let read = TEXT.read(json, &mut row);
        read.map(|()| row).map_err(|error| error.to_string())
    }

    #[test]
    fn features_fill_the_slots_in_order() {
        let object = r#"{"body": "bb \u0063cc", "title": "a"}"#;
        assert_eq!(read(object), Ok([2.0, 3.0, 4.0, 0.0]));
        assert_eq!(read(r#""bb""#), Ok([3.0, 0.0, 0.0, 0.0]));
        assert_eq!(read(r#""a b c d e f""#), Ok([2.0; 4]));
    }

    #[test]
    fn bad_texts_are_refused_in_words() {
        for (json, message) in [
            (
                "5",
                "the input is the number 5: expected a JSON object or string",
            ),
            (
                r#"{"title": "a"}"#,
                "`body` is missing: expected a string, if an empty one",
            ),
            (
                r#"{"title": "a", "text": "b"}"#,
                "unknown field `text`: expected `title`, `body`",
            ),
            (
                r#"{"title": "a", "title": "b"}"#,
                "`title` is given twice: expected it once",
            ),
            (r#"{"title": null}"#, "`title` is null: expected a string"),
            (
                r#"" \t ""#,
                "there is no word in the text: expected at least one",
            ),
            (
                r#""\ud800""#,
                "the string \"\\ud800\" has an escape that is no character: expected Unicode",
            ),
        ] {
            assert_eq!(read(json), Err(message.to_string()), "{json}");
        }
    }

    #[test]
    fn each_word_is_left_out_once() {
        let mut seen = Vec::new();
        TEXT.parts(r#""a bb a""#, &mut [0.0; 4], &mut |word, row| {
            seen.push((word.to_string(), row.to_vec()));
        });
        let expected = [
            ("a".to_string(), vec![1.0, 3.0, 1.0, 0.0]),
            ("bb".to_string(), vec![2.0, 1.0, 2.0, 0.0]),
        ];
        assert_eq!(seen, expected);
    }
}

//! Reads a text: a JSON string, or an object of strings.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use model::{Excerpt, Input, InputKind, Model, json, ngrams};

use super::{Kind, Quoted, Reader};
use crate::answer::WordWeight;
use crate::error::{Found, InputError};
use crate::explanation::explain;
use crate::layers::{self, LayerKind};
use crate::network::Predict;

/// Texts.
#[derive(Debug)]
pub struct Text;

impl Kind for Text {
    const INPUTS: &'static [InputKind] = &[InputKind::TEXT];
    const LAYERS: &'static [&'static [LayerKind]] = &[layers::COMMON, layers::TEXT];

    fn reader(input: &Input) -> Option<&'static dyn Reader> {
        matches!(input, Input::Text(_)).then_some(&Self)
    }
}

impl Reader for Text {
    fn expected(&self) -> &'static str {
        "a JSON object or string"
    }

    fn read(
        &self,
        input: &Input,
        json: &str,
        numbers: &mut [f32],
        words: &mut Vec<String>,
    ) -> Result<(), InputError> {
        let Input::Text(text) = input else {
            return Ok(());
        };
        split(text, json, self.expected(), words)?;
        fill(text, words, numbers);
        Ok(())
    }

    fn explains(&self) -> bool {
        true
    }

    fn explain(
        &self,
        model: &Model<'_>,
        network: &mut dyn Predict,
        numbers: &mut [f32],
        words: &mut [String],
    ) -> Vec<WordWeight> {
        match &model.input {
            Input::Text(text) => explain(text, &model.output, network, numbers, words),
            _ => Vec::new(),
        }
    }

    fn describe(&self, input: &Input, output: &mut String) {
        let Input::Text(text) = input else {
            return;
        };
        output.push_str("A string, or an object with these fields, all strings and required:\n");
        for part in &text.parts {
            output.push_str("  ");
            output.push_str(&part.name);
            output.push_str(": ");
            output.push_str(&part.description);
            output.push('\n');
        }
    }
}

/// Fills `numbers` with the tokens of `words`: each is its number plus 1, so that 0 is a place without
/// one. Words beyond the last place are left out.
pub fn fill(text: &model::Text, words: &[String], numbers: &mut [f32]) {
    ngrams::place(words.iter().map(|word| text.tokenizer.token(word)), numbers);
}

/// The words of the text, part by part.
fn split(
    text: &model::Text,
    json: &str,
    expected: &'static str,
    words: &mut Vec<String>,
) -> Result<(), InputError> {
    let mut parts: Vec<Option<String>> = Vec::new();
    parts.resize(text.parts.len(), None);
    match json.as_bytes().first() {
        // The main part; the others are empty.
        Some(b'"') => {
            parts.fill(Some(String::new()));
            if let Some(last) = parts.last_mut() {
                *last = Some(string(json)?);
            }
        }
        Some(b'{') => {
            for (written, value) in json::members(json) {
                let name = json::unescape(written).unwrap_or_default();
                let found = text.parts.iter().zip(&mut parts);
                let Some((part, place)) = found.into_iter().find(|(part, _)| *part.name == name)
                else {
                    return Err(InputError::UnknownField {
                        name: Excerpt::new(written),
                        expected: format!("{}", Quoted(&text.parts)),
                    });
                };
                let name = part.name.clone();
                if place.is_some() {
                    return Err(InputError::DuplicateField { name });
                }
                if !value.starts_with('"') {
                    return Err(InputError::BadValue {
                        name,
                        found: Found::new(value),
                        expected: "a string".into(),
                    });
                }
                *place = Some(string(value)?);
            }
        }
        _ => {
            let found = Found::new(json);
            return Err(InputError::WrongKind { found, expected });
        }
    }
    for (part, content) in text.parts.iter().zip(parts) {
        let content = content.ok_or_else(|| InputError::MissingField {
            name: part.name.clone(),
            expected: "a string, if an empty one".into(),
        })?;
        text.tokenizer.split(&content, words);
    }
    match words.is_empty() {
        true => Err(InputError::NoWords),
        false => Ok(()),
    }
}

/// What a JSON string, a valid one, says.
fn string(json: &str) -> Result<String, InputError> {
    let string = json::string(json).ok_or_else(|| InputError::NotUnicode {
        found: Excerpt::new(json),
    });
    Ok(string?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec;
    use model::{TextPart, Tokenizer};

    const TOKENIZER: Tokenizer = Tokenizer::Words { hash_buckets: 1000 };

    fn text() -> model::Text {
        let part = |name: &str| TextPart {
            name: name.into(),
            description: "what it says".into(),
        };
        model::Text {
            parts: vec![part("title"), part("bo\"dy")],
            max_tokens: 4,
            tokenizer: TOKENIZER,
        }
    }

    fn read(json: &str) -> Result<(Vec<f32>, Vec<String>), String> {
        let (mut numbers, mut words) = (vec![f32::NAN; 4], vec![]);
        let read = Text.read(&Input::Text(text()), json, &mut numbers, &mut words);
        read.map(|()| (numbers, words))
            .map_err(|error| error.to_string())
    }

    fn numbers(words: &[&str]) -> Vec<f32> {
        let tokens = words.iter().map(|word| (TOKENIZER.token(word) + 1) as f32);
        tokens.chain([0.0; 4]).take(4).collect()
    }

    #[test]
    fn tokens_fill_the_places_in_order() {
        let object = r#"{"bo\"dy": "bb \u0063cc", "title": "a"}"#;
        let words = ["a", "bb", "ccc"];
        let expected = (numbers(&words), words.map(String::from).to_vec());
        assert_eq!(read(object), Ok(expected));
        assert_eq!(read(r#""bb""#).unwrap().0, numbers(&["bb"]));
        let (long, words) = read(r#""a b c d e f""#).unwrap();
        assert_eq!((long, words.len()), (numbers(&["a", "b", "c", "d"]), 6));
        assert_eq!(
            read(r#"{"title": "end", "bo\"dy": "start"}"#).unwrap().1,
            ["end", "start"]
        );
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
                "`bo\"dy` is missing: expected a string, if an empty one",
            ),
            (
                r#"{"title": "a", "text": "b"}"#,
                "unknown field `text`: expected `title`, `bo\"dy`",
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
}

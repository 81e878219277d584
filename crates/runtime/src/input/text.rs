//! Reads a text: a JSON string, or an object of strings.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use model::tokenizer::Splitter;
use model::{Excerpt, Input, InputKind, Model, Tokenizer, json};

use super::{Kind, Quoted, Reader};
use crate::answer::{Remarks, Weight};
use crate::error::{Found, InputError};
use crate::explanation::explain_text;
use crate::layers::{self, LayerKind};
use crate::network::Predict;

/// Texts as words.
#[derive(Debug)]
pub struct Text;

/// Texts as characters.
#[derive(Debug)]
pub struct Characters;

impl Kind for Text {
    const INPUTS: &'static [InputKind] = &[InputKind::TEXT];
    const LAYERS: &'static [&'static [LayerKind]] = &[layers::COMMON, layers::TEXT];

    fn reader(input: &Input) -> Option<&'static dyn Reader> {
        let is_own = |text: &model::Text| text.tokenizer != Tokenizer::Characters;
        matches!(input, Input::Text(text) if is_own(text)).then_some(&Self)
    }
}

impl Kind for Characters {
    const INPUTS: &'static [InputKind] = &[InputKind::TEXT];
    const LAYERS: &'static [&'static [LayerKind]] = &[layers::COMMON, layers::CHARACTERS];

    fn reader(input: &Input) -> Option<&'static dyn Reader> {
        let is_own = |text: &model::Text| text.tokenizer == Tokenizer::Characters;
        matches!(input, Input::Text(text) if is_own(text)).then_some(&Self)
    }
}

/// What one input is.
const EXPECTED: &str = "a JSON object or string";

impl Reader for Text {
    fn expected(&self) -> &'static str {
        EXPECTED
    }

    fn read(
        &self,
        input: &Input,
        json: &str,
        numbers: &mut [f32],
        words: &mut Vec<String>,
        remarks: &mut Remarks,
    ) -> Result<(), InputError> {
        read(input, Splitter::WORDS, json, numbers, words, remarks)
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
    ) -> Vec<Weight> {
        explain(model, Splitter::WORDS, network, numbers, words)
    }

    fn describe(&self, input: &Input, output: &mut String) {
        describe(input, output);
    }
}

impl Reader for Characters {
    fn expected(&self) -> &'static str {
        EXPECTED
    }

    fn read(
        &self,
        input: &Input,
        json: &str,
        numbers: &mut [f32],
        words: &mut Vec<String>,
        remarks: &mut Remarks,
    ) -> Result<(), InputError> {
        read(input, Splitter::CHARACTERS, json, numbers, words, remarks)
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
    ) -> Vec<Weight> {
        explain(model, Splitter::CHARACTERS, network, numbers, words)
    }

    fn describe(&self, input: &Input, output: &mut String) {
        describe(input, output);
    }
}

fn read(
    input: &Input,
    splitter: Splitter,
    json: &str,
    numbers: &mut [f32],
    words: &mut Vec<String>,
    remarks: &mut Remarks,
) -> Result<(), InputError> {
    let Input::Text(text) = input else {
        return Ok(());
    };
    split((text, splitter), json, EXPECTED, words)?;
    let read = text.fill(splitter, words, numbers);
    let unread = words.get(read..).unwrap_or_default();
    remarks.unread = unread.iter().filter(|word| is_word(word)).count();
    Ok(())
}

fn explain(
    model: &Model<'_>,
    splitter: Splitter,
    network: &mut dyn Predict,
    numbers: &mut [f32],
    words: &mut [String],
) -> Vec<Weight> {
    match &model.input {
        Input::Text(text) => explain_text((text, splitter), &model.output, network, numbers, words),
        _ => Vec::new(),
    }
}

fn describe(input: &Input, output: &mut String) {
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

/// Whether a piece of a text is more than space between words.
pub fn is_word(piece: &str) -> bool {
    !piece.trim().is_empty()
}

/// The words of the text, part by part.
fn split(
    (text, splitter): (&model::Text, Splitter),
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
        (splitter.split)(&content, words);
    }
    match words.iter().any(|word| is_word(word)) {
        true => Ok(()),
        false => Err(InputError::NoWords),
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
    use model::TextPart;

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
        let read = {
            let remarks = &mut Remarks::default();
            Text.read(
                &Input::Text(text()),
                json,
                &mut numbers,
                &mut words,
                remarks,
            )
        };
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

//! Reads a JSON object of named values.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use model::json::{self, Decimal, Plain};
use model::{Excerpt, Field, Input, InputKind, Values};

use super::{Kind, Quoted, Reader};
use crate::answer::Remarks;
use crate::error::{Found, InputError};
use crate::layers::{self, LayerKind};

/// Rows of named numbers and categories.
#[derive(Debug)]
pub struct Table;

impl Kind for Table {
    const INPUTS: &'static [InputKind] = &[InputKind::TABLE];
    const LAYERS: &'static [&'static [LayerKind]] = &[layers::COMMON, layers::TABLE];

    fn reader(input: &Input) -> Option<&'static dyn Reader> {
        matches!(input, Input::Table(_)).then_some(&Self)
    }
}

impl Reader for Table {
    fn expected(&self) -> &'static str {
        "a JSON object"
    }

    fn read_frequent(&self, input: &Input, text: &str, numbers: &mut [f32]) -> bool {
        match input {
            Input::Table(fields) => read_in_order(fields, text, numbers).is_some(),
            _ => false,
        }
    }

    fn read(
        &self,
        input: &Input,
        json: &str,
        numbers: &mut [f32],
        _: &mut Vec<String>,
        remarks: &mut Remarks,
    ) -> Result<(), InputError> {
        let outside = &mut remarks.outside;
        match input {
            Input::Table(fields) => read(fields, json, self.expected(), (numbers, outside)),
            _ => Ok(()),
        }
    }

    fn describe(&self, input: &Input, output: &mut String) {
        let Input::Table(fields) = input else {
            return;
        };
        output.push_str("The object's fields, all required:\n");
        for field in fields {
            let (values, trained) = match field.values {
                Values::Number {
                    minimum,
                    maximum,
                    training_minimum,
                    training_maximum,
                } => (
                    range(minimum, maximum),
                    training_minimum.zip(training_maximum),
                ),
                Values::Category { ref categories } => {
                    (format!("one of {}", Quoted(categories)), None)
                }
            };
            let trained = trained.map(|(low, high)| [", trained on ", &range(low, high)].concat());
            let (description, unit) = (field.description.as_str(), field.unit.as_str());
            let comma = if description.is_empty() { "" } else { ", " };
            let space = if unit.is_empty() { "" } else { " " };
            for part in [
                "  ",
                &field.name,
                ": ",
                description,
                comma,
                &values,
                space,
                unit,
                trained.as_deref().unwrap_or_default(),
                "\n",
            ] {
                output.push_str(part);
            }
        }
    }
}

/// Reads an object with all fields in their order; nothing if it is anything else, or a value is unusual.
fn read_in_order(fields: &[Field], text: &str, numbers: &mut [f32]) -> Option<()> {
    let mut plain = Plain::new(text);
    let mut before = b'{';
    for (field, own) in places(fields, numbers) {
        plain.byte(before)?;
        plain.name(&field.name)?;
        let is_read = match &field.values {
            Values::Number { .. } => {
                let number = plain.number()?;
                !field.is_unusual(number) && put_number(field, number, own)
            }
            Values::Category { categories } => put_word(categories, plain.string()?, own),
        };
        is_read.then_some(())?;
        before = b',';
    }
    plain.byte(b'}')?;
    plain.end()
}

fn read(
    fields: &[Field],
    json: &str,
    expected: &'static str,
    (numbers, outside): (&mut [f32], &mut Vec<String>),
) -> Result<(), InputError> {
    if !json.starts_with('{') {
        let found = Found::new(json);
        return Err(InputError::WrongKind { found, expected });
    }
    // No field gives a NaN, so it can mark what has not been read yet.
    numbers.fill(f32::NAN);
    for (written, value) in json::members(json) {
        let name = json::unescape(written).unwrap_or_default();
        let Some((field, numbers)) = places(fields, numbers).find(|(f, _)| *f.name == *name) else {
            return Err(InputError::UnknownField {
                name: Excerpt::new(written),
                expected: format!("{}", Quoted(fields)),
            });
        };
        if numbers.iter().any(|number| !number.is_nan()) {
            return Err(InputError::DuplicateField {
                name: field.name.clone(),
            });
        }
        if !encode(field, value, numbers, outside) {
            return Err(InputError::BadValue {
                name: field.name.clone(),
                found: Found::of(value, &field.values),
                expected: values_of(field),
            });
        }
    }
    let missing = places(fields, numbers).find(|(_, numbers)| numbers.iter().any(|n| n.is_nan()));
    match missing {
        Some((field, _)) => Err(InputError::MissingField {
            name: field.name.clone(),
            expected: values_of(field),
        }),
        None => Ok(()),
    }
}

/// Each field with its place among the numbers.
pub(super) fn places<'f, 'n>(
    fields: &'f [Field],
    mut numbers: &'n mut [f32],
) -> impl Iterator<Item = (&'f Field, &'n mut [f32])> {
    fields.iter().map(move |field| {
        let all = core::mem::take(&mut numbers);
        let (own, rest) = all.split_at_mut(field.numbers().min(all.len()));
        numbers = rest;
        (field, own)
    })
}

/// Writes what the network takes for `value`, and names the field in `outside` if that is unusual; `false` if the field has no such value.
fn encode(field: &Field, value: &str, own: &mut [f32], outside: &mut Vec<String>) -> bool {
    match &field.values {
        Values::Number { .. } => {
            let number = json::number(value).unwrap_or(f32::NAN);
            if field.is_unusual(number) {
                outside.push(field.name.clone());
            }
            put_number(field, number, own)
        }
        Values::Category { categories } => {
            json::string(value).is_some_and(|word| put_word(categories, &word, own))
        }
    }
}

/// Writes what the network takes for `number`; `false` if the field has no such value.
pub(super) fn put_number(field: &Field, number: f32, own: &mut [f32]) -> bool {
    match own.first_mut() {
        Some(place) if field.has_number(number) => {
            *place = field.transform.apply(number);
            true
        }
        _ => false,
    }
}

/// Writes what the network takes for `word`; `false` if that is none of the categories.
fn put_word(categories: &[String], word: &str, own: &mut [f32]) -> bool {
    let position = categories.iter().position(|category| category == word);
    put_category(position, own)
}

/// Writes what the network takes for the category with this `position`; `false` if there is none.
pub(super) fn put_category(position: Option<usize>, own: &mut [f32]) -> bool {
    for (place, number) in own.iter_mut().enumerate() {
        *number = if Some(place) == position { 1.0 } else { 0.0 };
    }
    position.is_some()
}

/// From where to where, in words.
fn range(low: f32, high: f32) -> String {
    format!("{} to {}", Decimal(low), Decimal(high))
}

/// What a field takes, in words.
pub(super) fn values_of(field: &Field) -> String {
    let mut text = match &field.values {
        Values::Number {
            minimum, maximum, ..
        } => ["a number from ", &range(*minimum, *maximum)].concat(),
        Values::Category { categories } => format!("one of {}", Quoted(categories)),
    };
    if !field.unit.is_empty() {
        text.push_str(" (");
        text.push_str(&field.unit);
        text.push(')');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec;
    use model::Transform;

    fn fields() -> Vec<Field> {
        let number = |name: &str, unit: &str, transform| Field {
            name: name.into(),
            unit: unit.into(),
            description: "how long".into(),
            values: Values::Number {
                minimum: 0.5,
                maximum: 9.0,
                training_minimum: None,
                training_maximum: None,
            },
            transform,
        };
        vec![
            number("length", "cm", Transform::Identity),
            Field {
                name: "colour".into(),
                unit: String::new(),
                description: String::new(),
                values: Values::Category {
                    categories: vec!["red".into(), "blue".into(), "\"".into()],
                },
                transform: Transform::OneHot,
            },
            number("größe", "", Transform::Log),
        ]
    }

    fn read(json: &str) -> Result<Vec<f32>, String> {
        let mut numbers = vec![0.0; 5];
        super::read(
            &fields(),
            json,
            Table.expected(),
            (&mut numbers, &mut Vec::new()),
        )
        .map(|()| numbers)
        .map_err(|error| error.to_string())
    }

    #[test]
    fn fields_are_read_in_any_order_and_transformed() {
        let json = r#"{"gr\u00f6ße": 1, "colour": "b\u006cue", "length": 2.5e0}"#;
        assert_eq!(read(json), Ok(vec![2.5, 0.0, 1.0, 0.0, 0.0]));
        let json = r#"{"größe": 9, "colour": "\"", "length": 0.5}"#;
        assert_eq!(read(json), Ok(vec![0.5, 0.0, 0.0, 1.0, libm::logf(9.0)]));
    }

    #[test]
    fn the_most_frequent_form_is_read_in_one_pass_and_alike() {
        let frequent = |json: &str| {
            let mut fields = fields();
            if let Values::Number {
                training_maximum, ..
            } = &mut fields[2].values
            {
                *training_maximum = Some(8.0);
            }
            let mut numbers = vec![0.0; 5];
            read_in_order(&fields, json, &mut numbers).map(|()| numbers)
        };
        for json in [
            "{\"length\": 0.5, \"colour\": \"red\", \"größe\": 8}",
            " {\"length\":9.0,\"colour\":\"blue\",\"größe\":0.50}\n",
        ] {
            assert_eq!(frequent(json), Some(read(json.trim()).unwrap()), "{json}");
        }
        for json in [
            "{}",
            "{\"length\": 0.5, \"colour\": \"red\"}",
            "{\"length\": 0.5, \"colour\": \"red\", \"größe\": 8,}",
            "{\"length\": 0.5, \"colour\": \"red\", \"größe\": 8, \"größe\": 8}",
            "{\"length\": 0.5, \"colour\": \"red\", \"größe\": 8",
            "{\"length\": 0.5, \"colour\": \"red\", \"größe\": 8} 1",
            "{\"length\": 0.5, \"colour\": \"red\", \"größe\": 8.5}",
            "{\"length\": 0.4, \"colour\": \"red\", \"größe\": 8}",
            "{\"length\": 5e-1, \"colour\": \"red\", \"größe\": 8}",
            "{\"length\": 0.5, \"colour\": \"green\", \"größe\": 8}",
            "{\"colour\": \"red\", \"length\": 0.5, \"größe\": 8}",
        ] {
            assert_eq!(frequent(json), None, "{json}");
        }
    }

    #[test]
    fn bad_rows_are_refused_in_words() {
        for (json, message) in [
            ("[1]", "the input is the array [1]: expected a JSON object"),
            (
                "{}",
                "`length` is missing: expected a number from 0.5 to 9 (cm)",
            ),
            (
                r#"{"length": 1}"#,
                "`colour` is missing: expected one of `red`, `blue`, `\"`",
            ),
            (
                r#"{"length": 1, "colour": "red"}"#,
                "`größe` is missing: expected a number from 0.5 to 9",
            ),
            (
                r#"{"width": 1}"#,
                "unknown field `width`: expected `length`, `colour`, `größe`",
            ),
            (
                r#"{"length": 1, "length": 1}"#,
                "`length` is given twice: expected it once",
            ),
            (
                r#"{"colour": "red", "colour": "red"}"#,
                "`colour` is given twice: expected it once",
            ),
            (
                r#"{"length": "1"}"#,
                "`length` is the string \"1\": expected a number from 0.5 to 9 (cm)",
            ),
            (
                r#"{"length": 9.5}"#,
                "`length` is 9.5: expected a number from 0.5 to 9 (cm)",
            ),
            (
                r#"{"length": 1e999}"#,
                "`length` is 1e999: expected a number from 0.5 to 9 (cm)",
            ),
            (
                r#"{"colour": "green"}"#,
                "`colour` is the string \"green\": expected one of `red`, `blue`, `\"`",
            ),
            (
                r#"{"colour": 1}"#,
                "`colour` is the number 1: expected one of `red`, `blue`, `\"`",
            ),
            (
                r#"{"colour": null}"#,
                "`colour` is null: expected one of `red`, `blue`, `\"`",
            ),
        ] {
            assert_eq!(read(json), Err(message.to_string()), "{json}");
        }
    }

    #[test]
    fn the_help_names_every_field() {
        let mut help = String::new();
        Table.describe(&Input::Table(fields()), &mut help);
        let expected = "The object's fields, all required:\n  \
                        length: how long, 0.5 to 9 cm\n  \
                        colour: one of `red`, `blue`, `\"`\n  \
                        größe: how long, 0.5 to 9\n";
        assert_eq!(help, expected);
    }
}

//! Reads a row of anybody's table: a JSON object of numbers, words and dates, of which some may be missing.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use model::json::{self, Decimal, Plain};
use model::{
    Column, ColumnValues, Excerpt, Input, InputKind, MISSING, Model, NumberRange, UNSEEN, date,
    is_missing,
};

use super::{Kind, OpenNetwork, Quoted, Reader};
use crate::answer::{Remarks, Weight};
use crate::blend;
use crate::error::{Found, InputError};
use crate::explanation::explain_columns;
use crate::layers::{self, LayerKind};
use crate::network::Predict;

/// Rows of the columns of any table.
#[derive(Debug)]
pub struct Columns;

/// What marks a number that has not been read yet: no JSON number is infinite.
const UNREAD: f32 = f32::INFINITY;

/// Columns or categories that a message lists, at most.
const LISTED: usize = 12;

impl Kind for Columns {
    const INPUTS: &'static [InputKind] = &[InputKind::COLUMNS];
    const LAYERS: &'static [&'static [LayerKind]] = &[layers::COMMON, layers::COLUMNS];
    const OPEN: OpenNetwork = blend::open;

    fn reader(input: &Input) -> Option<&'static dyn Reader> {
        matches!(input, Input::Columns(_)).then_some(&Self)
    }
}

impl Reader for Columns {
    fn expected(&self) -> &'static str {
        "a JSON object"
    }

    fn read_frequent(&self, input: &Input, text: &str, numbers: &mut [f32]) -> bool {
        match input {
            Input::Columns(columns) => read_in_order(columns, text, numbers).is_some(),
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
        match input {
            Input::Columns(columns) => read(columns, json, numbers, remarks),
            _ => Ok(()),
        }
    }

    fn explains(&self) -> bool {
        true
    }

    fn part(&self) -> &'static str {
        "field"
    }

    fn explain(
        &self,
        model: &Model<'_>,
        network: &mut dyn Predict,
        numbers: &mut [f32],
        _: &mut [String],
    ) -> Vec<Weight> {
        match &model.input {
            Input::Columns(columns) => explain_columns(columns, &model.output, network, numbers),
            _ => Vec::new(),
        }
    }

    fn describe(&self, input: &Input, output: &mut String) {
        let Input::Columns(columns) = input else {
            return;
        };
        output.push_str("The object's fields; one that is left out or null is missing:\n");
        for column in columns {
            let (description, unit) = (column.description.as_str(), column.unit.as_str());
            let comma = if description.is_empty() { "" } else { ", " };
            let space = if unit.is_empty() { "" } else { " " };
            let trained = match &column.values {
                ColumnValues::Number(range) => format!(
                    ", trained on {} to {}",
                    Decimal(range.training_minimum),
                    Decimal(range.training_maximum)
                ),
                _ => String::new(),
            };
            let values = values_of(column);
            for part in [
                "  ",
                &column.name,
                ": ",
                description,
                comma,
                &values,
                space,
                unit,
                &trained,
                "\n",
            ] {
                output.push_str(part);
            }
        }
    }
}

/// Reads an object with columns in their order, of which those may lack that training lacked; nothing if it is anything
/// else, or a value is unusual.
fn read_in_order(columns: &[Column], text: &str, mut numbers: &mut [f32]) -> Option<()> {
    let mut plain = Plain::new(text);
    plain.byte(b'{')?;
    let mut is_open = true;
    for column in columns {
        let (own, rest) = numbers.split_at_mut_checked(column.numbers())?;
        numbers = rest;
        if !is_open || plain.name(&column.name).is_none() {
            column.missing.then_some(())?;
            own.fill(MISSING);
            continue;
        }
        match &column.values {
            ColumnValues::Number(range) => {
                let number = plain.number()?;
                if !range.has(number) || range.is_unusual(number) {
                    return None;
                }
                own.fill(number);
            }
            ColumnValues::Category(categories) => {
                let word = plain.string()?;
                let position = categories
                    .iter()
                    .position(|category| same(category, word))?;
                if is_missing(word.trim_ascii()) {
                    return None;
                }
                own.fill(position as f32);
            }
            ColumnValues::Date => {
                let parts = date::parts(plain.string()?)?;
                for (place, part) in own.iter_mut().zip(parts) {
                    *place = part;
                }
            }
        }
        is_open = plain.byte(b',').is_some();
    }
    if is_open {
        return None;
    }
    plain.byte(b'}')?;
    plain.end()
}

fn read(
    columns: &[Column],
    json: &str,
    numbers: &mut [f32],
    remarks: &mut Remarks,
) -> Result<(), InputError> {
    if !json.starts_with('{') {
        return Err(InputError::WrongKind {
            found: Found::new(json),
            expected: Columns.expected(),
        });
    }
    numbers.fill(UNREAD);
    let (mut next, mut place) = (0, 0);
    for (written, value) in json::members(json) {
        let Some((index, start)) = find(columns, written, (next, place)) else {
            return Err(InputError::UnknownField {
                name: Excerpt::new(written),
                expected: listed(columns),
            });
        };
        let column = columns.get(index);
        let Some((column, own)) = column.and_then(|column| {
            let own = numbers.get_mut(start..start + column.numbers())?;
            Some((column, own))
        }) else {
            continue;
        };
        (next, place) = (index + 1, start + own.len());
        if own.first().is_some_and(|number| *number != UNREAD) {
            let name = column.name.clone();
            return Err(InputError::DuplicateField { name });
        }
        if value == "null" || json::string(value).is_some_and(|word| is_missing(word.trim_ascii()))
        {
            continue;
        }
        if !encode(column, value, own, remarks) {
            return Err(InputError::BadValue {
                name: column.name.clone(),
                found: Found::new(value),
                expected: values_of(column),
            });
        }
    }
    let mut start = 0;
    for column in columns {
        let own = start..start + column.numbers();
        start = own.end;
        let own = numbers.get_mut(own).unwrap_or_default();
        if own.first() == Some(&UNREAD) {
            own.fill(MISSING);
            if !column.missing {
                remarks.missing.push(column.name.clone());
            }
        }
    }
    Ok(())
}

/// The position of the column with the name `written`, and of its first number: rows mostly have the columns in their
/// order, so that the one after the last is tried first.
fn find(
    columns: &[Column],
    written: &str,
    (next, place): (usize, usize),
) -> Option<(usize, usize)> {
    let name = json::unescape(written).unwrap_or_default();
    if columns
        .get(next)
        .is_some_and(|column| *column.name == *name)
    {
        return Some((next, place));
    }
    let mut start = 0;
    for (index, column) in columns.iter().enumerate() {
        if *column.name == *name {
            return Some((index, start));
        }
        start += column.numbers();
    }
    None
}

/// Writes what the network takes for `value`; `false` if the column has no such value.
fn encode(column: &Column, value: &str, own: &mut [f32], remarks: &mut Remarks) -> bool {
    match &column.values {
        ColumnValues::Number(range) => number(column, range, value, own, remarks),
        ColumnValues::Category(categories) => {
            // Codes are also written as numbers, and yes and no as truth values.
            let word = match value.as_bytes().first() {
                Some(b'"') => json::string(value),
                Some(b'{' | b'[') | None => None,
                Some(_) => Some(value.into()),
            };
            let (Some(word), [place]) = (word, own) else {
                return false;
            };
            let position = categories.iter().position(|category| same(category, &word));
            *place = position.map_or(UNSEEN, |position| position as f32);
            if position.is_none() {
                remarks.unseen.push(column.name.clone());
            }
            true
        }
        ColumnValues::Date => {
            let parts = json::string(value).and_then(|text| date::parts(text.trim_ascii()));
            match (parts, own) {
                (Some(parts), own) if own.len() == parts.len() => {
                    own.copy_from_slice(&parts);
                    true
                }
                _ => false,
            }
        }
    }
}

fn number(
    column: &Column,
    range: &NumberRange,
    value: &str,
    own: &mut [f32],
    remarks: &mut Remarks,
) -> bool {
    let number = json::number(value).filter(|number| range.has(*number));
    let (Some(number), [place]) = (number, own) else {
        return false;
    };
    *place = number;
    if range.is_unusual(number) {
        remarks.outside.push(column.name.clone());
    }
    true
}

/// Whether `word` is the category: spaces around it do not count, nor does the case of true and false, which JSON writes
/// in small letters.
fn same(category: &str, word: &str) -> bool {
    category == word
        || category == word.trim_ascii()
        || (matches!(word, "true" | "false") && category.eq_ignore_ascii_case(word))
}

/// The first names, each in backticks.
fn listed(columns: &[Column]) -> String {
    match columns.get(..LISTED) {
        Some(first) if columns.len() > LISTED => format!("{}, …", Quoted(first)),
        _ => format!("{}", Quoted(columns)),
    }
}

/// What a column takes, in words.
pub(super) fn values_of(column: &Column) -> String {
    match &column.values {
        ColumnValues::Number(range) => match (range.minimum, range.maximum) {
            (Some(low), Some(high)) => {
                format!("a number from {} to {}", Decimal(low), Decimal(high))
            }
            (Some(low), None) => format!("a number from {}", Decimal(low)),
            (None, Some(high)) => format!("a number up to {}", Decimal(high)),
            (None, None) => "a number".into(),
        },
        ColumnValues::Category(categories) => match categories.get(..LISTED) {
            Some(first) if categories.len() > LISTED => format!("a word such as {}", Quoted(first)),
            _ => format!("one of {}", Quoted(categories)),
        },
        ColumnValues::Date => "a date such as \"2024-05-31\"".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec;

    fn column(name: &str, values: ColumnValues, missing: bool) -> Column {
        let mut column = Column {
            name: name.into(),
            unit: String::new(),
            description: String::new(),
            values,
            missing,
            typical: vec![],
        };
        column.typical = vec![0.0; column.numbers()];
        column
    }

    fn columns() -> Vec<Column> {
        let words = ["red", "True", "3", "\""].map(String::from);
        let range = NumberRange {
            minimum: Some(0.0),
            maximum: None,
            training_minimum: 1.0,
            training_maximum: 9.0,
        };
        vec![
            column("age", ColumnValues::Number(range), false),
            column("größe \"", ColumnValues::Category(words.to_vec()), true),
            column("day", ColumnValues::Date, true),
        ]
    }

    fn read(json: &str) -> Result<(Vec<f32>, Remarks), String> {
        let (mut numbers, mut remarks) = (vec![0.0; 7], Remarks::default());
        super::read(&columns(), json, &mut numbers, &mut remarks)
            .map_err(|error| error.to_string())?;
        Ok((numbers, remarks))
    }

    #[test]
    fn the_most_frequent_form_is_read_in_one_pass_and_alike() {
        let mut columns = columns();
        columns[1].name = "hue".into();
        let frequent = |json: &str| {
            let mut numbers = vec![0.0; 7];
            read_in_order(&columns, json, &mut numbers).map(|()| numbers)
        };
        for json in [
            "{\"age\": 2.5, \"hue\": \"red\", \"day\": \"2024-05-31\"}",
            " {\"age\":9,\"hue\":\" red \"}\n",
            "{\"age\": 1, \"day\": \"2024-05-31T12:30\"}",
            "{\"age\": 1}",
        ] {
            let (mut numbers, mut remarks) = (vec![0.0; 7], Remarks::default());
            super::read(&columns, json.trim(), &mut numbers, &mut remarks).unwrap();
            let bits = |numbers: &[f32]| numbers.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
            assert_eq!(
                frequent(json).as_deref().map(bits),
                Some(bits(&numbers)),
                "{json}"
            );
            assert_eq!(remarks, Remarks::default(), "{json}");
        }
        for json in [
            "{}",
            "{\"age\": 1,}",
            "{\"age\": 1",
            "{\"age\": 1} 2",
            "{\"age\": 0.5}",
            "{\"age\": -1}",
            "{\"age\": null}",
            "{\"age\": 1, \"age\": 1}",
            "{\"age\": 1, \"hue\": \"blue\"}",
            "{\"age\": 1, \"hue\": \" NA \"}",
            "{\"age\": 1, \"hue\": 3}",
            "{\"age\": 1, \"size\": 3}",
            "{\"day\": \"2024-05-31\", \"age\": 1}",
            "{\"age\": 1, \"day\": \"2024-13-31\"}",
            "{\"hue\": \"red\"}",
        ] {
            assert_eq!(frequent(json), None, "{json}");
        }
    }

    #[test]
    fn values_become_numbers_in_any_order() {
        let (numbers, remarks) =
            read(r#"{"day": "2024-05-31", "age": 2.5, "gr\u00f6\u00dfe \"": "red"}"#).unwrap();
        assert_eq!(numbers, [2.5, 0.0, 19_874.0, 5.0, 31.0, 5.0, 0.0]);
        assert_eq!(remarks, Remarks::default());
        for (value, code) in [
            ("true", 1.0),
            ("3", 2.0),
            ("\"3\"", 2.0),
            ("\" red \"", 0.0),
        ] {
            let json = format!("{{\"age\": 1, \"größe \\\"\": {value}}}");
            assert_eq!(read(&json).unwrap().0[1], code, "{value}");
        }
    }

    #[test]
    fn what_is_doubtful_is_named() {
        let (numbers, remarks) = read("{\"größe \\\"\": \"blue\", \"day\": null}").unwrap();
        assert_eq!(numbers[1], UNSEEN);
        assert!(numbers[0].is_nan() && numbers[2..].iter().all(|number| number.is_nan()));
        assert_eq!(remarks.unseen, ["größe \""]);
        assert_eq!(remarks.missing, ["age"]);
        assert_eq!(read("{\"age\": 0.5}").unwrap().1.outside, ["age"]);
        assert_eq!(read("{\"age\": 9.5}").unwrap().1.outside, ["age"]);
        for word in ["", "NA", " none ", "?"] {
            let json = format!("{{\"age\": \"{word}\", \"größe \\\"\": \"{word}\"}}");
            let (numbers, remarks) = read(&json).unwrap();
            assert!(numbers[0].is_nan() && numbers[1].is_nan() && remarks.unseen.is_empty());
        }
        assert!(read("{}").unwrap().0.iter().all(|number| number.is_nan()));
    }

    #[test]
    fn errors_name_the_field_and_what_it_takes() {
        for (json, expected) in [
            ("[1]", "the input is the array [1]: expected a JSON object"),
            (
                "{\"ag\": 1}",
                "unknown field `ag`: expected `age`, `größe \"`, `day`",
            ),
            ("{\"age\": null, \"age\": 1}", ""),
            (
                "{\"age\": 1, \"age\": 1}",
                "`age` is given twice: expected it once",
            ),
            (
                "{\"age\": -1}",
                "`age` is the number -1: expected a number from 0",
            ),
            (
                "{\"age\": \"1\"}",
                "`age` is the string \"1\": expected a number from 0",
            ),
            (
                "{\"day\": 20240531}",
                "`day` is the number 20240531: expected a date such as \"2024-05-31\"",
            ),
            (
                "{\"größe \\\"\": [1]}",
                "`größe \"` is the array [1]: expected one of `red`, `True`, `3`, `\"`",
            ),
        ] {
            match expected {
                "" => assert!(read(json).is_ok(), "{json}"),
                _ => assert_eq!(read(json).unwrap_err(), expected),
            }
        }
    }
}

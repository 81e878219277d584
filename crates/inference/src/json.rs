//! Walks JSON text without building a tree: members of an object, items of an array, numbers.
//! Everything is borrowed from the text, so that messages can quote it as it was typed.
//!
//! `serde_json` finds out whether a text is JSON and where a value ends. It is not asked to turn
//! values into Rust types: the message for a value of the wrong type prints floats, and that alone
//! would be a sixth of a module. A module that reads texts is larger anyway, and asks for strings.

use alloc::string::String;

use serde::de::IgnoredAny;
use serde_json::{Deserializer, Number};

use crate::error::InputError;

/// Checks that `bytes` hold exactly one JSON value, and returns it without the space around it.
/// `expected` is what the value should be, for the message.
///
/// # Errors
///
/// [`InputError::Empty`], [`InputError::NotUtf8`] or [`InputError::Syntax`].
pub fn value<'a>(bytes: &'a [u8], expected: &'static str) -> Result<&'a str, InputError> {
    let text = str::from_utf8(bytes).map_err(|_| InputError::NotUtf8 { expected })?;
    if text.trim_ascii().is_empty() {
        return Err(InputError::Empty { expected });
    }
    serde_json::from_str::<IgnoredAny>(text)?;
    Ok(text.trim_ascii())
}

/// Calls `each` with the name and the value of every member of `json`, a valid object, in order, up
/// to the first error. A name comes as it is written: one with an escape in it keeps the backslash,
/// and so equals no name of a field.
///
/// # Errors
///
/// The first error of `each`.
pub fn members<'a>(
    json: &'a str,
    each: &mut dyn FnMut(&'a str, &'a str) -> Result<(), InputError>,
) -> Result<(), InputError> {
    let mut rest = inside(json);
    while let Some(name) = next(&mut rest)? {
        let value = next(&mut rest)?.unwrap_or_default();
        each(inside(name), value)?;
    }
    Ok(())
}

/// Calls `each` with every item of `json`, a valid array, in order, up to the first error.
///
/// # Errors
///
/// The first error of `each`.
pub fn items<'a>(
    json: &'a str,
    each: &mut dyn FnMut(&'a str) -> Result<(), InputError>,
) -> Result<(), InputError> {
    let mut rest = inside(json);
    while let Some(item) = next(&mut rest)? {
        each(item)?;
    }
    Ok(())
}

/// The number `json`, or `None` if it is another value or too large for a float.
pub fn number(json: &str) -> Option<f32> {
    let value = json.parse::<Number>().ok()?.as_f64()? as f32;
    value.is_finite().then_some(value)
}

/// Whether `json`, one valid value, is a number of any size.
pub fn is_number(json: &str) -> bool {
    matches!(json.as_bytes().first(), Some(b'-' | b'0'..=b'9'))
}

/// Appends `text` as a JSON string.
pub fn push_string(output: &mut String, text: &str) {
    // A string always serialises.
    output.push_str(&serde_json::to_string(text).unwrap_or_default());
}

/// What is between the brackets or quotes of `json`.
fn inside(json: &str) -> &str {
    let end = json.len().saturating_sub(1);
    json.get(1..end).unwrap_or_default()
}

/// Takes the next value off `rest`, part of a valid text between two brackets.
fn next<'a>(rest: &mut &'a str) -> Result<Option<&'a str>, InputError> {
    let between = |byte: &u8| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b':');
    let Some(start) = rest.as_bytes().iter().position(between) else {
        return Ok(None);
    };
    let text = rest.get(start..).unwrap_or_default();
    let mut values = Deserializer::from_str(text).into_iter::<IgnoredAny>();
    values.next().transpose()?;
    let (value, after) = text
        .split_at_checked(values.byte_offset())
        .unwrap_or_default();
    *rest = after;
    Ok(Some(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec::Vec;

    #[test]
    fn a_value_loses_the_space_around_it_and_nothing_else() {
        assert_eq!(value(b" [1, 2]\r\n", "").unwrap(), "[1, 2]");
        for (bytes, message) in [
            (&b""[..], "the input is empty: expected a JSON object"),
            (b" \t", "the input is empty: expected a JSON object"),
            (
                b"\xff",
                "the input is not valid UTF-8: expected a JSON object",
            ),
            (
                b"NaN",
                "the input is not valid JSON: expected value at column 1",
            ),
            (
                b"{} {}",
                "the input is not valid JSON: trailing characters at column 4",
            ),
            (
                b"[1, 2,]",
                "the input is not valid JSON: expected value at column 7",
            ),
            (
                b"{\"a\":\n1,}",
                "the input is not valid JSON: key must be a string at line 2 column 3",
            ),
            (
                b"{\"a\" 1}",
                "the input is not valid JSON: expected `:` at column 6",
            ),
        ] {
            assert_eq!(
                value(bytes, "a JSON object").unwrap_err().to_string(),
                message
            );
        }
    }

    #[test]
    fn members_come_in_order_and_as_written() {
        let mut seen = Vec::new();
        let json = r#"{"a": 1,"\u0062" :[2, {",": ":"}], "a":null ,"":-1.5e3}"#;
        members(json, &mut |name, value| {
            seen.push((name, value));
            Ok(())
        })
        .unwrap();
        assert_eq!(
            seen,
            [
                ("a", "1"),
                ("\\u0062", r#"[2, {",": ":"}]"#),
                ("a", "null"),
                ("", "-1.5e3")
            ]
        );
        assert!(members("{ }", &mut |_, _| Err(InputError::Empty { expected: "" })).is_ok());
    }

    #[test]
    fn items_come_in_order_up_to_the_first_error() {
        let mut seen = Vec::new();
        let result = items("[ 1,\"],\" , [[],2], stop]", &mut |item| {
            seen.push(item);
            if seen.len() == 3 {
                return Err(InputError::EmptyArray { expected: "" });
            }
            Ok(())
        });
        assert!(matches!(result, Err(InputError::EmptyArray { .. })));
        assert_eq!(seen, ["1", "\"],\"", "[[],2]"]);
    }

    #[test]
    fn numbers_are_finite_or_nothing() {
        for (json, expected) in [
            ("7.0", 7.0),
            ("-1e-3", -0.001),
            ("0.1", 0.1),
            ("12", 12.0),
            ("1e-999", 0.0),
        ] {
            assert_eq!(number(json), Some(expected));
        }
        for json in ["1e39", "1e999", "\"7\"", "null", "[7]"] {
            assert_eq!(number(json), None);
        }
        assert!(is_number("1e999") && !is_number("\"7\""));
    }
}

//! What can be wrong with an input, in words that name the field, the value and what was expected.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use core::fmt;

use thiserror::Error;

use crate::decimal::Decimal;
use crate::schema::Field;

/// A bad input. Its message is one line, without a full stop.
#[derive(Debug, Error)]
pub enum InputError {
    /// Nothing but white space.
    #[error("the input is empty: expected {expected}")]
    Empty {
        /// What one input is.
        expected: &'static str,
    },
    /// An array without a single input in it.
    #[error("the array is empty: expected at least one of {expected}")]
    EmptyArray {
        /// What one input is.
        expected: &'static str,
    },
    /// Not UTF-8, hence not JSON.
    #[error("the input is not valid UTF-8: expected {expected}")]
    NotUtf8 {
        /// What one input is.
        expected: &'static str,
    },
    /// A line of a stream that is longer than any input can be.
    #[error("the line is longer than {limit} bytes: expected {expected}")]
    LineTooLong {
        /// Longest line that is accepted, in bytes.
        limit: usize,
        /// What one input is.
        expected: &'static str,
    },
    /// Not JSON.
    #[error("the input is not valid JSON: {}", Placed(.0))]
    Syntax(#[from] serde_json::Error),
    /// JSON, but not an object.
    #[error("the input is {found}: expected a JSON object")]
    NotAnObject {
        /// The value, as it stands in the input.
        found: Found,
    },
    /// Something else, which only one kind of input can have wrong with it.
    #[error(transparent)]
    Other(#[from] Box<dyn core::error::Error>),
    /// A name that the model does not know.
    #[error("unknown field `{name}`: expected {}", Names(expected))]
    UnknownField {
        /// The name, as it stands in the input.
        name: Excerpt,
        /// The fields that the model knows.
        expected: &'static [Field],
    },
    /// The same name twice.
    #[error("`{}` is given twice: expected it once", field.name)]
    DuplicateField {
        /// The field.
        field: &'static Field,
    },
    /// A name that is not there.
    #[error("`{}` is missing: expected {}", field.name, Expected(field))]
    MissingField {
        /// The field.
        field: &'static Field,
    },
    /// A value that is not a number.
    #[error("`{}` is {found}: expected {}", field.name, Expected(field))]
    NotANumber {
        /// The field.
        field: &'static Field,
        /// The value, as it stands in the input.
        found: Found,
    },
    /// A number outside the physical range, or too large for a float.
    #[error("`{}` is {found}: expected {}", field.name, Expected(field))]
    OutOfRange {
        /// The field.
        field: &'static Field,
        /// The value, as it stands in the input.
        found: Excerpt,
    },
}

/// A syntax error with its place. Of an input on one line, as most are, that is the column: a line
/// number would be taken for that of a stream.
struct Placed<'a>(&'a serde_json::Error);

impl fmt::Display for Placed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// How `serde_json` ends a message about the first line; the column follows.
        const PLACE: &str = " at line 1 column ";
        let column = self.0.column() as u32;
        let digits = column.checked_ilog10().map_or(1, |tens| tens as usize + 1);
        let message = self.0.to_string();
        let end = message.len().saturating_sub(PLACE.len() + digits);
        match message.get(..end) {
            Some(message) if self.0.line() == 1 => {
                f.write_str(message)?;
                f.write_str(" at column ")?;
                fmt::Display::fmt(&column, f)
            }
            _ => f.write_str(&message),
        }
    }
}

/// The names of a table of fields, each in backticks.
struct Names<'a>(&'a [Field]);

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, field) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            f.write_str("`")?;
            f.write_str(field.name)?;
            f.write_str("`")?;
        }
        Ok(())
    }
}

/// What a field takes, in words.
struct Expected<'a>(&'a Field);

impl fmt::Display for Expected<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Field {
            unit,
            minimum,
            maximum,
            ..
        } = self.0;
        write!(
            f,
            "a number from {} to {} ({unit})",
            Decimal(*minimum),
            Decimal(*maximum)
        )
    }
}

/// A part of the user's input on its way into a message: one line, shortened if it is long.
#[derive(Debug)]
pub struct Excerpt(String);

impl Excerpt {
    const LONGEST: usize = 40;

    /// Takes `text` up to 40 characters, with control characters replaced by spaces.
    pub fn new(text: &str) -> Self {
        let mut shown = String::new();
        for (count, character) in text.chars().enumerate() {
            if count == Self::LONGEST {
                shown.push('…');
                break;
            }
            shown.push(if character.is_control() {
                ' '
            } else {
                character
            });
        }
        Self(shown)
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A JSON value with its kind: `the string "7.0"`, `the array [5.1, 3.5]`, `null`.
#[derive(Debug)]
pub struct Found(Excerpt);

impl Found {
    /// Wraps one JSON value, given as it stands in the input.
    pub fn new(json: &str) -> Self {
        Self(Excerpt::new(json))
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0.0.as_bytes().first() {
            Some(b'"') => "the string ",
            Some(b'[') => "the array ",
            Some(b'{') => "the object ",
            Some(b'-' | b'0'..=b'9') => "the number ",
            _ => "",
        })?;
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excerpts_are_one_short_line() {
        assert_eq!(Excerpt::new("7.0").to_string(), "7.0");
        assert_eq!(Excerpt::new("[1,\n2]").to_string(), "[1, 2]");
        let long = "é".repeat(41);
        assert_eq!(Excerpt::new(&long).to_string(), "é".repeat(40) + "…");
    }

    #[test]
    fn values_are_shown_with_their_kind() {
        for (json, shown) in [
            ("\"7.0\"", "the string \"7.0\""),
            ("[1]", "the array [1]"),
            ("{}", "the object {}"),
            ("-1e3", "the number -1e3"),
            ("null", "null"),
            ("true", "true"),
        ] {
            assert_eq!(Found::new(json).to_string(), shown);
        }
    }
}

//! What can be wrong with an input, in words that name the field, the value and what was expected.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use core::fmt;

use thiserror::Error;

use model::json::{Count, Decimal, Shown};
use model::{Excerpt, SyntaxError, Values, json};

/// A bad input. Its message is one line, without a full stop.
#[derive(Debug, Error)]
pub enum InputError {
    /// Nothing but white space.
    #[error("the input is empty: expected {}", Shown(expected))]
    Empty {
        /// What one input is.
        expected: &'static str,
    },
    /// An array without a single input in it.
    #[error("the array is empty: expected at least one of {}", Shown(expected))]
    EmptyArray {
        /// What one input is.
        expected: &'static str,
    },
    /// Not JSON.
    #[error("the input is not valid JSON: {0}")]
    Syntax(#[from] SyntaxError),
    /// One of several inputs.
    #[error("item {}: {error}", Count(*number))]
    Item {
        /// Which one, from 1.
        number: usize,
        /// What is wrong with it.
        error: Box<InputError>,
    },
    /// JSON, but a value of another kind than an input is.
    #[error("the input is {found}: expected {}", Shown(expected))]
    WrongKind {
        /// The value, as it stands in the input.
        found: Found,
        /// What one input is.
        expected: &'static str,
    },
    /// A name that the model does not know.
    #[error("unknown field `{name}`: expected {}", Shown(expected))]
    UnknownField {
        /// The name, as it stands in the input.
        name: Excerpt,
        /// The names that the model knows.
        expected: String,
    },
    /// The same name twice.
    #[error("`{}` is given twice: expected it once", Shown(name))]
    DuplicateField {
        /// The name.
        name: String,
    },
    /// A name that is not there.
    #[error("`{}` is missing: expected {}", Shown(name), Shown(expected))]
    MissingField {
        /// The name.
        name: String,
        /// What it takes.
        expected: String,
    },
    /// A value that the field does not have.
    #[error("`{}` is {found}: expected {}", Shown(name), Shown(expected))]
    BadValue {
        /// The name.
        name: String,
        /// The value, as it stands in the input.
        found: Found,
        /// What the field takes.
        expected: String,
    },
    /// Too few pixels or rows, or too many.
    #[error("{} {}: expected {}", Count(*count), Shown(what), Shown(expected))]
    WrongCount {
        /// How many there are.
        count: usize,
        /// Pixels or rows.
        what: &'static str,
        /// How many there should be.
        expected: String,
    },
    /// A row with too few pixels, or too many.
    #[error("row {} has {} pixels: expected {}", Count(*row), Count(*count), Count(*expected))]
    WrongRow {
        /// The row, from 1.
        row: usize,
        /// Pixels that it has.
        count: usize,
        /// Pixels that it should have.
        expected: usize,
    },
    /// Something else where a row of pixels should be.
    #[error("row {} is {found}: expected an array of pixels", Count(*row))]
    NotARow {
        /// The row, from 1.
        row: usize,
        /// The value, as it stands in the input.
        found: Found,
    },
    /// Something that no pixel can be.
    #[error("the pixel in {place} is {found}: expected a whole number from 0 to {}", Count(*maximum as usize))]
    BadPixel {
        /// Where it is.
        place: PixelPlace,
        /// The value, as it stands in the input.
        found: Found,
        /// Largest value.
        maximum: u32,
    },
    /// Half of a UTF-16 surrogate pair, which stands for no character.
    #[error("the string {found} has an escape that is no character: expected Unicode")]
    NotUnicode {
        /// The value, as it stands in the input.
        found: Excerpt,
    },
    /// A text without words.
    #[error("there is no word in the text: expected at least one")]
    NoWords,
    /// A text without a word that the model knows.
    #[error(
        "the model knows no word of the text: expected one in the language that it was trained on"
    )]
    Unknown,
    /// An image that shows nothing.
    #[error("every pixel is {}: expected a picture", Count(*value as usize))]
    Blank {
        /// The value of all pixels.
        value: u32,
    },
    /// An image that was scaled before it was given.
    #[error("no pixel is above 1: expected whole numbers from 0 to {}", Count(*maximum as usize))]
    Binary {
        /// Largest value of a pixel.
        maximum: u32,
    },
    /// A model whose numbers are beyond floats for this input.
    #[error("the model gives no finite number for this input")]
    NotFinite,
}

impl InputError {
    /// Which of several inputs it is, from 1.
    #[must_use]
    pub fn item(&self) -> Option<usize> {
        match self {
            Self::Item { number, .. } => Some(*number),
            _ => None,
        }
    }

    /// The field of the model that it is about.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Item { error, .. } => error.field(),
            Self::DuplicateField { name }
            | Self::MissingField { name, .. }
            | Self::BadValue { name, .. } => Some(name),
            _ => None,
        }
    }
}

/// Where a pixel is, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PixelPlace {
    /// From the top.
    pub row: usize,
    /// From the left.
    pub column: usize,
}

impl fmt::Display for PixelPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { row, column } = self;
        write!(f, "row {}, column {}", Count(*row), Count(*column))
    }
}

/// A JSON value with its kind: `the string "7.0"`, `the array [5.1, 3.5]`, `null`.
#[derive(Debug)]
pub struct Found {
    value: Excerpt,
    /// Whether the kind is said.
    kind: bool,
}

impl Found {
    /// Wraps one JSON value, given as it stands in the input.
    pub(crate) fn new(json: &str) -> Self {
        Self {
            value: Excerpt::new(json),
            kind: true,
        }
    }

    /// Plain numbers where something else is expected.
    pub(crate) fn plain_numbers() -> Self {
        let value = Excerpt::new("plain numbers");
        Self { value, kind: false }
    }

    /// A plain number.
    pub(crate) fn number(number: f32) -> Self {
        let value = match number {
            _ if number.is_finite() => Excerpt::new(&format!("{}", Decimal(number))),
            _ if number.is_nan() => Excerpt::new("NaN"),
            _ => Excerpt::new("infinite"),
        };
        Self { value, kind: false }
    }

    /// The same for a field with `values`: where a number is expected, a number needs no kind.
    pub(crate) fn of(json: &str, values: &Values) -> Self {
        match values {
            Values::Number { .. } => Self::where_a_number_is_expected(json),
            Values::Category { .. } => Self::new(json),
        }
    }

    /// The same where a number is expected.
    pub(crate) fn where_a_number_is_expected(json: &str) -> Self {
        Self {
            value: Excerpt::new(json),
            kind: !json::is_number(json),
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.value.as_str().as_bytes().first() {
            _ if !self.kind => "",
            Some(b'"') => "the string ",
            Some(b'[') => "the array ",
            Some(b'{') => "the object ",
            Some(b'-' | b'0'..=b'9') => "the number ",
            _ => "",
        })?;
        self.value.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(std::format!("{}", Found::new(json)), shown);
        }
    }
}

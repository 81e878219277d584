//! What one input of a model is: where JSON turns into the numbers that a network takes.

use alloc::string::String;
use core::fmt::Write as _;

use crate::decimal::Decimal;
use crate::error::InputError;
use crate::record;
use crate::schema::Field;

/// A kind of input.
pub trait Input {
    /// How many numbers the network takes.
    fn numbers(&self) -> usize;

    /// What one input is, as in "expected a JSON object".
    fn expected(&self) -> &'static str;

    /// Whether `json`, a valid array, is an array of inputs rather than one of them.
    fn are_many(&self, json: &str) -> bool;

    /// Reads `json`, one valid value, into `row`, of length [`numbers`](Self::numbers).
    ///
    /// # Errors
    ///
    /// Says what is wrong, and where.
    fn read(&self, json: &str, row: &mut [f32]) -> Result<(), InputError>;

    /// Describes the input for `--help`.
    fn help(&self, output: &mut String);

    /// Whether an input has parts that can be left out, to find out what they count for.
    const EXPLAINS: bool = false;

    /// Describes, for `--help`, what `--explain` adds to an answer.
    const EXPLAIN_HELP: &'static str = "";

    /// Gives each part of `json`, a value that can be [read](Self::read), with the numbers that the
    /// network takes without it, written to `row`, to `each`.
    fn parts(&self, json: &str, row: &mut [f32], each: &mut dyn FnMut(&str, &[f32])) {
        let _ = (json, row, each);
    }
}

/// A JSON object of named numbers.
impl Input for &'static [Field] {
    fn numbers(&self) -> usize {
        self.len()
    }

    fn expected(&self) -> &'static str {
        "a JSON object"
    }

    fn are_many(&self, _: &str) -> bool {
        true
    }

    fn read(&self, json: &str, row: &mut [f32]) -> Result<(), InputError> {
        record::read(json, self, row)
    }

    fn help(&self, output: &mut String) {
        output.push_str("The object's fields, all required:\n");
        for field in *self {
            // Writing to a string does not fail.
            let _ = writeln!(
                output,
                "  {}: {}, {} to {} {}",
                field.name,
                field.description,
                Decimal(field.minimum),
                Decimal(field.maximum),
                field.unit
            );
        }
    }
}

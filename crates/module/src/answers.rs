//! From an input to lines of text, for every form of a module.

use alloc::format;
use alloc::string::String;
use core::fmt;

use model::json::{Count, Shown};
use runtime::{Answer, InputError, Runtime};
use thiserror::Error;

use crate::command::Form;
use crate::print;

/// What Windows programs put before UTF-8.
pub const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// What a person should know of an input that is answered.
#[derive(Debug)]
pub enum Unusual {
    /// A field, and what is unusual about it.
    Field(String, &'static str),
    /// So many words are not read.
    Unread(usize),
}

const OUTSIDE: &str = "is outside the range of the rows that the model was trained on";
const UNSEEN: &str = "has a word that the model was not trained on";
const MISSING: &str = "is missing, as in no row that the model was trained on";

impl Unusual {
    pub fn of(answer: &Answer<'_>) -> Option<Self> {
        let lists = answer.remarks.lists();
        for ((_, fields), problem) in lists.into_iter().zip([OUTSIDE, UNSEEN, MISSING]) {
            if let Some(field) = fields.first() {
                return Some(Self::Field(field.clone(), problem));
            }
        }
        let unread = answer.remarks.unread;
        (unread > 0).then_some(Self::Unread(unread))
    }
}

impl fmt::Display for Unusual {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(field, problem) => {
                for part in ["`", field, "` ", problem] {
                    f.write_str(part)?;
                }
                Ok(())
            }
            Self::Unread(words) => write!(
                f,
                "the text is longer than the model reads: {} words at its end have no effect",
                Count(*words)
            ),
        }
    }
}

/// What is wrong with what the user gave.
#[derive(Debug, Error)]
pub enum Refusal {
    /// Not UTF-8, hence not JSON.
    #[error("the input is not valid UTF-8: expected {}", Shown(expected))]
    NotUtf8 {
        /// What one input is.
        expected: &'static str,
    },
    /// A line of a stream that is longer than any input can be.
    #[error("the line is longer than {} bytes: expected {}", Count(*limit), Shown(expected))]
    LineTooLong {
        /// Longest line that is accepted, in bytes.
        limit: usize,
        /// What one input is.
        expected: &'static str,
    },
    /// What `--strict` does not answer.
    #[error("{0}, which `--strict` refuses")]
    Unusual(Unusual),
    /// The text of another encoding.
    #[error("the input is UTF-16: expected UTF-8")]
    Utf16,
    /// Anything that the runtime finds wrong.
    #[error(transparent)]
    Input(#[from] InputError),
}

/// Appends the answer to `input`, one JSON value, or the answers to each item of an array, and returns the first that is
/// unusual. A failure leaves no half of the answers behind.
///
/// # Errors
///
/// Says what is wrong with the input, and where.
pub fn answer(
    runtime: &mut Runtime<'_>,
    input: &[u8],
    form: Form,
    output: &mut String,
) -> Result<Option<Unusual>, Refusal> {
    let (start, expected, part) = (output.len(), runtime.expected(), runtime.part());
    let input = unmarked(input)?;
    let text = str::from_utf8(input).map_err(|_| Refusal::NotUtf8 { expected })?;
    let mut unusual = None;
    let answered = runtime.predict_each(text, form.explain, &mut |answer| {
        unusual = unusual.take().or_else(|| Unusual::of(answer));
        match form.json {
            true => print::json(answer, part, output),
            false => print::plain(answer, output),
        }
    });
    let allowed = match answered {
        Ok(()) => allowed(unusual, form),
        Err(error) => Err(error.into()),
    };
    if allowed.is_err() {
        output.truncate(start);
    }
    allowed
}

/// Appends a line for each line of `input`: the answer, or the error in its place.
///
/// # Errors
///
/// If it is UTF-16.
pub fn answer_lines(
    runtime: &mut Runtime<'_>,
    input: &[u8],
    form: Form,
    output: &mut String,
) -> Result<(), Refusal> {
    let input = unmarked(input)?;
    let input = input.strip_suffix(b"\n").unwrap_or(input);
    if input.is_empty() {
        return Ok(());
    }
    let (expected, part) = (runtime.expected(), runtime.part());
    for line in input.split(|byte| *byte == b'\n') {
        let answered = match str::from_utf8(line) {
            Ok(line) => runtime.predict(line, form.explain).map_err(Refusal::from),
            Err(_) => Err(Refusal::NotUtf8 { expected }),
        };
        let answered =
            answered.and_then(|answer| allowed(Unusual::of(&answer), form).map(|_| answer));
        match answered {
            Ok(answer) => print::json(&answer, part, output),
            Err(refused) => print::json_error(&format!("{refused}"), output),
        }
    }
    Ok(())
}

/// `input` without a byte order mark.
fn unmarked(input: &[u8]) -> Result<&[u8], Refusal> {
    let input = input.strip_prefix(BYTE_ORDER_MARK).unwrap_or(input);
    match is_utf16(input) {
        true => Err(Refusal::Utf16),
        false => Ok(input),
    }
}

/// What is `unusual`, unless the user wants no answer to it.
fn allowed(unusual: Option<Unusual>, form: Form) -> Result<Option<Unusual>, Refusal> {
    match unusual {
        Some(unusual) if form.strict => Err(Refusal::Unusual(unusual)),
        unusual => Ok(unusual),
    }
}

/// Whether `input` is UTF-16: by its byte order mark, or by the zeros in its first two characters.
fn is_utf16(input: &[u8]) -> bool {
    matches!(
        input,
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, 0, _, ..] | [_, 0, _, 0, ..]
    )
}

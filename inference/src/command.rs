//! The command line of a module.
//!
//! The parsers on crates.io need the standard library, which a module does without.

use alloc::vec::Vec;

use thiserror::Error;

use crate::error::Excerpt;

/// What the user asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    /// Predict for one JSON value, or for each item of an array.
    Predict {
        /// The value.
        input: Vec<u8>,
        /// Whether to answer in JSON.
        json: bool,
    },
    /// Predict for each line of standard input.
    Stream {
        /// Whether to answer in JSON.
        json: bool,
    },
    /// Print the model's description.
    Describe,
    /// Print the help.
    Help,
    /// Print the version.
    Version,
}

/// A command line that makes no sense.
#[derive(Debug, Error)]
pub enum UsageError {
    /// Nothing to do.
    #[error("no input: expected one JSON value, or `-` to read lines from standard input")]
    NoInput,
    /// More than one input, usually for want of quotes.
    #[error("unexpected argument `{0}`: expected one JSON value, in quotes")]
    Unexpected(Excerpt),
    /// An option that there is not.
    #[error("unknown option `{0}`: expected `--json`, `--describe`, `--help` or `--version`")]
    UnknownOption(Excerpt),
}

/// Understands the arguments, given without the program's own name. The first of `--help`,
/// `--version` and `--describe` wins over what comes after it.
///
/// # Errors
///
/// If there is no input, more than one, or an unknown option.
pub fn parse(arguments: Vec<Vec<u8>>) -> Result<Command, UsageError> {
    let mut json = false;
    let mut input = None;
    let mut options = true;
    for argument in arguments {
        match argument.as_slice() {
            b"--help" | b"-h" if options => return Ok(Command::Help),
            b"--version" | b"-V" if options => return Ok(Command::Version),
            b"--describe" if options => return Ok(Command::Describe),
            b"--json" if options => json = true,
            b"--" if options => options = false,
            // A negative number is an input, if a wrong one.
            [b'-', next, ..] if options && !next.is_ascii_digit() => {
                return Err(UsageError::UnknownOption(excerpt(&argument)));
            }
            _ if input.is_some() => return Err(UsageError::Unexpected(excerpt(&argument))),
            _ => input = Some(argument),
        }
    }
    match input {
        None => Err(UsageError::NoInput),
        Some(input) if input == b"-" => Ok(Command::Stream { json }),
        Some(input) => Ok(Command::Predict { input, json }),
    }
}

fn excerpt(argument: &[u8]) -> Excerpt {
    Excerpt::new(str::from_utf8(argument).unwrap_or("\u{fffd}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    fn parse(arguments: &[&str]) -> Result<Command, alloc::string::String> {
        super::parse(arguments.iter().map(|a| a.as_bytes().to_vec()).collect())
            .map_err(|error| error.to_string())
    }

    fn predict(input: &str, json: bool) -> Command {
        let input = input.as_bytes().to_vec();
        Command::Predict { input, json }
    }

    #[test]
    fn understands_every_form() {
        assert_eq!(parse(&["{}"]), Ok(predict("{}", false)));
        assert_eq!(parse(&["--json", "{}"]), Ok(predict("{}", true)));
        assert_eq!(parse(&["{}", "--json"]), Ok(predict("{}", true)));
        assert_eq!(parse(&["--", "--json"]), Ok(predict("--json", false)));
        assert_eq!(parse(&["-5"]), Ok(predict("-5", false)));
        assert_eq!(parse(&[""]), Ok(predict("", false)));
        assert_eq!(parse(&["-"]), Ok(Command::Stream { json: false }));
        assert_eq!(parse(&["-", "--json"]), Ok(Command::Stream { json: true }));
        assert_eq!(parse(&["--describe"]), Ok(Command::Describe));
        assert_eq!(parse(&["{}", "-h"]), Ok(Command::Help));
        assert_eq!(parse(&["-V"]), Ok(Command::Version));
    }

    #[test]
    fn refuses_the_rest() {
        for (arguments, message) in [
            (
                &[][..],
                "no input: expected one JSON value, or `-` to read lines from standard input",
            ),
            (
                &["--jsn", "{}"],
                "unknown option `--jsn`: expected `--json`, `--describe`, `--help` or `--version`",
            ),
            (
                &["{sepal_length:", "7.0}"],
                "unexpected argument `7.0}`: expected one JSON value, in quotes",
            ),
            (
                &["-", "{}"],
                "unexpected argument `{}`: expected one JSON value, in quotes",
            ),
        ] {
            assert_eq!(parse(arguments), Err(message.to_string()));
        }
    }
}

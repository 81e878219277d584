//! The command line of a module.
//!
//! The parsers on crates.io need the standard library, which a module does without.

use alloc::vec::Vec;

use thiserror::Error;

use model::Excerpt;
use model::json::Shown;

/// How to answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Form {
    /// In JSON.
    pub json: bool,
    /// With the reasons.
    pub explain: bool,
    /// Or not at all, where the input is unusual.
    pub strict: bool,
}

/// What the user asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    /// Predict for one JSON value, or for each item of an array.
    Predict {
        /// The value.
        input: Vec<u8>,
        /// How to answer.
        form: Form,
    },
    /// Predict for each line of standard input.
    Stream {
        /// How to answer.
        form: Form,
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
    #[error(
        "unknown option `{option}`: expected `--json`, {}`--strict`, `--describe`, `--help` or `--version`",
        Shown(explain)
    )]
    UnknownOption {
        /// The option.
        option: Excerpt,
        /// The one that not every module has.
        explain: &'static str,
    },
}

/// Understands the arguments, given without the program's own name, of a module that `explains` or
/// does not. The first of `--help`,
/// `--version` and `--describe` wins over what comes after it.
///
/// # Errors
///
/// If there is no input, more than one, or an unknown option.
pub fn parse(arguments: Vec<Vec<u8>>, explains: bool) -> Result<Command, UsageError> {
    let mut form = Form::default();
    let mut input = None;
    let mut options = true;
    for argument in arguments {
        match argument.as_slice() {
            b"--help" | b"-h" if options => return Ok(Command::Help),
            b"--version" | b"-V" if options => return Ok(Command::Version),
            b"--describe" if options => return Ok(Command::Describe),
            b"--json" if options => form.json = true,
            b"--strict" if options => form.strict = true,
            b"--explain" if options && explains => form.explain = true,
            b"--" if options => options = false,
            // A negative number is an input, if a wrong one.
            [b'-', next, ..] if options && !next.is_ascii_digit() => {
                return Err(UsageError::UnknownOption {
                    option: excerpt(&argument),
                    explain: if explains { "`--explain`, " } else { "" },
                });
            }
            _ if input.is_some() => return Err(UsageError::Unexpected(excerpt(&argument))),
            _ => input = Some(argument),
        }
    }
    match input {
        None => Err(UsageError::NoInput),
        Some(input) if input == b"-" => Ok(Command::Stream { form }),
        Some(input) => Ok(Command::Predict { input, form }),
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
        of_module(arguments, false)
    }

    fn of_module(arguments: &[&str], explains: bool) -> Result<Command, alloc::string::String> {
        let arguments = arguments.iter().map(|a| a.as_bytes().to_vec()).collect();
        super::parse(arguments, explains).map_err(|error| error.to_string())
    }

    const fn form(json: bool) -> Form {
        Form {
            json,
            explain: false,
            strict: false,
        }
    }

    fn predict(input: &str, json: bool) -> Command {
        let input = input.as_bytes().to_vec();
        Command::Predict {
            input,
            form: form(json),
        }
    }

    #[test]
    fn understands_every_form() {
        assert_eq!(parse(&["{}"]), Ok(predict("{}", false)));
        assert_eq!(parse(&["--json", "{}"]), Ok(predict("{}", true)));
        assert_eq!(parse(&["{}", "--json"]), Ok(predict("{}", true)));
        assert_eq!(parse(&["--", "--json"]), Ok(predict("--json", false)));
        assert_eq!(parse(&["-5"]), Ok(predict("-5", false)));
        assert_eq!(parse(&[""]), Ok(predict("", false)));
        assert_eq!(parse(&["-"]), Ok(Command::Stream { form: form(false) }));
        assert_eq!(
            parse(&["-", "--json"]),
            Ok(Command::Stream { form: form(true) })
        );
        assert_eq!(parse(&["--describe"]), Ok(Command::Describe));
        assert_eq!(parse(&["{}", "-h"]), Ok(Command::Help));
        assert_eq!(parse(&["-V"]), Ok(Command::Version));
    }

    #[test]
    fn only_some_modules_explain() {
        let form = Form {
            json: true,
            explain: true,
            strict: true,
        };
        let arguments = ["-", "--explain", "--strict", "--json"];
        assert_eq!(of_module(&arguments, true), Ok(Command::Stream { form }));
        let arguments = ["-", "--explain", "--json"];
        let message = "unknown option `--explain`: expected `--json`, `--strict`, `--describe`, `--help` or `--version`";
        assert_eq!(parse(&arguments), Err(message.to_string()));
        let message = of_module(&["--why"], true).unwrap_err();
        assert!(message.contains("expected `--json`, `--explain`, "));
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
                "unknown option `--jsn`: expected `--json`, `--strict`, `--describe`, `--help` or `--version`",
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

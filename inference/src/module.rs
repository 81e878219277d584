//! The command line of a module: what it is asked, what it answers, and its exit code.

use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt::Write as _;

use crate::command::{self, Command};
use crate::decimal::Decimal;
use crate::error::InputError;
use crate::host::{Host, Stream, StreamError};
use crate::json;
use crate::lines::{LONGEST_LINE, Line, Lines};
use crate::model::{Model, Predict};
use crate::record;
use crate::schema::{self, Field};

/// Exit code of a success.
pub const SUCCESS: u8 = 0;
/// Exit code of a failure that is not the user's.
pub const FAILURE: u8 = 1;
/// Exit code of bad usage or bad input.
pub const BAD_INPUT: u8 = 2;

/// How much output is held back at most, in bytes.
const BUFFERED: usize = 8 * 1024;

/// One inference module.
pub struct Module {
    /// Name of the program.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// What it does, in one sentence.
    pub about: &'static str,
    /// An input for the help, and its class.
    pub example: (&'static str, &'static str),
    /// The input.
    pub fields: &'static [Field],
    /// The model.
    pub model: Model,
}

impl Module {
    /// Checks, at compile time, that the model was trained on the input that the module reads.
    ///
    /// # Panics
    ///
    /// If it was not. In a constant that is a failed build.
    #[must_use]
    pub const fn checked(self) -> Self {
        assert!(
            schema::names_match(self.fields, self.model.inputs),
            "the model was trained on other inputs than the module reads: train it again"
        );
        self
    }

    /// Does what the arguments ask, and returns the exit code.
    pub fn run(&self, host: &mut dyn Host, predictor: &mut dyn Predict) -> u8 {
        let arguments = host.arguments();
        let mut session = Session {
            module: self,
            predictor,
            host,
            row: vec![0.0; self.fields.len()],
            output: String::new(),
            json: false,
        };
        match session.execute(arguments) {
            Ok(code) => code,
            Err(StreamError::Closed) => SUCCESS,
            Err(StreamError::Failed) => {
                let message = b"error: a standard stream failed\n";
                // Nobody is left to tell if this one failed as well.
                let _ = session.host.write(Stream::Error, message);
                FAILURE
            }
        }
    }
}

/// One run of a module.
struct Session<'a> {
    module: &'a Module,
    predictor: &'a mut dyn Predict,
    host: &'a mut dyn Host,
    /// The numbers of the input at hand.
    row: Vec<f32>,
    /// What has not been written yet.
    output: String,
    json: bool,
}

impl Session<'_> {
    fn execute(&mut self, arguments: Vec<Vec<u8>>) -> Result<u8, StreamError> {
        let code = match command::parse(arguments) {
            Ok(Command::Predict { input, json }) => {
                self.json = json;
                match self.answer_all(&input) {
                    Ok(()) => SUCCESS,
                    Err(message) => {
                        self.report(&message)?;
                        BAD_INPUT
                    }
                }
            }
            Ok(Command::Stream { json }) => {
                self.json = json;
                self.stream()?
            }
            Ok(Command::Describe) => {
                self.output.push_str(self.module.model.description);
                SUCCESS
            }
            Ok(Command::Help) => {
                self.help();
                SUCCESS
            }
            Ok(Command::Version) => {
                self.line(&[self.module.name, " ", self.module.version]);
                SUCCESS
            }
            Err(error) => {
                self.report(&error.to_string())?;
                let hint = ["try `", self.module.name, " --help`\n"].concat();
                self.host.write(Stream::Error, hint.as_bytes())?;
                BAD_INPUT
            }
        };
        flush(&mut self.output, self.host)?;
        Ok(code)
    }

    /// Answers one value or each item of an array. An array is checked to its end before the first
    /// answer, so that a failure leaves no half of the answers behind.
    fn answer_all(&mut self, input: &[u8]) -> Result<(), String> {
        let value = json::value(input).map_err(|error| error.to_string())?;
        if !value.starts_with('[') {
            self.read(value).map_err(|error| error.to_string())?;
            self.answer();
            return Ok(());
        }
        let mut count = 0_u32;
        let checked = json::items(value, &mut |item| {
            count += 1;
            self.read(item)
        });
        match checked {
            Err(error) => Err(located("item ", count, &error)),
            Ok(()) if count == 0 => Err(InputError::EmptyArray.to_string()),
            Ok(()) => json::items(value, &mut |item| {
                self.read(item)?;
                self.answer();
                Ok(())
            })
            .map_err(|error| error.to_string()),
        }
    }

    /// Answers each line of standard input; a bad line is reported and the rest goes on.
    fn stream(&mut self) -> Result<u8, StreamError> {
        let mut code = SUCCESS;
        let mut lines = Lines::new();
        let mut line = Vec::new();
        let mut count = 0_u32;
        loop {
            let output = &mut self.output;
            let read = lines.next(self.host, &mut line, &mut |host| flush(output, host))?;
            count = count.saturating_add(1);
            let result = match read {
                Line::End if count == 1 => {
                    self.report(&InputError::Empty.to_string())?;
                    return Ok(BAD_INPUT);
                }
                Line::End => return Ok(code),
                Line::TooLong => Err(InputError::LineTooLong {
                    limit: LONGEST_LINE,
                }),
                Line::Complete => json::value(&line).and_then(|value| self.read(value)),
            };
            match result {
                Ok(()) => self.answer(),
                Err(error) => {
                    code = BAD_INPUT;
                    self.answer_error(&error);
                    self.report(&located("line ", count, &error))?;
                }
            }
            if self.output.len() >= BUFFERED {
                flush(&mut self.output, self.host)?;
            }
        }
    }

    fn read(&mut self, value: &str) -> Result<(), InputError> {
        record::read(value, self.module.fields, &mut self.row)
    }

    /// Answers the row that was read.
    fn answer(&mut self) {
        let classes = self.module.model.classes;
        let probabilities = self.predictor.predict(&self.row);
        let mut best = ("", f32::NEG_INFINITY);
        for (class, probability) in classes.iter().zip(probabilities) {
            if *probability > best.1 {
                best = (class, *probability);
            }
        }
        if !self.json {
            self.line(&[best.0]);
            return;
        }
        self.output.push_str("{\"class\": ");
        push_string(&mut self.output, best.0);
        self.output.push_str(", \"probabilities\": {");
        for (i, (class, probability)) in classes.iter().zip(probabilities).enumerate() {
            if i > 0 {
                self.output.push_str(", ");
            }
            push_string(&mut self.output, class);
            // Writing to a string does not fail.
            let _ = write!(self.output, ": {}", Decimal(*probability));
        }
        self.output.push_str("}}\n");
    }

    /// Answers a bad line, so that answers and lines stay paired.
    fn answer_error(&mut self, error: &InputError) {
        if self.json {
            self.output.push_str("{\"error\": ");
            push_string(&mut self.output, &error.to_string());
            self.output.push('}');
        }
        self.output.push('\n');
    }

    fn report(&mut self, message: &str) -> Result<(), StreamError> {
        let message = ["error: ", message, "\n"].concat();
        self.host.write(Stream::Error, message.as_bytes())
    }

    fn line(&mut self, parts: &[&str]) {
        for part in parts {
            self.output.push_str(part);
        }
        self.output.push('\n');
    }

    fn help(&mut self) {
        let Module {
            name,
            version,
            about,
            example: (input, class),
            fields,
            ..
        } = self.module;
        self.line(&[name, " ", version]);
        self.line(&[about]);
        self.line(&["\nUsage:"]);
        self.line(&[
            "  ",
            name,
            " [--json] <INPUT>   one JSON object, or an array of them",
        ]);
        self.line(&[
            "  ",
            name,
            " [--json] -         one JSON object a line on standard input",
        ]);
        self.line(&[
            "  ",
            name,
            " --describe         inputs, classes, metrics and digests as JSON",
        ]);
        self.line(&["  ", name, " --help | --version"]);
        self.line(&["\nThe object's fields, all required:"]);
        for field in *fields {
            let _ = writeln!(
                self.output,
                "  {}: {}, {} to {} {}",
                field.name,
                field.description,
                Decimal(field.minimum),
                Decimal(field.maximum),
                field.unit
            );
        }
        self.line(&[
            "\nThe answer is the class, one a line; with --json also each class's probability.",
        ]);
        self.line(&[
            "A bad line of standard input is reported, answered with an empty line (with --json",
        ]);
        self.line(&["an object with the key `error`), and the rest goes on."]);
        self.line(&["\nExample:"]);
        self.line(&["  wasmtime ", name, ".wasm '", input, "'"]);
        self.line(&["  ", class]);
        self.line(&["\nExit codes: 0 success, 1 internal failure, 2 bad usage or bad input."]);
    }
}

/// Writes out what is held back.
fn flush(output: &mut String, host: &mut dyn Host) -> Result<(), StreamError> {
    if output.is_empty() {
        return Ok(());
    }
    let result = host.write(Stream::Output, output.as_bytes());
    output.clear();
    result
}

/// Says where among several inputs an error is.
fn located(place: &str, number: u32, error: &InputError) -> String {
    let mut message = place.to_string();
    let _ = write!(message, "{number}: {error}");
    message
}

/// Appends `text` as a JSON string.
fn push_string(output: &mut String, text: &str) {
    // A string always serialises.
    output.push_str(&serde_json::to_string(text).unwrap_or_default());
}

/// Defines the entry point of a module's binary: natively, on `wasm32-wasip1` without the standard
/// library, and there with it (the feature `burn`).
///
/// `$module` is a [`Module`] constant, `$predictor` an expression for its [`Predict`].
#[macro_export]
macro_rules! entry_point {
    ($module:expr, $predictor:expr) => {
        #[cfg(any(not(target_os = "wasi"), feature = "burn"))]
        fn main() -> std::process::ExitCode {
            let mut host = $crate::host::Standard;
            $module.run(&mut host, &mut $predictor).into()
        }

        /// What the target's start-up code calls.
        #[cfg(all(target_os = "wasi", not(feature = "burn")))]
        #[allow(unsafe_code, reason = "the start-up code calls this symbol by name")]
        #[unsafe(no_mangle)]
        extern "C" fn __main_void() -> i32 {
            let mut host = $crate::host::Wasi;
            $crate::host::wasi::exit($module.run(&mut host, &mut $predictor))
        }
    };
}

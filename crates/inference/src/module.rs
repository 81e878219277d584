//! The command line of a module: what it is asked, what it answers, and its exit code.

use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt::Write as _;

use crate::command::{self, Command, Form};
use crate::error::InputError;
use crate::explanation::Explanation;
use crate::host::{Host, Stream, StreamError};
use crate::input::Input;
use crate::json::{self, push_string};
use crate::lines::{LONGEST_LINE, Line, Lines};
use crate::model::{Model, ModelInput, Predict};
use crate::output::Output;
use crate::schema::{self, Field, Image, Text};

/// Exit code of a success.
pub const SUCCESS: u8 = 0;
/// Exit code of a failure that is not the user's.
pub const FAILURE: u8 = 1;
/// Exit code of bad usage or bad input.
pub const BAD_INPUT: u8 = 2;

/// How much output is held back at most, in bytes.
const BUFFERED: usize = 8 * 1024;

/// One inference module.
pub struct Module<I, O> {
    /// Name of the program.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// What it does, in one sentence.
    pub about: &'static str,
    /// An input for the help, and its answer.
    pub example: (&'static str, &'static str),
    /// The input.
    pub input: I,
    /// The model.
    pub model: Model<O>,
}

/// What a build fails with if the model and the module do not belong together.
const OTHER_INPUTS: &str =
    "the model was trained on other inputs than the module reads: train it again";

impl<O: Copy> Module<&'static [Field], O> {
    /// Checks, at compile time, that the model was trained on the input that the module reads.
    ///
    /// # Panics
    ///
    /// If it was not. In a constant that is a failed build.
    #[must_use]
    pub const fn checked(self) -> Self {
        let same = match self.model.input {
            ModelInput::Fields(names) => schema::names_match(self.input, names),
            _ => false,
        };
        assert!(same, "{}", OTHER_INPUTS);
        self
    }
}

impl<O: Copy> Module<Image, O> {
    /// Checks, at compile time, that the model was trained on the input that the module reads.
    ///
    /// # Panics
    ///
    /// If it was not. In a constant that is a failed build.
    #[must_use]
    pub const fn checked(self) -> Self {
        let same = match self.model.input {
            ModelInput::Image {
                height,
                width,
                maximum,
            } => {
                height == self.input.height
                    && width == self.input.width
                    && maximum == self.input.maximum
            }
            _ => false,
        };
        assert!(same, "{}", OTHER_INPUTS);
        self
    }
}

impl<O: Copy> Module<Text, O> {
    /// Checks, at compile time, that the model was trained on the input that the module reads.
    ///
    /// # Panics
    ///
    /// If it was not. In a constant that is a failed build.
    #[must_use]
    pub const fn checked(self) -> Self {
        let same = match self.model.input {
            ModelInput::Text { slots, vocabulary } => {
                slots == self.input.slots && vocabulary == self.input.vocabulary
            }
            _ => false,
        };
        assert!(same, "{}", OTHER_INPUTS);
        self
    }
}

impl<I: Input, O: Output> Module<I, O> {
    /// Does what the arguments ask, and returns the exit code.
    pub fn run(&self, host: &mut dyn Host, predictor: &mut dyn Predict) -> u8 {
        let mut session = Session {
            module: self,
            predictor,
            host,
            row: vec![0.0; self.input.numbers()],
            output: String::new(),
            form: Form::default(),
            code: SUCCESS,
        };
        match session.execute() {
            // Who no longer reads the answers has no use for the rest of them.
            Ok(()) | Err(StreamError::Closed) => session.code,
            Err(StreamError::Failed) => {
                session.say("a standard stream failed");
                FAILURE
            }
        }
    }
}

/// One run of a module.
struct Session<'a, I, O> {
    module: &'a Module<I, O>,
    predictor: &'a mut dyn Predict,
    host: &'a mut dyn Host,
    /// The numbers of the input at hand.
    row: Vec<f32>,
    /// What has not been written yet.
    output: String,
    form: Form,
    /// The exit code so far.
    code: u8,
}

impl<I: Input, O: Output> Session<'_, I, O> {
    fn execute(&mut self) -> Result<(), StreamError> {
        match command::parse(self.host.arguments()?, I::EXPLAINS) {
            Ok(Command::Predict { input, form }) => {
                self.form = form;
                if let Err(message) = self.answer_all(&input) {
                    self.refuse(&message);
                }
            }
            Ok(Command::Stream { form }) => {
                self.form = form;
                self.stream()?;
            }
            Ok(Command::Describe) => self.output.push_str(self.module.model.description),
            Ok(Command::Help) => self.help(),
            Ok(Command::Version) => self.line(&[self.module.name, " ", self.module.version]),
            Err(error) => {
                let hint = ["\ntry `", self.module.name, " --help`"].concat();
                self.refuse(&(error.to_string() + &hint));
            }
        }
        flush(&mut self.output, self.host)
    }

    /// Answers one value or each item of an array. An array is checked to its end before the first
    /// answer, so that a failure leaves no half of the answers behind.
    fn answer_all(&mut self, input: &[u8]) -> Result<(), String> {
        let expected = self.module.input.expected();
        let value = json::value(input, expected).map_err(|error| error.to_string())?;
        if !(value.starts_with('[') && self.module.input.are_many(value)) {
            self.read(value).map_err(|error| error.to_string())?;
            self.answer(value);
            return Ok(());
        }
        let mut count = 0_u32;
        let checked = json::items(value, &mut |item| {
            count += 1;
            self.read(item)
        });
        match checked {
            Err(error) => Err(located("item ", count, &error)),
            Ok(()) if count == 0 => Err(InputError::EmptyArray { expected }.to_string()),
            Ok(()) => json::items(value, &mut |item| {
                self.read(item)?;
                self.answer(item);
                Ok(())
            })
            .map_err(|error| error.to_string()),
        }
    }

    /// Answers each line of standard input; a bad line is reported and the rest goes on.
    fn stream(&mut self) -> Result<(), StreamError> {
        let mut lines = Lines::new();
        let mut line = Vec::new();
        let mut count = 0_u32;
        let expected = self.module.input.expected();
        loop {
            let output = &mut self.output;
            let read = lines.next(self.host, &mut line, &mut |host| flush(output, host))?;
            count = count.saturating_add(1);
            let result = match read {
                Line::End => {
                    if count == 1 {
                        self.refuse(&InputError::Empty { expected }.to_string());
                    }
                    return Ok(());
                }
                Line::TooLong => Err(InputError::LineTooLong {
                    limit: LONGEST_LINE,
                    expected,
                }),
                Line::Complete => json::value(&line, expected)
                    .and_then(|value| self.read(value).map(|()| self.answer(value))),
            };
            match result {
                Ok(()) => {}
                Err(error) => {
                    self.answer_error(&error);
                    self.refuse(&located("line ", count, &error));
                }
            }
            if self.output.len() >= BUFFERED {
                flush(&mut self.output, self.host)?;
            }
        }
    }

    fn read(&mut self, value: &str) -> Result<(), InputError> {
        self.module.input.read(value, &mut self.row)
    }

    /// Answers `json`, whose row was read.
    fn answer(&mut self, json: &str) {
        let Self {
            module,
            predictor,
            row,
            output,
            form,
            ..
        } = self;
        let explanation = (I::EXPLAINS && form.explain).then(|| {
            Explanation::new((&module.input, &module.model.output), *predictor, json, row)
        });
        let numbers = predictor.predict(row);
        if form.json {
            output.push('{');
            module.model.output.json(numbers, output);
        } else {
            module.model.output.plain(numbers, output);
        }
        if let Some(explanation) = explanation {
            match form.json {
                true => explanation.json(output),
                false => explanation.plain(output),
            }
        }
        if form.json {
            output.push('}');
        }
        output.push('\n');
    }

    /// Answers a bad line, so that answers and lines stay paired.
    fn answer_error(&mut self, error: &InputError) {
        if self.form.json {
            self.output.push_str("{\"error\": ");
            push_string(&mut self.output, &error.to_string());
            self.output.push('}');
        }
        self.output.push('\n');
    }

    /// Reports what the user did wrong.
    fn refuse(&mut self, message: &str) {
        self.code = BAD_INPUT;
        self.say(message);
    }

    fn say(&mut self, message: &str) {
        let message = ["error: ", message, "\n"].concat();
        // Nobody is left to tell if this fails; the exit code still does.
        let _ = self.host.write(Stream::Error, message.as_bytes());
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
            example: (input, answer),
            ..
        } = self.module;
        let expected = self.module.input.expected();
        self.line(&[name, " ", version]);
        self.line(&[about]);
        self.line(&["\nUsage:"]);
        let explain = if I::EXPLAINS { "[--explain] " } else { "" };
        let usage = ["  ", name, " [--json] ", explain].concat();
        self.line(&[&usage, "<INPUT>   ", expected, ", or an array of them"]);
        self.line(&[&usage, "-         ", expected, " a line on standard input"]);
        self.line(&[
            "  ",
            name,
            " --describe         the model's inputs, metrics and digests",
        ]);
        self.line(&["  ", name, " --help | --version"]);
        self.output.push('\n');
        self.module.input.help(&mut self.output);
        self.output.push('\n');
        self.line(&[self.module.model.output.help()]);
        if I::EXPLAINS {
            self.line(&[I::EXPLAIN_HELP]);
        }
        self.line(&["A bad line of standard input is reported, and answered with an empty line or, with --json,"]);
        self.line(&["an object with the key `error`."]);
        self.line(&["\nExample:"]);
        self.line(&["  wasmtime ", name, ".wasm ", input]);
        self.line(&["  ", answer]);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Classes;

    /// A predictor of fixed probabilities.
    struct Fixed([f32; 2]);

    impl Predict for Fixed {
        fn predict(&mut self, _: &[f32]) -> &[f32] {
            &self.0
        }
    }

    /// A host that gives fixed arguments and input, and may fail.
    #[derive(Default)]
    struct Fake {
        arguments: Vec<Vec<u8>>,
        input: Vec<u8>,
        output: String,
        error: String,
        read_fails: bool,
        write_fails: Option<StreamError>,
        error_closed: bool,
        /// What had been written when input was last asked for.
        written_before_read: usize,
    }

    impl Host for Fake {
        fn arguments(&mut self) -> Result<Vec<Vec<u8>>, StreamError> {
            Ok(self.arguments.clone())
        }

        /// Gives a line at a time, as a person does.
        fn read(&mut self, buffer: &mut [u8]) -> Result<usize, StreamError> {
            if self.read_fails {
                return Err(StreamError::Failed);
            }
            self.written_before_read = self.output.len();
            let line = self.input.iter().position(|byte| *byte == b'\n');
            let count = line.map_or(self.input.len(), |end| end + 1);
            buffer[..count].copy_from_slice(&self.input[..count]);
            self.input.drain(..count);
            Ok(count)
        }

        fn write(&mut self, stream: Stream, bytes: &[u8]) -> Result<(), StreamError> {
            let text = str::from_utf8(bytes).map_err(|_| StreamError::Failed)?;
            match (stream, self.write_fails) {
                (Stream::Output, Some(error)) => return Err(error),
                (Stream::Output, None) => self.output.push_str(text),
                (Stream::Error, _) if self.error_closed => return Err(StreamError::Closed),
                (Stream::Error, _) => self.error.push_str(text),
            }
            Ok(())
        }
    }

    const FIELDS: &[Field] = &[Field {
        name: "length",
        unit: "cm",
        minimum: 0.0,
        maximum: 9.0,
        description: "how long",
        scaled: Field::AS_IT_IS,
    }];

    const MODULE: Module<&'static [Field], Classes> = Module {
        name: "toy-inference",
        version: "1.2.3",
        about: "Toys.",
        example: ("{\"length\": 1}", "yes"),
        input: FIELDS,
        model: Model {
            input: ModelInput::Fields(&["length"]),
            output: Classes(&["yes", "\"no\""]),
            layers: &[],
            description: "{}\n",
        },
    }
    .checked();

    fn run(mut host: Fake, arguments: &[&str]) -> (u8, Fake) {
        host.arguments = arguments
            .iter()
            .map(|text| text.as_bytes().to_vec())
            .collect();
        run_as_given(host)
    }

    fn run_as_given(mut host: Fake) -> (u8, Fake) {
        let code = MODULE.run(&mut host, &mut Fixed([0.25, 0.75]));
        (code, host)
    }

    #[test]
    fn class_names_are_escaped_in_json() {
        let (code, host) = run(Fake::default(), &["--json", "{\"length\": 1}"]);
        assert_eq!(code, SUCCESS);
        let expected = "{\"class\": \"\\\"no\\\"\", \"probabilities\": {\"yes\": 0.25, \"\\\"no\\\"\": 0.75}}\n";
        assert_eq!(host.output, expected);
    }

    #[test]
    fn answers_are_out_before_more_input_is_awaited() {
        let input = b"{\"length\": 1}\n{\"length\": 2}\n".to_vec();
        let fake = Fake {
            input,
            ..Fake::default()
        };
        let (code, host) = run(fake, &["-"]);
        assert_eq!((code, host.output.as_str()), (SUCCESS, "\"no\"\n\"no\"\n"));
        assert_eq!(host.written_before_read, host.output.len());
    }

    #[test]
    fn a_failed_array_leaves_no_answers() {
        let (code, host) = run(Fake::default(), &["[{\"length\": 1}, {\"length\": 10}]"]);
        assert_eq!((code, host.output.as_str()), (BAD_INPUT, ""));
        let expected = "error: item 2: `length` is 10: expected a number from 0 to 9 (cm)\n";
        assert_eq!(host.error, expected);
    }

    #[test]
    fn failing_streams_are_told_from_closed_ones() {
        let unreadable = Fake {
            read_fails: true,
            ..Fake::default()
        };
        let (code, host) = run(unreadable, &["-"]);
        assert_eq!(
            (code, host.error.as_str()),
            (FAILURE, "error: a standard stream failed\n")
        );
        for (error, expected) in [
            (StreamError::Failed, FAILURE),
            (StreamError::Closed, SUCCESS),
        ] {
            let host = Fake {
                write_fails: Some(error),
                ..Fake::default()
            };
            assert_eq!(run(host, &["{\"length\": 1}"]).0, expected);
        }
    }

    #[test]
    fn an_unheard_error_is_still_one() {
        let host = Fake {
            input: b"not a toy\n{\"length\": 1}\n".to_vec(),
            error_closed: true,
            ..Fake::default()
        };
        let (code, host) = run(host, &["-"]);
        assert_eq!((code, host.output.as_str()), (BAD_INPUT, "\n\"no\"\n"));
        let unread = Fake {
            input: b"not a toy\n".to_vec(),
            write_fails: Some(StreamError::Closed),
            ..Fake::default()
        };
        assert_eq!(run(unread, &["-"]).0, BAD_INPUT);
    }

    #[test]
    fn describe_and_version_are_printed() {
        assert_eq!(run(Fake::default(), &["--describe"]).1.output, "{}\n");
        let version = run(Fake::default(), &["--version"]).1.output;
        assert_eq!(version, "toy-inference 1.2.3\n");
    }

    /// Changes good inputs in random places, thousands of times, always the same ones.
    #[test]
    fn no_input_makes_it_panic_or_lose_count() {
        let good: [&[u8]; 4] = [
            b"{\"length\": 1.5}",
            b"[{\"length\": 1}, {\"length\": 2e0}]",
            b"{\"length\": \"\\u00e9\"}",
            b"[[[{\"a\": [1, -2.5e+3, null, true]}]]]",
        ];
        let mut state = 42_u64;
        // Knuth's linear congruential generator (MMIX).
        let mut draw = |below: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        for round in 0..20_000 {
            let mut input = good[round % good.len()].to_vec();
            for _ in 0..=draw(4) {
                let (at, other) = (draw(input.len()), draw(input.len()));
                match draw(4) {
                    0 => input[at] = draw(256) as u8,
                    1 => input.insert(at, b"{}[]\",:0-e.\\ "[draw(13)]),
                    2 => input.swap(at, other),
                    _ => input.truncate(at.max(1)),
                }
            }
            input.retain(|byte| *byte != b'\n');
            let argument = Fake {
                arguments: vec![b"--json".to_vec(), b"--".to_vec(), input.clone()],
                ..Fake::default()
            };
            let (code, _) = run_as_given(argument);
            assert!(code == SUCCESS || code == BAD_INPUT);
            let stream = Fake {
                arguments: vec![b"-".to_vec()],
                input: [&input[..], b"\n{\"length\": 1}\n"].concat(),
                ..Fake::default()
            };
            let (code, host) = run_as_given(stream);
            assert!(code == SUCCESS || code == BAD_INPUT);
            assert_eq!(host.output.lines().count(), 2, "an answer for each line");
        }
    }
}

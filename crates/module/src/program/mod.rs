//! The command line of a module: what it is asked, what it answers, and its exit code.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use model::ModelError;
use model::json::{self, Count, Shown};
use runtime::{InputError, Kind, Runtime};
use thiserror::Error;

use crate::command::{self, Command, Form};
use crate::host::{Host, Stream, StreamError};
use crate::lines::{LONGEST_LINE, Line, Lines};
use crate::print;

/// Exit code of a success.
pub const SUCCESS: u8 = 0;
/// Exit code of a failure that is not the user's.
pub const FAILURE: u8 = 1;
/// Exit code of bad usage or bad input.
pub const BAD_INPUT: u8 = 2;

/// How much output is held back at most, in bytes.
const BUFFERED: usize = 8 * 1024;

/// What every program prints as its version.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The whole program with the model in `bytes`, whose input is of the kind `K`: does what the arguments
/// ask, and returns the exit code.
pub fn run<K: Kind>(bytes: &[u8], host: &mut dyn Host) -> u8 {
    run_opened(Runtime::open::<K>(bytes), host)
}

#[inline(never)]
fn run_opened(runtime: Result<Runtime<'_>, ModelError>, host: &mut dyn Host) -> u8 {
    match runtime {
        Ok(runtime) => run_with(runtime, host),
        Err(error) => {
            let message = format!("the model in this module cannot be used: {error}");
            say(host, &message);
            FAILURE
        }
    }
}

/// The same for a program that has no model.
pub fn without_model(host: &mut dyn Host) -> u8 {
    say(
        host,
        "this runner has no model in it: `pack MODEL` makes a module of both",
    );
    FAILURE
}

/// The same with a runtime that is ready.
#[inline(never)]
pub fn run_with(runtime: Runtime<'_>, host: &mut dyn Host) -> u8 {
    let mut session = Session {
        name: [runtime.model().name.as_str(), "-inference"].concat(),
        runtime,
        host,
        output: String::new(),
        form: Form::default(),
        code: SUCCESS,
    };
    match session.execute() {
        // Who no longer reads the answers has no use for the rest of them.
        Ok(()) | Err(StreamError::Closed) => session.code,
        Err(StreamError::Failed) => {
            say(session.host, "a standard stream failed");
            FAILURE
        }
    }
}

/// What is wrong with what the user gave.
#[derive(Debug, Error)]
enum Refusal {
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
    /// Anything that the runtime finds wrong.
    #[error(transparent)]
    Input(#[from] InputError),
}

/// One run of a program.
struct Session<'a> {
    name: String,
    runtime: Runtime<'a>,
    host: &'a mut dyn Host,
    /// What has not been written yet.
    output: String,
    form: Form,
    /// The exit code so far.
    code: u8,
}

impl Session<'_> {
    fn execute(&mut self) -> Result<(), StreamError> {
        match command::parse(self.host.arguments()?, self.runtime.explains()) {
            Ok(Command::Predict { input, form }) => {
                self.form = form;
                if let Err(error) = self.answer_all(&input) {
                    self.output.clear();
                    self.refuse(&format!("{error}"));
                }
            }
            Ok(Command::Stream { form }) => {
                self.form = form;
                self.stream()?;
            }
            Ok(Command::Describe) => self.describe(),
            Ok(Command::Help) => self.help(),
            Ok(Command::Version) => {
                let line = [&self.name, " ", VERSION].concat();
                self.line(&[&line]);
            }
            Err(error) => {
                let message = format!("{error}\ntry `{} --help`", Shown(&self.name));
                self.refuse(&message);
            }
        }
        flush(&mut self.output, self.host)
    }

    /// Answers one value, or each item of an array. A failure leaves no half of the answers behind: what
    /// has been appended to the output is not used then.
    #[inline(never)]
    fn answer_all(&mut self, input: &[u8]) -> Result<(), Refusal> {
        let Self {
            runtime,
            output,
            form,
            ..
        } = self;
        let expected = runtime.expected();
        let text = str::from_utf8(input).map_err(|_| Refusal::NotUtf8 { expected })?;
        Ok(
            runtime.predict_each(text, form.explain, &mut |answer| match form.json {
                true => print::json(answer, output),
                false => print::plain(answer, output),
            })?,
        )
    }

    /// Answers each line of standard input; a bad line is reported and the rest goes on.
    #[inline(never)]
    fn stream(&mut self) -> Result<(), StreamError> {
        let mut lines = Lines::new();
        let mut line = Vec::new();
        let mut count = 0_usize;
        let expected = self.runtime.expected();
        loop {
            let output = &mut self.output;
            let read = lines.next(self.host, &mut line, &mut |host| flush(output, host))?;
            count = count.saturating_add(1);
            let result = match read {
                Line::End => {
                    if count == 1 {
                        let error = InputError::Empty { expected };
                        self.refuse(&format!("{error}"));
                    }
                    return Ok(());
                }
                Line::TooLong => Err(Refusal::LineTooLong {
                    limit: LONGEST_LINE,
                    expected,
                }),
                Line::Complete => self.answer(&line),
            };
            if let Err(error) = result {
                if self.form.json {
                    print::json_error(&error, &mut self.output);
                } else {
                    self.output.push('\n');
                }
                self.refuse(&format!("line {}: {error}", Count(count)));
            }
            if self.output.len() >= BUFFERED {
                flush(&mut self.output, self.host)?;
            }
        }
    }

    /// Answers one line.
    #[inline(never)]
    fn answer(&mut self, line: &[u8]) -> Result<(), Refusal> {
        let expected = self.runtime.expected();
        let text = str::from_utf8(line).map_err(|_| Refusal::NotUtf8 { expected })?;
        let answer = self.runtime.predict(text, self.form.explain)?;
        match self.form.json {
            true => print::json(&answer, &mut self.output),
            false => print::plain(&answer, &mut self.output),
        }
        Ok(())
    }

    /// Reports what the user did wrong.
    #[inline(never)]
    fn refuse(&mut self, message: &str) {
        self.code = BAD_INPUT;
        say(self.host, message);
    }

    #[inline(never)]
    fn line(&mut self, parts: &[&str]) {
        for part in parts {
            self.output.push_str(part);
        }
        self.output.push('\n');
    }

    /// Prints the model's metadata, the number of its weights, and the program's version.
    #[inline(never)]
    fn describe(&mut self) {
        let model = self.runtime.model();
        let header = model.header();
        let members = header.trim_ascii().strip_suffix('}').unwrap_or_default();
        let whole = format!(
            "{},\"weights\":{},\"module_version\":\"{}\"}}",
            Shown(members),
            Count(model.weights()),
            Shown(VERSION)
        );
        json::push_pretty(&mut self.output, &whole);
        self.output.push('\n');
    }

    #[inline(never)]
    fn help(&mut self) {
        let (name, explains) = (self.name.clone(), self.runtime.explains());
        let about = self.runtime.model().about.clone();
        let expected = self.runtime.expected();
        self.line(&[&name, " ", VERSION]);
        self.line(&[&about]);
        self.line(&["\nUsage:"]);
        let explain = if explains { "[--explain] " } else { "" };
        let usage = ["  ", &name, " [--json] ", explain].concat();
        self.line(&[&usage, "<INPUT>   ", expected, ", or an array of them"]);
        self.line(&[&usage, "-         ", expected, " a line on standard input"]);
        let describe = " --describe         the model's inputs, metrics and digests";
        self.line(&["  ", &name, describe]);
        self.line(&["  ", &name, " --help | --version"]);
        self.output.push('\n');
        self.runtime.describe_input(&mut self.output);
        self.output.push('\n');
        self.line(&[match self.runtime.model().output {
            model::Output::Classes(_) => {
                "The answer is the class, one a line; with --json also each class's probability."
            }
            model::Output::Number(_) => {
                "The answer is the number, to a tenth, one a line; with --json in full, and the interval in\n\
                 which the true number is to be expected."
            }
        }]);
        if explains {
            self.line(&[
                "With --explain the words that weighed most follow, each after a tab; in JSON with the amount\n\
                 by which the logarithm of the answer's odds falls without the word.",
            ]);
        }
        self.line(&["A bad line of standard input is reported, and answered with an empty line or, with --json,"]);
        self.line(&["an object with the key `error`."]);
        self.example(&name);
        self.line(&["\nExit codes: 0 success, 1 internal failure, 2 bad usage or bad input."]);
    }

    /// Shows the model's example and its answer.
    #[inline(never)]
    fn example(&mut self, name: &str) {
        let example = self.runtime.model().example.clone();
        if example.is_empty() {
            return;
        }
        self.line(&["\nExample:"]);
        self.line(&["  wasmtime ", name, ".wasm '", &example, "'"]);
        let length = self.output.len();
        self.output.push_str("  ");
        if self.answer(example.as_bytes()).is_err() {
            self.output.truncate(length);
        }
    }
}

#[inline(never)]
fn say(host: &mut dyn Host, message: &str) {
    let message = ["error: ", message, "\n"].concat();
    // Nobody is left to tell if this fails; the exit code still does.
    let _ = host.write(Stream::Error, message.as_bytes());
}

/// Writes out what is held back.
#[inline(never)]
fn flush(output: &mut String, host: &mut dyn Host) -> Result<(), StreamError> {
    if output.is_empty() {
        return Ok(());
    }
    let result = host.write(Stream::Output, output.as_bytes());
    output.clear();
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use model::{
        AlignedBytes, Field, FrozenLayer, Input, ModelFile, Output, Training, Transform, Values,
    };
    use runtime::Table;

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

    /// A model of one length, which says "no" with a probability of three quarters.
    fn toy() -> AlignedBytes {
        let bias = vec![0.0, ln_3()];
        let file = ModelFile {
            name: "toy".into(),
            about: "Toys.".into(),
            example: "{\"length\": 1}".into(),
            input: Input::Table(vec![Field {
                name: "length".into(),
                unit: "cm".into(),
                description: "how long".into(),
                values: Values::Number {
                    minimum: 0.0,
                    maximum: 9.0,
                },
                transform: Transform::Identity,
            }]),
            output: Output::Classes(vec!["yes".into(), "\"no\"".into()]),
            layers: vec![
                FrozenLayer::new("linear")
                    .weight("weight", &[1, 2], vec![0.0_f32; 2])
                    .weight("bias", &[2], bias),
                FrozenLayer::new("softmax"),
            ],
            metrics: [].into(),
            training: Training {
                version: "1".into(),
                backend: "none".into(),
                data_sha256: String::new(),
                settings: [].into(),
                epoch: 1,
                test_rows: 1,
            },
        };
        AlignedBytes::new(&file.to_bytes().unwrap())
    }

    fn ln_3() -> f32 {
        3.0_f32.ln()
    }

    fn run(mut host: Fake, arguments: &[&str]) -> (u8, Fake) {
        host.arguments = arguments
            .iter()
            .map(|text| text.as_bytes().to_vec())
            .collect();
        run_as_given(host)
    }

    fn run_as_given(mut host: Fake) -> (u8, Fake) {
        let code = super::run::<Table>(&toy(), &mut host);
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
        let described = run(Fake::default(), &["--describe"]).1.output;
        let described: serde_json::Value = serde_json::from_str(&described).unwrap();
        assert_eq!(described["name"], "toy");
        assert_eq!(described["input"]["table"][0]["unit"], "cm");
        assert_eq!(described["layers"][0]["kind"], "linear");
        assert_eq!(described["weights"], 4);
        assert_eq!(described["module_version"], VERSION);
        let version = run(Fake::default(), &["--version"]).1.output;
        assert_eq!(version, ["toy-inference ", VERSION, "\n"].concat());
    }

    #[test]
    fn the_help_answers_its_example() {
        let help = run(Fake::default(), &["--help"]).1.output;
        let expected =
            "Example:\n  wasmtime toy-inference.wasm '{\"length\": 1}'\n  \"no\"\n\nExit codes";
        assert!(help.contains(expected), "{help}");
        assert!(help.contains("length: how long, 0 to 9 cm"), "{help}");
    }

    #[test]
    fn a_damaged_or_missing_model_is_our_failure() {
        let mut host = Fake::default();
        assert_eq!(super::run::<Table>(b"nothing", &mut host), FAILURE);
        let expected = "error: the model in this module cannot be used: not a safetensors file: it is too short\n";
        assert_eq!(host.error, expected);
        let mut host = Fake::default();
        assert_eq!(super::run::<runtime::Text>(&toy(), &mut host), FAILURE);
        assert!(
            host.error
                .ends_with("another kind of input than this program\n")
        );
        let mut host = Fake::default();
        assert_eq!(without_model(&mut host), FAILURE);
        assert!(host.error.contains("`pack MODEL`"));
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

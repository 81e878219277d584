use super::*;
use alloc::vec;
use alloc::vec::Vec;
use model::{
    AlignedBytes, Field, FrozenLayer, Input, ModelFile, Output, Training, Transform, Values,
};
use runtime::Table;

use crate::describe::VERSION;

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
            return Err(StreamError::Read(8));
        }
        self.written_before_read = self.output.len();
        let line = self.input.iter().position(|byte| *byte == b'\n');
        let count = line.map_or(self.input.len(), |end| end + 1);
        let count = count.min(buffer.len());
        buffer[..count].copy_from_slice(&self.input[..count]);
        self.input.drain(..count);
        Ok(count)
    }

    fn write(&mut self, stream: Stream, bytes: &[u8]) -> Result<(), StreamError> {
        let text = str::from_utf8(bytes).map_err(|_| StreamError::Write(8))?;
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
                training_minimum: Some(1.0),
                training_maximum: Some(5.0),
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
            target: String::new(),
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
    let expected =
        "{\"class\": \"\\\"no\\\"\", \"probabilities\": {\"yes\": 0.25, \"\\\"no\\\"\": 0.75}}\n";
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
        (
            FAILURE,
            "error: cannot read standard input: error 8 of the host\n"
        )
    );
    for (error, expected) in [
        (StreamError::Write(8), FAILURE),
        (StreamError::Full, FAILURE),
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

/// What a stream comes to: exit code, output, and errors.
fn stream(input: &[u8]) -> (u8, String, String) {
    let fake = Fake {
        input: input.to_vec(),
        ..Fake::default()
    };
    let (code, host) = run(fake, &["-"]);
    (code, host.output, host.error)
}

#[test]
fn a_value_may_take_several_lines_and_an_array_has_several_answers() {
    for (input, answers) in [
        ("{\n  \"length\": 1\n}\n", 1),
        ("{\n  \"length\": 1\n}\n{\r\n  \"length\": 2\r\n}", 2),
        ("[{\"length\": 1}, {\"length\": 2}]\n{\"length\": 3}\n", 3),
        ("[\n{\"length\": 1},\n{\"length\": 2}\n]\n", 2),
        ("[{\"length\": 1},\n {\"length\": 2}]", 2),
        ("\u{feff}{\"length\": 1}\n", 1),
        ("\u{feff}[\n{\"length\": 1}\n]\n", 1),
        ("{\"length\": 1}\n\n\r\n", 1),
    ] {
        let expected = (SUCCESS, "\"no\"\n".repeat(answers), String::new());
        assert_eq!(stream(input.as_bytes()), expected, "{input}");
    }
}

#[test]
fn a_long_array_is_answered_item_by_item() {
    // More than one buffer, in one line and over several; the third item is bad.
    let items: Vec<_> = (0..10_000)
        .map(|index| format!("{{\"length\": {}}}", 1 + index % 5))
        .collect();
    let mut bad = items.clone();
    bad[2] = "{\"length\": 10}".into();
    for separator in [",", ", ", ",\n "] {
        let (code, output, error) = stream(format!("[{}]\n", items.join(separator)).as_bytes());
        assert_eq!((code, error.as_str()), (SUCCESS, ""));
        assert_eq!(output, "\"no\"\n".repeat(10_000));
        let (code, output, error) = stream(format!("[{}]\n", bad.join(separator)).as_bytes());
        assert_eq!(code, BAD_INPUT);
        assert!(output.starts_with("\"no\"\n\"no\"\n\n\"no\"\n"));
        assert_eq!(output.lines().count(), 10_000);
        assert_eq!(
            error,
            "error: line 1: `length` is 10: expected a number from 0 to 9 (cm)\n"
        );
    }
}

#[test]
fn a_value_that_is_too_long_is_passed_over() {
    let long = "x".repeat(200_000);
    let input = format!("\"{long}\"\n[\"{long}\"]\n{{\"length\": 1}}\n");
    let (code, output, error) = stream(input.as_bytes());
    assert_eq!((code, output.as_str()), (BAD_INPUT, "\n\n\"no\"\n"));
    assert!(
        error.starts_with("error: line 1: the line is longer than 65536 bytes"),
        "{error}"
    );
}

#[test]
fn a_value_that_is_cut_off_does_not_swallow_the_next() {
    let (code, output, error) = stream(b"{\"length\": 1,\n{\"length\": 2}\n\n{\"length\": 10}\n");
    assert_eq!((code, output.as_str()), (BAD_INPUT, "\n\"no\"\n\n\n"));
    let expected = "error: line 1: the input is not valid JSON: expected a name in double quotes at line 2 \
         column 1\n\
         hint: the value is cut off: a value over several lines has to begin with a line that ends in `{`, `[` \
         or `,`\n\
         error: line 3: the input is empty: expected a JSON object\n\
         error: line 4: `length` is 10: expected a number from 0 to 9 (cm)\n";
    assert_eq!(error, expected);
    let (_, output, error) = stream(b"[\n{\"length\": 1");
    assert_eq!(output, "\n");
    assert!(error.contains("line 1: "), "{error}");
}

#[test]
fn the_same_fault_and_its_hint_are_shown_once() {
    let (code, output, error) = stream("1.5,2\n".repeat(1000).as_bytes());
    assert_eq!((code, output.len()), (BAD_INPUT, 1000));
    let expected = "error: line 1: the input is not valid JSON: expected nothing more at column 4\n\
         hint: this is a row of a table, not JSON: `--help` shows what one input looks like\n\
         error: the same fault in 999 more\n";
    assert_eq!(error, expected);
    let (code, host) = run(Fake::default(), &["{length: 1}"]);
    assert_eq!(code, BAD_INPUT);
    assert!(host.error.contains("\nhint: the shell"), "{}", host.error);
}

#[test]
fn inputs_outside_the_training_range_are_told() {
    let lines = b"{\"length\": 5}\n{\"length\": 6}\n{\"length\": 0.5}\n";
    let (code, output, error) = stream(lines);
    assert_eq!(
        (code, output.as_str()),
        (SUCCESS, "\"no\"\n\"no\"\n\"no\"\n")
    );
    assert!(error.starts_with("note: `length` is outside"), "{error}");
    assert_eq!(error.lines().count(), 1);
    let fake = Fake {
        input: lines.to_vec(),
        ..Fake::default()
    };
    let (_, host) = run(fake, &["--json", "-"]);
    let told: Vec<_> = (host.output.lines())
        .map(|line| line.ends_with("}, \"outside\": [\"length\"]}"))
        .collect();
    assert_eq!((told, host.error.as_str()), (vec![false, true, true], ""));
}

#[test]
fn utf_16_is_one_fault() {
    let text = "{\"length\": 1}\n".repeat(100);
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [&[0xff, 0xfe], &little[..]].concat();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for input in [little, marked, big] {
        let (code, output, error) = stream(&input);
        assert_eq!((code, output.as_str()), (BAD_INPUT, "\n"));
        assert!(error.starts_with("error: line 1: the input is UTF-16: expected UTF-8\nhint: "));
        assert_eq!(error.lines().count(), 2);
    }
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
    assert!(
        help.contains("length: how long, 0 to 9 cm, trained on 1 to 5"),
        "{help}"
    );
}

#[test]
fn a_damaged_or_missing_model_is_our_failure() {
    let mut host = Fake::default();
    assert_eq!(super::run::<Table>(b"nothing", &mut host), FAILURE);
    let expected =
        "error: the model in this module cannot be used: not a safetensors file: it is too short\n";
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
    let mut random = fastrand::Rng::with_seed(42);
    let mut draw = |below: usize| random.usize(..below);
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
        // One for the input, or for each item of an array, and one for the good line.
        let answered = host.output.lines().count() >= 2 && host.output.ends_with("\"no\"\n");
        assert!(
            answered,
            "{}: {}",
            String::from_utf8_lossy(&input),
            host.error
        );
    }
}

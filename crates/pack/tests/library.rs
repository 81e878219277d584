//! The library form and the component: functions without imports, and what they answer.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use pack::{Form, LIBRARY_RUNNERS, PackError, inspect, pack_as};
use testing::WASMTIME;
use testing::library::Library;
use testing::library::option::{EXPLAIN, LINES, STRICT};

const IRIS: &[u8] = include_bytes!("../../../artifacts/iris/model.safetensors");
const WINE: &[u8] = include_bytes!("../../../artifacts/wine-quality/model.safetensors");
const MNIST: &[u8] = include_bytes!("../../../artifacts/mnist/model.safetensors");
const NEWS: &[u8] = include_bytes!("../../../artifacts/agnews/model.safetensors");

const FLOWER: &str =
    r#"{"sepal_length": 7.0, "sepal_width": 3.2, "petal_length": 4.7, "petal_width": 1.4}"#;

fn library(model: &[u8]) -> Library {
    Library::new(&pack_as(Form::Library, model).unwrap()).unwrap()
}

#[test]
fn a_library_imports_nothing() {
    for runner in LIBRARY_RUNNERS {
        let inspection = inspect(runner.wasm).unwrap();
        assert!(inspection.imports.is_empty(), "{inspection:?}");
        let mut library = Library::new(runner.wasm).unwrap();
        assert_eq!(library.number("library_version").unwrap(), 1);
        let outcome = library.predict(b"{}", 0).unwrap();
        assert_eq!(outcome.status, 1);
        assert_eq!(outcome.entry("error"), "this runner has no model");
        assert_eq!(library.predict_numbers(&[1.0]).unwrap().status, 1);
        assert_eq!(library.describe().unwrap().status, 1);
        assert_eq!(library.number("output_numbers").unwrap(), 0);
    }
}

#[test]
fn both_forms_are_looked_into() {
    let module = pack_as(Form::Command, IRIS).unwrap();
    let library = pack_as(Form::Library, IRIS).unwrap();
    let component = pack_as(Form::Component, IRIS).unwrap();
    for wasm in [&library, &component] {
        let inspection = inspect(wasm).unwrap();
        assert_eq!(inspection.runner, Some("library-table"));
        assert_eq!(inspection.model.as_deref(), Some(IRIS));
        assert_eq!(inspection.imports, [""; 0]);
        assert!(wasm.len() < module.len() + 16 * 1024, "{}", wasm.len());
    }
    assert!(component.len() - library.len() < 2048);
    // Whatever is added to a component could do anything.
    let module = [&[1, 8][..], b"\0asm\x01\0\0\0"].concat();
    for changed in [
        [&component[..], &module].concat(),
        component[..component.len() - 1].to_vec(),
    ] {
        assert!(matches!(inspect(&changed), Err(PackError::Layout(_))));
    }
}

#[test]
fn every_line_is_answered_and_a_bad_one_costs_no_other() {
    let mut library = library(IRIS);
    let answer = library.predict(FLOWER.as_bytes(), 0).unwrap();
    assert_eq!(answer.status, 0);
    let input = format!("{FLOWER}\n\nnonsense\n[{FLOWER}]\n{FLOWER}\n");
    let mut input = input.into_bytes();
    input.splice(..0, *b"\xff\n");
    let outcome = library.predict(&input, LINES).unwrap();
    assert_eq!(outcome.status, 0);
    let text = outcome.text();
    let lines: Vec<_> = text.lines().collect();
    let good = answer.text();
    assert_eq!((lines[1], lines[5]), (good.trim_end(), good.trim_end()));
    let starts = [
        (0, r#"{"error": "the input is not valid UTF-8: "#),
        (
            2,
            r#"{"error": "the input is empty: expected a JSON object"}"#,
        ),
        (3, r#"{"error": "the input is not valid JSON: "#),
        (4, r#"{"error": "the input is the array "#),
    ];
    for (line, start) in starts {
        assert!(lines[line].starts_with(start), "{}", lines[line]);
    }
    assert_eq!(lines.len(), 6);
    let marked = library.predict("\u{feff}x".as_bytes(), LINES).unwrap();
    assert_eq!(marked, library.predict(b"x", LINES).unwrap());
    let utf16 = library.predict(b"\xff\xfex\0", LINES).unwrap();
    assert_eq!(utf16.entry("error"), "the input is UTF-16: expected UTF-8");
    assert_eq!(
        (utf16.status, library.predict(b"", LINES).unwrap().bytes),
        (2, vec![])
    );
    // The end of the last line makes no difference.
    assert_eq!(
        library
            .predict(b"x\nx", LINES)
            .unwrap()
            .text()
            .lines()
            .count(),
        2
    );
}

#[test]
fn errors_have_their_place() {
    let mut library = library(IRIS);
    let bad = FLOWER.replace("4.7", "\"long\"");
    let outcome = library
        .predict(format!("[{FLOWER}, {bad}]").as_bytes(), 0)
        .unwrap();
    assert_eq!((outcome.status, outcome.entry("item")), (2, 2.into()));
    assert_eq!(outcome.entry("field"), "petal_length");
    // What the model does not know is no field of it.
    let unknown = library.predict(b"{\"width\": 1}", 0).unwrap();
    assert_eq!(unknown.status, 2);
    assert!(unknown.entry("field").is_null());
    let unusual = FLOWER.replace("7.0", "19.5");
    assert_eq!(library.predict(unusual.as_bytes(), 0).unwrap().status, 0);
    assert_eq!(
        library.predict(unusual.as_bytes(), STRICT).unwrap().status,
        2
    );
    let refused = library.predict(unusual.as_bytes(), STRICT).unwrap();
    assert_eq!(refused.entry("field"), "sepal_length");
    let line = library.predict(unusual.as_bytes(), STRICT | LINES).unwrap();
    assert!(
        line.text().contains("which `--strict` refuses"),
        "{}",
        line.text()
    );
}

#[test]
fn explanations_come_along() {
    let mut library = library(NEWS);
    let title = b"\"Stocks fall on Wall Street\"";
    let plain = library.predict(title, 0).unwrap().text();
    let explained = library.predict(title, EXPLAIN).unwrap();
    assert!(!plain.contains("explanation"));
    assert_eq!(explained.entry("explanation")[0]["word"], "Street");
    let lines = library.predict(title, EXPLAIN | LINES).unwrap();
    assert_eq!(lines, explained);
    assert_eq!(library.number("input_numbers").unwrap(), 0);
    let refused = library.predict_numbers(&[1.0]).unwrap();
    assert!(
        refused
            .text()
            .contains("the input is plain numbers: expected a JSON object"),
        "{}",
        refused.text()
    );
}

/// The numbers of an answer in JSON: the probabilities, or the number and both ends.
fn numbers_of(text: &str) -> Vec<f32> {
    let mut numbers = Vec::new();
    for part in text.split([' ', ',', '}']) {
        numbers.extend(part.parse::<f32>());
    }
    numbers
}

#[test]
fn numbers_are_answered_as_json_is() {
    let flower = [7.0, 3.2, 4.7, 1.4];
    let wine = [
        7.4, 0.7, 0.0, 1.9, 0.076, 11.0, 34.0, 0.9978, 3.51, 0.56, 9.4,
    ];
    let digit: Vec<f32> = (0..784).map(|pixel| (pixel * 7 % 256) as f32).collect();
    for (model, values, outputs) in [
        (IRIS, &flower[..], 3),
        (WINE, &wine, 3),
        (MNIST, &digit, 10),
    ] {
        let mut library = library(model);
        assert_eq!(
            library.number("input_numbers").unwrap() as usize,
            values.len()
        );
        assert_eq!(library.number("output_numbers").unwrap() as usize, outputs);
        let description: serde_json::Value =
            serde_json::from_slice(&library.describe().unwrap().bytes).unwrap();
        let fields = &description["input"]["table"];
        let json = match fields.as_array() {
            Some(fields) => {
                let members = fields.iter().zip(values);
                let members: Vec<_> = members
                    .map(|(field, value)| format!("{}: {value}", field["name"]))
                    .collect();
                format!("{{{}}}", members.join(", "))
            }
            None => format!("{values:?}"),
        };
        let answer = library.predict(json.as_bytes(), 0).unwrap();
        assert_eq!(answer.status, 0, "{}", answer.text());
        let twice = [values, values].concat();
        let numbers = library.predict_numbers(&twice).unwrap();
        assert_eq!(numbers.status, 0, "{}", numbers.text());
        let numbers = numbers.numbers();
        assert_eq!(numbers.len(), 2 * outputs);
        assert_eq!(numbers[..outputs], numbers[outputs..]);
        let mut written = numbers_of(&answer.text());
        if model == WINE {
            // The share of true numbers in the interval is no number of the input's.
            written.remove(1);
        }
        for (number, written) in numbers.iter().zip(&written) {
            assert!((number - written).abs() < 1e-6, "{number} {written}");
        }
        assert_eq!(written.len(), outputs);
    }
}

#[test]
fn bad_numbers_are_named() {
    let mut library = library(IRIS);
    let row = [7.0, 3.2, 4.7, 1.4];
    for (value, shown) in [(f32::NAN, "NaN"), (f32::INFINITY, "infinite"), (-1.0, "-1")] {
        let mut rows = [row, row].concat();
        rows[6] = value;
        let outcome = library.predict_numbers(&rows).unwrap();
        assert_eq!((outcome.status, outcome.entry("item")), (2, 2.into()));
        assert_eq!(outcome.entry("field"), "petal_length");
        let start = format!("item 2: `petal_length` is {shown}: expected a number from ");
        assert!(outcome.text().contains(&start), "{}", outcome.text());
    }
    let cut_off = library.predict_numbers(&row[..3]).unwrap();
    assert!(
        cut_off.text().contains("3 numbers: expected 4"),
        "{}",
        cut_off.text()
    );
    assert_eq!(library.predict_numbers(&[]).unwrap().bytes, b"");
    for address in [0, 2] {
        let outcome = library.predict_numbers_at(address, 4).unwrap();
        assert_eq!(
            outcome.entry("error"),
            "the input is empty: expected a JSON object"
        );
    }
    let mut mnist = self::library(MNIST);
    let blank = mnist.predict_numbers(&[0.0; 784]).unwrap();
    assert!(
        blank.text().contains("every pixel is 0"),
        "{}",
        blank.text()
    );
    let half = mnist.predict_numbers(&[0.5; 784]).unwrap();
    assert!(
        half.text().contains("row 1, column 1 is 0.5"),
        "{}",
        half.text()
    );
}

/// A host may give any address for an empty string, and may grow a string while it writes it.
#[test]
fn the_component_takes_strings_as_hosts_give_them() {
    let mut library = library(IRIS);
    for _ in 0..3 {
        let [tag, ..] = library.component_predict(1, 0).unwrap();
        assert_eq!(tag, 1, "an error and no trap");
    }
    let small = library.reallocate(0, 0, 10).unwrap();
    library.write(small, &FLOWER.as_bytes()[..10]).unwrap();
    let length = FLOWER.len() as u32;
    let whole = library.reallocate(small, 10, length).unwrap();
    library.write(whole + 10, &FLOWER.as_bytes()[10..]).unwrap();
    assert_eq!(library.component_predict(whole, length).unwrap()[0], 0);
    assert_eq!(library.reallocate(0, 0, 0).unwrap() % 16, 0);
}

#[test]
fn memory_does_not_grow_from_call_to_call() {
    let mut library = library(IRIS);
    let long = format!("{FLOWER}\nnonsense\n").repeat(100);
    let mut after = Vec::new();
    for _ in 0..3 {
        for _ in 0..200 {
            library.predict(FLOWER.as_bytes(), 0).unwrap();
            library.predict(b"{\"sepal_length\": []}", 0).unwrap();
            library.predict_numbers(&[7.0, 3.2, 4.7, 1.4]).unwrap();
        }
        library.predict(long.as_bytes(), LINES).unwrap();
        after.push(library.memory());
    }
    assert_eq!(after[1], after[2], "{after:?}");
}

fn invoke(component: &Path, call: &str) -> Output {
    let mut command = Command::new(WASMTIME.name);
    command.args(["run", "--invoke", call]).arg(component);
    command.output().unwrap()
}

#[test]
fn wasmtime_calls_the_component() {
    if !WASMTIME.can_be_tested() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let component = folder.path().join("iris.wasm");
    fs::write(&component, pack_as(Form::Component, IRIS).unwrap()).unwrap();
    let said = |output: Output| {
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{error}");
        String::from_utf8(output.stdout).unwrap()
    };
    let call = format!("predict({FLOWER:?})");
    let answer = said(invoke(&component, &call));
    let start = "ok({prediction: class({class: \"Iris-versicolor\", probabilities: [{class: \"Iris-setosa\", probability: 0.00";
    assert!(answer.starts_with(start), "{answer}");
    let end = "remarks: {outside: [], unseen: [], missing: [], unread-words: 0}})\n";
    assert!(answer.ends_with(end), "{answer}");
    let outside = said(invoke(&component, &call.replace("7.0", "19.5")));
    assert!(outside.contains("outside: [\"sepal_length\"]"), "{outside}");
    let error = said(invoke(&component, &call.replace("4.7", "[]")));
    let expected = "err({message: \"`petal_length` is the array []: expected a number from 0.1 to 20 (cm)\", field: some(\"petal_length\")})\n";
    assert_eq!(error, expected);
    let syntax = said(invoke(&component, "predict(\"nonsense\")"));
    assert!(
        syntax.starts_with("err(") && !syntax.contains("field"),
        "{syntax}"
    );
    let described = said(invoke(&component, "describe()"));
    assert!(
        described.contains("\\\"name\\\": \\\"iris\\\""),
        "{described}"
    );

    fs::write(&component, pack_as(Form::Component, WINE).unwrap()).unwrap();
    let example = "predict(\"{\\\"fixed_acidity\\\": 7.4, \\\"volatile_acidity\\\": 0.7, \\\"citric_acid\\\": 0, \\\"residual_sugar\\\": 1.9, \\\"chlorides\\\": 0.076, \\\"free_sulfur_dioxide\\\": 11, \\\"total_sulfur_dioxide\\\": 34, \\\"density\\\": 0.9978, \\\"pH\\\": 3.51, \\\"sulphates\\\": 0.56, \\\"alcohol\\\": 9.4}\")";
    let number = said(invoke(&component, example));
    assert!(
        number.starts_with("ok({prediction: number({name: \"quality\", value: 5."),
        "{number}"
    );

    fs::write(&component, pack_as(Form::Component, NEWS).unwrap()).unwrap();
    let explained = said(invoke(
        &component,
        "explain(\"\\\"Stocks fall on Wall Street\\\"\")",
    ));
    assert!(
        explained.contains("explanation: [{part: \"Street\", weight: 0."),
        "{explained}"
    );
}

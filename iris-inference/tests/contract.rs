//! The contract of the module, case by case: the same table for the native program, for the module that Cargo
//! builds and for the one that `pack` makes, in three hosts.
//!
//! On a machine without `wasmtime` or Node their part is left out; with the variable `CI` set it is an error.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::path::Path;

use testing::Response;
use testing::contract::{Case, Forms, both_forms_hold, memory_along_a_stream};

/// Most linear memory that a module may need, in bytes.
const MEMORY: usize = 2 * 1024 * 1024;
/// Largest size of the module, in bytes.
const SIZE: u64 = 112 * 1024;

const FLOWER: &str =
    r#"{"sepal_length": 7.0, "sepal_width": 3.2, "petal_length": 4.7, "petal_width": 1.4}"#;
const SETOSA: &str =
    r#"{"sepal_length":5.1,"sepal_width":3.5,"petal_length":1.4,"petal_width":0.2}"#;

fn with_input(arguments: &[&str], input: &[u8]) -> Case {
    Case::with_input(arguments, input)
}

fn with_arguments(arguments: &[&str]) -> Case {
    Case::new(arguments)
}

/// [`FLOWER`] with one value replaced.
fn petal_width(value: &str) -> Case {
    with_arguments(&[&FLOWER.replace("1.4", value)])
}

fn cases() -> Vec<Case> {
    let array = format!("[{FLOWER}, {SETOSA}]");
    let lines = format!("{FLOWER}\n{SETOSA}\r\n{FLOWER}");
    let mixed = format!("{SETOSA}\nsetosa\n\n[{SETOSA}]\n{FLOWER}\n");
    let long = format!("{}\n{SETOSA}\n", " ".repeat(70_000));
    vec![
        // Good input.
        with_arguments(&[FLOWER]),
        with_arguments(&["--json", FLOWER]),
        with_arguments(&[SETOSA, "--json"]),
        with_arguments(&[&array]),
        with_arguments(&["--json", &array]),
        with_arguments(&["--", FLOWER]),
        with_arguments(&[&FLOWER.replace("7.0", "70e-1")]),
        // Streams.
        with_input(&["-"], lines.as_bytes()),
        with_input(&["--json", "-"], lines.as_bytes()),
        with_input(&["-"], mixed.as_bytes()),
        with_input(&["-", "--json"], mixed.as_bytes()),
        with_input(&["-"], b""),
        with_input(&["-"], b"\n"),
        with_input(&["-"], b"\xff\xfe\n"),
        with_input(&["-"], long.as_bytes()),
        // Help.
        with_arguments(&["--help"]),
        with_arguments(&["-h"]),
        with_arguments(&["--version"]),
        with_arguments(&["-V", FLOWER]),
        // Bad usage.
        with_arguments(&[]),
        with_arguments(&["--json"]),
        with_arguments(&["--jsn", FLOWER]),
        with_arguments(&["{sepal_length:", "7.0}"]),
        with_arguments(&["-", FLOWER]),
        // Bad input: not JSON.
        with_arguments(&[""]),
        with_arguments(&["  "]),
        with_arguments(&["Iris-setosa"]),
        with_arguments(&["{'sepal_length': 7.0}"]),
        with_arguments(&[FLOWER.trim_end_matches('}')]),
        with_arguments(&[&format!("{FLOWER} {FLOWER}")]),
        with_arguments(&[&"[".repeat(10_000)]),
        petal_width("NaN"),
        petal_width("Infinity"),
        petal_width("01.4"),
        // Bad input: not an object, or not this one.
        with_arguments(&["5.1"]),
        with_arguments(&["-5.1"]),
        with_arguments(&["null"]),
        with_arguments(&["\"Iris-setosa\""]),
        with_arguments(&["[]"]),
        with_arguments(&["[5.1, 3.5, 1.4, 0.2]"]),
        with_arguments(&[&format!("[{SETOSA}, []]")]),
        with_arguments(&[&format!("[{SETOSA}, {SETOSA}, {{}}]")]),
        with_arguments(&["{}"]),
        with_arguments(&[r#"{"sepal_length": 7.0, "sepal_width": 3.2, "petal_length": 4.7}"#]),
        with_arguments(&[&FLOWER.replace("petal_width", "petalwidth")]),
        with_arguments(&[&FLOWER.replace("petal_width", "petal_\\u0077idth")]),
        with_arguments(&[&FLOWER.replace('}', r#", "colour": "blue"}"#)]),
        with_arguments(&[&FLOWER.replace('}', r#", "petal_width": 1.4}"#)]),
        // Bad input: not a length.
        petal_width("\"1.4\""),
        petal_width("null"),
        petal_width("true"),
        petal_width("[1.4]"),
        petal_width("{\"cm\":\n1.4}"),
        petal_width("0"),
        petal_width("-1.4"),
        petal_width("14"),
        petal_width("20.001"),
        petal_width("1e300"),
        petal_width("1e999"),
        petal_width("-1e-999"),
        petal_width("\"é\""),
        petal_width(&format!("\"{}\"", "é".repeat(100))),
    ]
}

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_iris-inference"))
}

fn native(case: &Case) -> Response {
    case.run(|request| testing::native(program(), request))
        .unwrap()
}

/// The module in both of its forms.
fn forms() -> Forms<'static> {
    Forms {
        program: program(),
        folder: env!("CARGO_MANIFEST_DIR"),
        temporary: env!("CARGO_TARGET_TMPDIR"),
        model: include_bytes!("../../artifacts/iris/model.safetensors"),
    }
}

/// All cases, and those that are too changeable or too long for the transcript.
fn more_cases() -> Vec<Case> {
    let mut cases = cases();
    cases.push(with_arguments(&["--describe"]));
    let long = format!(
        "{{\"sepal_length\": \"{}\"}}\n{SETOSA}\n",
        "x".repeat(10_000_000)
    );
    cases.push(with_input(&["-", "--json"], long.as_bytes()));
    cases
}

#[test]
fn the_native_program_keeps_the_contract() {
    let transcripts: String = (cases().iter())
        .map(|case| case.transcript("iris-inference", &native(case)))
        .collect();
    insta::assert_snapshot!(transcripts);
}

#[test]
fn both_forms_of_the_module_agree_in_every_host_and_are_small() {
    both_forms_hold(&forms(), (MEMORY, SIZE), &more_cases()).unwrap();
}

#[test]
fn memory_does_not_grow_along_a_stream() {
    let packed = forms().packed().unwrap();
    let memory = memory_along_a_stream(packed.path(), SETOSA).unwrap();
    assert!(memory.is_some_and(|bytes| bytes <= MEMORY), "{memory:?}");
}

#[test]
fn describe_tells_what_the_module_takes_and_is() {
    let response = native(&with_arguments(&["--describe"]));
    assert_eq!((response.code, &response.error[..]), (0, &b""[..]));
    let description: serde_json::Value = serde_json::from_slice(&response.output).unwrap();
    let names = ["sepal_length", "sepal_width", "petal_length", "petal_width"];
    let fields = description["input"]["table"].as_array().unwrap();
    assert_eq!(fields.len(), names.len());
    for (field, name) in fields.iter().zip(names) {
        assert_eq!(field["name"], name);
        assert_eq!(field["unit"], "cm");
        assert_eq!(field["minimum"], 0.1);
        assert_eq!(field["maximum"], 20.0);
        assert_eq!(field["transform"], "identity");
    }
    assert_eq!(
        description["output"]["classes"],
        serde_json::json!(["Iris-setosa", "Iris-versicolor", "Iris-virginica"])
    );
    // Those that are learnt, and four means.
    assert_eq!(description["weights"], 9_095);
    assert_eq!(description["training"]["settings"]["seed"], 42);
    assert!(description["metrics"]["test_accuracy"].as_f64().unwrap() > 0.8);
    assert_eq!(
        description["training"]["data_sha256"]
            .as_str()
            .unwrap()
            .len(),
        64
    );
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_iris-inference"))
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut input = child.stdin.take().unwrap();
    // It stops reading once its answers go nowhere.
    let _ = input.write_all(format!("{SETOSA}\n").repeat(10_000).as_bytes());
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

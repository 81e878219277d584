//! The contract of the module, case by case: the same table for the native program and for the
//! compiled module in three hosts.
//!
//! The module is built by the documented command. On a machine without `wasmtime` or Node their part
//! is left out; with the variable `CI` set it is an error.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]
#![cfg(not(feature = "burn"))]

use std::path::{Path, PathBuf};

use testing::contract::{Case, agree};
use testing::{Embedded, Request, Response};

/// Most linear memory that a module may need, in bytes.
const MEMORY: usize = 2 * 1024 * 1024;

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

/// Builds the module as the documentation says, and returns its path.
fn module() -> PathBuf {
    testing::build(env!("CARGO_MANIFEST_DIR"), env!("CARGO_TARGET_TMPDIR")).unwrap()
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
fn the_module_agrees_in_the_embedded_host_and_stays_small() {
    let module = Embedded::open(&module()).unwrap();
    let run = |request: Request<'_>| {
        let response = module.run(request)?;
        assert!(response.memory.unwrap() <= MEMORY, "{:?}", response.memory);
        Ok(Some(response))
    };
    agree(program(), &more_cases(), run).unwrap();
}

#[test]
fn the_module_agrees_in_wasmtime_within_two_mebibytes() {
    let module = module();
    let run = |request: Request<'_>| testing::wasmtime(&module, Some(MEMORY), request);
    agree(program(), &more_cases(), run).unwrap();
}

#[test]
fn the_module_agrees_in_node() {
    let module = module();
    let run = |request: Request<'_>| testing::node(&module, request);
    agree(program(), &more_cases(), run).unwrap();
}

#[test]
fn the_module_imports_arguments_streams_and_exit_alone() {
    let inspection = testing::inspect(&std::fs::read(module()).unwrap()).unwrap();
    let expected = [
        "args_get",
        "args_sizes_get",
        "fd_read",
        "fd_write",
        "proc_exit",
    ]
    .map(|name| format!("wasi_snapshot_preview1.{name}"));
    assert_eq!(inspection.imports, expected);
}

#[test]
fn the_module_is_small() {
    let size = std::fs::metadata(module()).unwrap().len();
    assert!(size <= 96 * 1024, "{size} bytes");
}

#[test]
fn memory_does_not_grow_along_a_stream() {
    let module = Embedded::open(&module()).unwrap();
    let memory = |lines: usize| {
        let input = format!("{SETOSA}\nnot a flower\n").repeat(lines);
        let response = module
            .run(Request {
                arguments: &["-", "--json"],
                input: input.as_bytes(),
            })
            .unwrap();
        let output = String::from_utf8(response.output).unwrap();
        assert_eq!(output.lines().count(), 2 * lines);
        response.memory.unwrap()
    };
    assert_eq!(memory(500), memory(50_000));
}

#[test]
fn describe_tells_what_the_module_takes_and_is() {
    let response = native(&with_arguments(&["--describe"]));
    assert_eq!((response.code, &response.error[..]), (0, &b""[..]));
    let description: serde_json::Value = serde_json::from_slice(&response.output).unwrap();
    for (input, field) in description["inputs"]
        .as_array()
        .unwrap()
        .iter()
        .zip(iris::input::FIELDS)
    {
        assert_eq!(input["name"], field.name);
        assert_eq!(input["unit"], "cm");
        assert!((input["minimum"].as_f64().unwrap() - f64::from(field.minimum)).abs() < 1e-6);
        assert!((input["maximum"].as_f64().unwrap() - f64::from(field.maximum)).abs() < 1e-6);
    }
    assert_eq!(
        description["classes"],
        serde_json::json!(["Iris-setosa", "Iris-versicolor", "Iris-virginica"])
    );
    assert_eq!(description["parameters"], 9_091);
    assert!(description["metrics"]["test_accuracy"].as_f64().unwrap() > 0.8);
    assert_eq!(
        description["training"]["data_sha256"]
            .as_str()
            .unwrap()
            .len(),
        64
    );
    assert_eq!(description["model_sha256"].as_str().unwrap().len(), 64);
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

//! The contract of the module, case by case: the same table for the native program, for the module that Cargo
//! builds and for the one that `pack` makes, in three hosts.
//!
//! On a machine without `wasmtime` or Node their part is left out; with the variable `CI` set it is an error.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use testing::contract::Case;
use testing::pipes;

const FLOWER: &str =
    r#"{"sepal_length": 7.0, "sepal_width": 3.2, "petal_length": 4.7, "petal_width": 1.4}"#;
const SETOSA: &str =
    r#"{"sepal_length":5.1,"sepal_width":3.5,"petal_length":1.4,"petal_width":0.2}"#;

/// [`FLOWER`] with one value replaced.
fn petal_width(value: &str) -> Case {
    Case::new(&[&FLOWER.replace("1.4", value)])
}

fn cases() -> Vec<Case> {
    let array = format!("[{FLOWER}, {SETOSA}]");
    let lines = format!("{FLOWER}\n{SETOSA}\r\n{FLOWER}");
    let mixed = format!("{SETOSA}\nsetosa\n\n[{SETOSA}]\n{FLOWER}\n");
    let long = format!("{}\n{SETOSA}\n", " ".repeat(70_000));
    vec![
        // Good input.
        Case::new(&[FLOWER]),
        Case::new(&["--json", FLOWER]),
        Case::new(&[SETOSA, "--json"]),
        Case::new(&[&array]),
        Case::new(&["--json", &array]),
        Case::new(&["--", FLOWER]),
        Case::new(&[&FLOWER.replace("7.0", "70e-1")]),
        // Streams.
        Case::with_input(&["-"], lines.as_bytes()),
        Case::with_input(&["--json", "-"], lines.as_bytes()),
        Case::with_input(&["-"], mixed.as_bytes()),
        Case::with_input(&["-", "--json"], mixed.as_bytes()),
        Case::with_input(&["-"], b""),
        Case::with_input(&["-"], b"\n"),
        Case::with_input(&["-"], b"\xff\xfe\n"),
        Case::with_input(&["-"], long.as_bytes()),
        // Help.
        Case::new(&["--help"]),
        Case::new(&["-h"]),
        Case::new(&["--version"]),
        Case::new(&["-V", FLOWER]),
        // Bad usage.
        Case::new(&[]),
        Case::new(&["--json"]),
        Case::new(&["--jsn", FLOWER]),
        Case::new(&["{sepal_length:", "7.0}"]),
        Case::new(&["-", FLOWER]),
        // Bad input: not JSON.
        Case::new(&[""]),
        Case::new(&["  "]),
        Case::new(&["Iris-setosa"]),
        Case::new(&["{'sepal_length': 7.0}"]),
        Case::new(&[FLOWER.trim_end_matches('}')]),
        Case::new(&[&format!("{FLOWER} {FLOWER}")]),
        Case::new(&[&"[".repeat(10_000)]),
        petal_width("NaN"),
        petal_width("Infinity"),
        petal_width("01.4"),
        // Bad input: not an object, or not this one.
        Case::new(&["5.1"]),
        Case::new(&["-5.1"]),
        Case::new(&["null"]),
        Case::new(&["\"Iris-setosa\""]),
        Case::new(&["[]"]),
        Case::new(&["[5.1, 3.5, 1.4, 0.2]"]),
        Case::new(&[&format!("[{SETOSA}, []]")]),
        Case::new(&[&format!("[{SETOSA}, {SETOSA}, {{}}]")]),
        Case::new(&["{}"]),
        Case::new(&[r#"{"sepal_length": 7.0, "sepal_width": 3.2, "petal_length": 4.7}"#]),
        Case::new(&[&FLOWER.replace("petal_width", "petalwidth")]),
        Case::new(&[&FLOWER.replace("petal_width", "petal_\\u0077idth")]),
        Case::new(&[&FLOWER.replace('}', r#", "colour": "blue"}"#)]),
        Case::new(&[&FLOWER.replace('}', r#", "petal_width": 1.4}"#)]),
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

/// A line that is too long for the transcript.
fn long_cases() -> Vec<Case> {
    let line = format!(
        "{{\"sepal_length\": \"{}\"}}\n{SETOSA}\n",
        "x".repeat(10_000_000)
    );
    vec![Case::with_input(&["-", "--json"], line.as_bytes())]
}

testing::contract_tests! {
    name: "iris-inference",
    model: "../../artifacts/iris/model.safetensors",
    memory: 2 * 1024 * 1024,
    size: 96 * 1024,
    cases: cases(),
    more_cases: long_cases(),
    line: SETOSA,
}

#[test]
fn describe_tells_what_the_module_takes_and_is() {
    let description = CONTRACT.description().unwrap();
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
    // Those that are learnt, four means, and a scale for each output of the layer of bytes.
    assert_eq!(description["weights"], 9_159);
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
fn a_reader_that_goes_away_is_no_failure_in_any_host() {
    let module = CONTRACT.packed().unwrap();
    let native = std::process::Command::new(CONTRACT.program);
    for command in pipes::hosts(module.path()).into_iter().chain([native]) {
        let name = format!("{command:?}");
        let ended = pipes::leave_after_one_line(command, SETOSA);
        assert_eq!(ended, (Some(0), String::new()), "{name}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_said_in_any_host() {
    let module = CONTRACT.packed().unwrap();
    let native = std::process::Command::new(CONTRACT.program);
    for command in pipes::hosts(module.path()).into_iter().chain([native]) {
        let name = format!("{command:?}");
        let (code, error) = pipes::on_a_full_disk(command, SETOSA);
        let expected = "error: cannot write the output: the disk is full\n";
        assert_eq!((code, error.as_str()), (Some(1), expected), "{name}");
    }
}

#[test]
fn a_pipe_that_does_not_block_loses_no_answer() {
    let module = CONTRACT.packed().unwrap();
    let arrived = pipes::answers_through_a_pipe_that_does_not_block(module.path(), SETOSA, 20_000);
    assert!(
        arrived.is_none_or(|answers| answers == 20_000),
        "{arrived:?}"
    );
}

#[test]
fn too_little_memory_is_said() {
    let module = CONTRACT.packed().unwrap();
    let long = "x".repeat(60_000);
    if let Some((code, error)) = pipes::with_little_memory(module.path(), 128 * 1024, &long) {
        let expected = "error: the module needs more memory than the host gives it\n";
        assert_eq!((code, error.as_str()), (Some(1), expected));
    }
}

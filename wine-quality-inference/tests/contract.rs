//! The contract of the module, case by case: the same table for the native program, for the module that Cargo
//! builds and for the one that `pack` makes, in three hosts.
//!
//! On a machine without `wasmtime` or Node their part is left out; with the variable `CI` set it is an error.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::path::Path;

use testing::contract::{Case, Forms, both_forms_hold, memory_along_a_stream};

/// Most linear memory that the module may need, in bytes.
const MEMORY: usize = 2 * 1024 * 1024;
/// Largest size of the module, in bytes.
const SIZE: u64 = 112 * 1024;

const WINE: &str = r#"{"fixed_acidity": 7.4, "volatile_acidity": 0.7, "citric_acid": 0, "residual_sugar": 1.9, "chlorides": 0.076, "free_sulfur_dioxide": 11, "total_sulfur_dioxide": 34, "density": 0.9978, "pH": 3.51, "sulphates": 0.56, "alcohol": 9.4}"#;

/// [`WINE`] with its alcohol replaced.
fn alcohol(value: &str) -> String {
    WINE.replace("9.4", value)
}

fn cases() -> Vec<Case> {
    let strong = alcohol("12.5");
    let lines = format!("{WINE}\nred\n\n{strong}\r\n[{WINE}]\n{WINE}");
    let mut cases = vec![
        Case::with_input(&["-"], lines.as_bytes()),
        Case::with_input(&["--json", "-"], lines.as_bytes()),
        Case::with_input(&["-"], b""),
    ];
    let arguments = [
        // Good input.
        vec![WINE.to_owned()],
        vec!["--json".into(), WINE.into()],
        vec![strong.clone()],
        vec!["--json".into(), format!("[{WINE}, {strong}]")],
        // The ends of the ranges: far from all wines, and still an answer.
        vec![alcohol("5")],
        vec![alcohol("20")],
        // Help and bad usage.
        vec!["--help".into()],
        vec!["--version".into()],
        vec![],
        vec!["--explain".into(), WINE.into()],
        // Bad input.
        vec![String::new()],
        vec!["[]".into()],
        vec!["5".into()],
        vec![WINE.replace("\"pH\": 3.51, ", "")],
        vec![WINE.replace("pH", "ph")],
        vec![WINE.replace("\"pH\"", "\"density\"")],
        vec![WINE.replace("fixed_acidity", "fixed acidity")],
        vec![WINE.replace('}', r#", "quality": 5}"#)],
        vec![alcohol("\"9.4\"")],
        vec![alcohol("null")],
        vec![alcohol("4.9")],
        vec![alcohol("20.5")],
        vec![alcohol("NaN")],
        vec![alcohol("1e999")],
        vec![WINE.replace("0.076", "0")],
        vec![WINE.replace("1.9", "-1.9")],
    ];
    cases.extend(arguments.iter().map(|arguments| {
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        Case::new(&arguments)
    }));
    cases
}

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_wine-quality-inference"))
}

/// The module in both of its forms.
fn forms() -> Forms<'static> {
    Forms {
        program: program(),
        folder: env!("CARGO_MANIFEST_DIR"),
        temporary: env!("CARGO_TARGET_TMPDIR"),
        model: include_bytes!("../../artifacts/wine-quality/model.safetensors"),
    }
}

/// All cases, and one that is too changeable for the transcript.
fn more_cases() -> Vec<Case> {
    let mut cases = cases();
    cases.push(Case::new(&["--describe"]));
    cases
}

#[test]
fn the_native_program_keeps_the_contract() {
    let transcripts: String = (cases().iter())
        .map(|case| {
            let response = case.run(|request| testing::native(program(), request));
            case.transcript("wine-quality-inference", &response.unwrap())
        })
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
    let memory = memory_along_a_stream(packed.path(), WINE).unwrap();
    assert!(memory.is_some_and(|bytes| bytes <= MEMORY), "{memory:?}");
}

#[test]
fn describe_tells_what_the_module_takes_and_gives() {
    let case = Case::new(&["--describe"]);
    let response = case
        .run(|request| testing::native(program(), request))
        .unwrap();
    let description: serde_json::Value = serde_json::from_slice(&response.output).unwrap();
    let fields = description["input"]["table"].as_array().unwrap();
    assert_eq!(fields.len(), 11);
    assert_eq!(fields[4]["name"], "chlorides");
    assert_eq!(fields[4]["unit"], "g/L of sodium chloride");
    assert_eq!(fields[4]["transform"], "log");
    let quality = &description["output"]["number"];
    assert_eq!(quality["name"], "quality");
    assert!((0.5..1.0).contains(&quality["half_width"].as_f64().unwrap()));
    assert!(description["metrics"]["test_rmse"].as_f64().unwrap() < 0.66);
}

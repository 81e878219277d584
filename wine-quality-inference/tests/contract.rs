//! The contract of the module, case by case: the same table for the native program, for the module that Cargo
//! builds and for the one that `pack` makes, in three hosts.
//!
//! On a machine without `wasmtime` or Node their part is left out; with the variable `CI` set it is an error.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use testing::contract::Case;

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

testing::contract_tests! {
    name: "wine-quality-inference",
    model: "../../artifacts/wine-quality/model.safetensors",
    memory: 2 * 1024 * 1024,
    size: 112 * 1024,
    cases: cases(),
    more_cases: [],
    line: WINE,
}

#[test]
fn describe_tells_what_the_module_takes_and_gives() {
    let description = CONTRACT.description().unwrap();
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

//! The contract of the module, case by case: the same table for the native program and for the
//! compiled module in three hosts.
//!
//! The module is built by the documented command. On a machine without `wasmtime` or Node their part
//! is left out; with the variable `CI` set it is an error.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]
#![cfg(not(feature = "burn"))]

use std::path::{Path, PathBuf};

use testing::contract::{Case, agree_everywhere, assert_allowed_imports, memory_along_a_stream};

/// Most linear memory that the module may need, in bytes: its weights, and a little more.
const MEMORY: usize = 4 * 1024 * 1024 + 512 * 1024;
/// Largest size of the module, in bytes.
const SIZE: u64 = 4 * 1024 * 1024;

const ARTICLE: &str = r#"{"title": "Late goal sends Ajax to the final", "description": "A header in the last minute of the match won the cup tie for the visitors."}"#;
const BANK: &str =
    "\"Shares of the bank fell after it warned that profits would be lower this quarter.\"";

fn cases() -> Vec<Case> {
    let lines = format!("{ARTICLE}\nnews\n\n{BANK}\r\n[{ARTICLE}]\n\"\"\n{ARTICLE}");
    let mut cases = vec![
        Case::with_input(&["-"], lines.as_bytes()),
        Case::with_input(&["--json", "-"], lines.as_bytes()),
        Case::with_input(&["--explain", "-"], lines.as_bytes()),
        Case::with_input(&["-"], b""),
        Case::with_input(&["-"], b"\"\xff\"\n"),
    ];
    let arguments = [
        // Good input.
        vec![ARTICLE.to_owned()],
        vec!["--json".into(), ARTICLE.into()],
        vec!["--explain".into(), ARTICLE.into()],
        vec!["--json".into(), "--explain".into(), BANK.into()],
        vec![format!("[{ARTICLE}, {BANK}]")],
        vec![ARTICLE.replace("Late goal", "")],
        vec![r#"{"description": "Astronomers found a planet", "title": ""}"#.into()],
        // Any Unicode, any length.
        vec![r#""\u0041pple \u00e9 \u4e2d \ud83d\ude00 \u0000 z\u0301""#.into()],
        vec!["\"股市 上涨 ÄÖÜ İ ﬁ ß 😀\"".into()],
        vec![format!("\"{}\"", "stocks fell ".repeat(3000))],
        // Help and bad usage.
        vec!["--help".into()],
        vec!["--version".into()],
        vec![],
        vec!["--why".into(), ARTICLE.into()],
        // Bad input.
        vec![String::new()],
        vec!["Shares fell".into()],
        vec!["5".into()],
        vec!["[]".into()],
        vec!["[[]]".into()],
        vec!["\"\"".into()],
        vec!["\" !? \"".into()],
        vec!["\"\\ud800\"".into()],
        vec![r#"{"title": "", "description": ""}"#.into()],
        vec![r#"{"title": "a"}"#.into()],
        vec![r#"{"description": "a"}"#.into()],
        vec![ARTICLE.replace("description", "text")],
        vec![ARTICLE.replace("description", "title")],
        vec![r#"{"title": 5, "description": "a"}"#.into()],
        vec![r#"{"title": null, "description": "a"}"#.into()],
        vec![r#"{"title": ["a"], "description": "a"}"#.into()],
    ];
    cases.extend(arguments.iter().map(|arguments| {
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        Case::new(&arguments)
    }));
    cases
}

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_agnews-inference"))
}

/// Builds the module as the documentation says, and returns its path.
fn module() -> PathBuf {
    testing::build(env!("CARGO_MANIFEST_DIR"), env!("CARGO_TARGET_TMPDIR")).unwrap()
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
            case.transcript("agnews-inference", &response.unwrap())
        })
        .collect();
    insta::assert_snapshot!(transcripts);
}

#[test]
fn the_module_agrees_in_every_host_and_stays_small() {
    let path = module();
    agree_everywhere(program(), &path, MEMORY, &more_cases()).unwrap();

    assert_allowed_imports(&path).unwrap();
    let size = std::fs::metadata(&path).unwrap().len();
    assert!(size <= SIZE, "{size} bytes");
    let memory = memory_along_a_stream(&path, ARTICLE).unwrap();
    assert!(memory.unwrap() <= MEMORY, "{memory:?}");
}

#[test]
fn a_headline_of_each_class_is_told() {
    for (headline, class) in [
        (
            "Troops and rebels sign a peace treaty as the president visits the capital",
            "World",
        ),
        (
            "Striker scores twice as the champions win the cup final in extra time",
            "Sports",
        ),
        (
            "Bank shares fall as quarterly profit misses the forecasts of analysts",
            "Business",
        ),
        (
            "New software lets scientists search the web for images of galaxies",
            "Sci/Tech",
        ),
    ] {
        let case = Case::new(&[&format!("\"{headline}\"")]);
        let response = case
            .run(|request| testing::native(program(), request))
            .unwrap();
        assert_eq!(
            String::from_utf8(response.output).unwrap().trim_end(),
            class,
            "{headline}"
        );
    }
}

#[test]
fn describe_tells_what_the_module_takes_and_gives() {
    let case = Case::new(&["--describe"]);
    let response = case
        .run(|request| testing::native(program(), request))
        .unwrap();
    let description: serde_json::Value = serde_json::from_slice(&response.output).unwrap();
    assert_eq!(
        description["inputs"]["parts"],
        serde_json::json!(["title", "description"])
    );
    assert_eq!(
        description["classes"],
        serde_json::json!(["World", "Sports", "Business", "Sci/Tech"])
    );
    assert!(description["metrics"]["test_accuracy"].as_f64().unwrap() > 0.9);
}

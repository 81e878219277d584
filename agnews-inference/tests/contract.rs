//! The contract of the module, case by case: the same table for the native program, for the module that Cargo
//! builds and for the one that `pack` makes, in three hosts.
//!
//! On a machine without `wasmtime` or Node their part is left out; with the variable `CI` set it is an error.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use testing::contract::Case;

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

testing::contract_tests! {
    name: "agnews-inference",
    model: "../../artifacts/agnews/model.safetensors",
    memory: 2 * 1024 * 1024,
    size: 1_600_000,
    cases: cases(),
    more_cases: [],
    line: ARTICLE,
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
        let response = CONTRACT.native(&case).unwrap();
        assert_eq!(
            String::from_utf8(response.output).unwrap().trim_end(),
            class,
            "{headline}"
        );
    }
}

#[test]
fn describe_tells_what_the_module_takes_and_gives() {
    let description = CONTRACT.description().unwrap();
    let text = &description["input"]["text"];
    assert_eq!(text["parts"][0]["name"], "title");
    assert_eq!(text["parts"][1]["name"], "description");
    assert_eq!(text["tokenizer"]["words"]["hash_buckets"], 1 << 23);
    assert_eq!(
        description["output"]["classes"],
        serde_json::json!(["World", "Sports", "Business", "Sci/Tech"])
    );
    assert!(description["metrics"]["test_accuracy"].as_f64().unwrap() > 0.9);
}

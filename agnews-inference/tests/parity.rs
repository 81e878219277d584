//! The module against Burn's own forward pass of the same weights, on articles of any length,
//! natively and in the sandbox.

#![allow(clippy::unwrap_used, reason = "a test may fail")]
#![cfg(feature = "burn")]

use std::path::Path;

use testing::{Embedded, Request, answers};

/// How far two probabilities may be apart; the printed ones are rounded to 6 decimals.
const TOLERANCE: f64 = 1e-5;

/// Articles as a stream: sentences of words that news are made of.
fn stream() -> Vec<u8> {
    const WORDS: [&str; 16] = [
        "the",
        "president",
        "shares",
        "game",
        "software",
        "of",
        "says",
        "team",
        "profit",
        "war",
        "new",
        "internet",
        "oil",
        "coach",
        "space",
        "zyxwv",
    ];
    let article = |index: usize| {
        let words = |count: usize| -> Vec<&str> {
            (0..count)
                .map(|step| WORDS[(index * (step + 7) + step * step) % WORDS.len()])
                .collect()
        };
        let (title, description) = (words(1 + index % 9).join(" "), words(index % 150).join(" "));
        serde_json::json!({"title": title, "description": description}).to_string() + "\n"
    };
    (0..160).map(article).collect::<String>().into_bytes()
}

#[test]
fn frozen_and_burn_agree_natively_and_in_the_sandbox() {
    let (folder, temporary) = (env!("CARGO_MANIFEST_DIR"), env!("CARGO_TARGET_TMPDIR"));
    let input = stream();
    let request = Request {
        arguments: &["--json", "-"],
        input: &input,
    };
    let burn_natively = Path::new(env!("CARGO_BIN_EXE_agnews-inference"));
    let burn_natively = testing::native(burn_natively, request).unwrap();
    assert_eq!(burn_natively.code, 0);
    let frozen_in_sandbox = Embedded::open(&testing::build(folder, temporary).unwrap())
        .unwrap()
        .run(request)
        .unwrap();
    let apart = answers::apart(&burn_natively.output, &frozen_in_sandbox.output).unwrap();
    assert!(apart <= TOLERANCE, "{apart}");
    assert!(frozen_in_sandbox.output.starts_with(b"{\"class\": "));

    let reference = testing::build_reference(folder, temporary).unwrap();
    let Some(burn_in_sandbox) = testing::wasmtime(&reference, None, request).unwrap() else {
        assert!(
            std::env::var_os("CI").is_none(),
            "wasmtime is not installed"
        );
        eprintln!("wasmtime is not installed: Burn in the sandbox is left out");
        return;
    };
    let apart = answers::apart(&burn_in_sandbox.output, &frozen_in_sandbox.output).unwrap();
    assert!(apart <= TOLERANCE, "{apart}");
}

//! The module against Burn's own forward pass of the same weights, on every wine of the data set,
//! natively and in the sandbox.

#![allow(clippy::unwrap_used, reason = "a test may fail")]
#![cfg(feature = "burn")]

use std::path::Path;

use testing::{Embedded, Request, answers};

/// How far two numbers may be apart, in points of quality: the rounding of floats of their size.
const TOLERANCE: f64 = 1e-4;

/// The wines as a stream of JSON objects.
fn stream() -> Vec<u8> {
    let file = include_str!("../../wine-quality/datasets/winequality-red.csv");
    let object = |line: &str| {
        let members = wine_quality::input::FIELDS.iter().zip(line.split(','));
        let members: Vec<_> = members
            .map(|(field, number)| format!("\"{}\": {number}", field.name))
            .collect();
        format!("{{{}}}\n", members.join(", "))
    };
    let stream: String = file.lines().skip(1).map(object).collect();
    assert_eq!(stream.lines().count(), 1599);
    stream.into_bytes()
}

#[test]
fn frozen_and_burn_agree_natively_and_in_the_sandbox() {
    let (folder, temporary) = (env!("CARGO_MANIFEST_DIR"), env!("CARGO_TARGET_TMPDIR"));
    let input = stream();
    let request = Request {
        arguments: &["--json", "-"],
        input: &input,
    };
    let burn_natively = Path::new(env!("CARGO_BIN_EXE_wine-quality-inference"));
    let burn_natively = testing::native(burn_natively, request).unwrap();
    assert_eq!(burn_natively.code, 0);
    let frozen_in_sandbox = Embedded::open(&testing::build(folder, temporary).unwrap())
        .unwrap()
        .run(request)
        .unwrap();
    let apart = answers::apart(&burn_natively.output, &frozen_in_sandbox.output).unwrap();
    assert!(apart <= TOLERANCE, "{apart}");
    assert!(frozen_in_sandbox.output.starts_with(b"{\"quality\": "));

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

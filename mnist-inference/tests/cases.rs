//! Inputs from the field, and what the program says to them.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fmt::Write;
use std::path::Path;

use convert_image::{ConvertError, Inversion, convert_each, read};
use testing::{Request, cases, native};

#[test]
fn json_from_the_field_is_answered_or_refused_with_a_way_out() {
    let Some(json) = cases::folder("json") else {
        return;
    };
    let program = Path::new(env!("CARGO_BIN_EXE_mnist-inference"));
    let is_mine = |name: &str| name.starts_with("digit-");
    testing::assert_snapshot!(cases::outcomes(program, &json, is_mine).unwrap());
}

/// What each picture shows, as `convert-image` and the program see it.
#[test]
fn pictures_from_the_field_are_read_or_refused_with_a_way_out() {
    let Some(pictures) = cases::folder("pictures") else {
        return;
    };
    let program = Path::new(env!("CARGO_BIN_EXE_mnist-inference"));
    let mut text = String::new();
    for path in cases::entries(&pictures).unwrap() {
        let bytes = std::fs::read(&path).unwrap();
        let read = read::bytes(&bytes[..]).map_err(ConvertError::from);
        let outcome = match read.and_then(|bytes| convert_each(&bytes, Inversion::Detect)) {
            Err(error) => format!("refused: {error}"),
            Ok(digits) => {
                let lines: Vec<_> = digits.iter().map(ToString::to_string).collect();
                let input = lines.join("\n");
                let request = Request {
                    arguments: &["-"],
                    input: input.as_bytes(),
                };
                let answers = native(program, request).unwrap().output;
                String::from_utf8_lossy(&answers)
                    .trim_end()
                    .replace('\n', ", ")
            }
        };
        writeln!(text, "{}: {outcome}", cases::name(&path)).unwrap();
    }
    testing::assert_snapshot!(text);
}

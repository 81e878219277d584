//! Inputs from the field, and what the program says to them.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::path::Path;

use testing::cases;

#[test]
fn json_from_the_field_is_answered_or_refused_with_a_way_out() {
    let Some(json) = cases::folder("json") else {
        return;
    };
    let program = Path::new(env!("CARGO_BIN_EXE_agnews-inference"));
    let is_mine = |name: &str| name.starts_with("news-");
    testing::assert_snapshot!(cases::outcomes(program, &json, is_mine).unwrap());
}

//! The trainers on the flowers that come with them, and what they reach.

#![allow(clippy::unwrap_used, reason = "a test may fail")]
#![allow(dead_code, reason = "each test uses a part of it")]

use std::path::Path;

use serde_json::Value;
use testing::trainer::{Trainer, json};

pub const fn trainer(program: &str) -> Trainer<'_> {
    Trainer {
        program,
        settings: &[],
        data: None,
    }
}

pub fn report(folder: &Path) -> Value {
    json(folder, "report.json")
}

/// How many of the 30 test flowers the model in `folder` gets right.
pub fn right(folder: &Path) -> i64 {
    (report(folder)["test"]["metrics"]["accuracy"]
        .as_f64()
        .unwrap()
        * 30.0)
        .round() as i64
}

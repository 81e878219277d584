//! The trainers on the wines that come with them, and what they reach.

#![allow(clippy::unwrap_used, reason = "a test may fail")]
#![allow(dead_code, reason = "each test uses a part of it")]

use std::path::Path;

use serde_json::Value;
use testing::trainer::{Trainer, json};

/// Settings of a short run, where steps and not figures are in question.
pub const SHORT: [&str; 2] = ["--epochs", "12"];

pub const fn trainer<'a>(program: &'a str, settings: &'a [&'a str]) -> Trainer<'a> {
    Trainer {
        program,
        settings,
        data: None,
    }
}

pub fn figure(report: &Value, name: &str) -> f64 {
    report["test"]["metrics"][name].as_f64().unwrap()
}

/// Error on the wines of the test part.
pub fn rmse(folder: &Path) -> f64 {
    figure(&json(folder, "report.json"), "rmse")
}

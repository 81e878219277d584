//! The inference modules of the workspace.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::shell;

/// A flower, and its species.
pub const FLOWER: &str =
    r#"{"sepal_length": 7.0, "sepal_width": 3.2, "petal_length": 4.7, "petal_width": 1.4}"#;

/// The digit of the blog post, a four.
pub const DIGIT: &str = include_str!("../../mnist-inference/tests/blog.json");

/// Names of all inference crates in the workspace `root`, sorted: they are told by their names.
pub fn names(root: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with("-inference") && entry.path().join("Cargo.toml").is_file() {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// Where a plain release build leaves the module `name`.
pub fn path(name: &str) -> PathBuf {
    let folder = shell::target().join(shell::WASI).join("release");
    folder.join(format!("{name}.wasm"))
}

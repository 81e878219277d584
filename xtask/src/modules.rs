//! The inference modules of the workspace.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::shell;

/// A flower, and its species.
pub const FLOWER: &str =
    r#"{"sepal_length": 7.0, "sepal_width": 3.2, "petal_length": 4.7, "petal_width": 1.4}"#;

/// A wine of middling quality.
pub const WINE: &str = r#"{"fixed_acidity": 7.4, "volatile_acidity": 0.7, "citric_acid": 0, "residual_sugar": 1.9, "chlorides": 0.076, "free_sulfur_dioxide": 11, "total_sulfur_dioxide": 34, "density": 0.9978, "pH": 3.51, "sulphates": 0.56, "alcohol": 9.4}"#;

/// An article of some forty words, as news mostly are.
pub const ARTICLE: &str = r#"{"title": "Late goal sends Ajax to the final", "description": "A header in the last minute of the match won the cup tie for the visitors on Tuesday night, after the home side had missed two penalties and lost their captain to an injury before the break."}"#;

/// The digit of the blog post, a four.
pub const DIGIT: &str = include_str!("../../mnist-inference/tests/blog.json");

/// Names of all inference crates in the workspace `root`, sorted: they are told by their names.
///
/// # Errors
///
/// If the folder cannot be read.
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

/// The model file of the module `name`.
pub fn model(name: &str) -> PathBuf {
    let algorithm = name.trim_end_matches("-inference");
    let artifacts = shell::root().join("artifacts");
    artifacts.join(algorithm).join("model.safetensors")
}

//! What several tests of the workspace need.

#![allow(dead_code, reason = "not every test needs all of it")]

pub mod quick;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use pack::Form;
use xtask::shell;

/// The shipped models.
pub const MODELS: [&str; 4] = ["agnews", "iris", "mnist", "wine-quality"];
/// The forms of each in [`MODULES`].
pub const FORMS: [Form; 2] = [Form::Command, Form::Library];

/// A folder with a command and a library of each of the [`MODELS`].
pub static MODULES: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    for name in MODELS {
        let artifacts = shell::root().join("artifacts").join(name);
        let model = fs::read(artifacts.join("model.safetensors")).unwrap();
        for form in FORMS {
            let file = folder.path().join([name, form.suffix()].concat());
            fs::write(file, pack::pack_as(form, &model).unwrap()).unwrap();
        }
    }
    folder
});

/// The tests in `folder` that Node runs.
pub fn node_tests(folder: &Path) -> Vec<PathBuf> {
    let mut tests: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(".test.js"))
        .collect();
    tests.sort();
    assert!(tests.len() > 3, "{tests:?}");
    tests
}

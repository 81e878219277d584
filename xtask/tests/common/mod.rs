//! What several tests of the workspace need.

#![allow(dead_code, reason = "not every test needs all of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use pack::Form;
use testing::trainer::succeeded;
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

/// Builds the trainers `names` as modules, or all of them and the small modules if none are named, which import what they
/// may; returns the folder with the trainers. How quick they are decides nothing: the models are the same.
pub fn quick_trainers(names: &[&str]) -> PathBuf {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["wasm", "--quick"]).args(names);
    let listing = succeeded(&command.output().unwrap());
    // The small modules come first, and lie elsewhere.
    let mut files = listing
        .lines()
        .filter_map(|line| line.strip_prefix("  file "));
    Path::new(files.next_back().unwrap().trim())
        .parent()
        .unwrap()
        .to_owned()
}

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

//! What several tests of the workspace need.

use std::path::{Path, PathBuf};
use std::process::Command;

use testing::trainer::succeeded;

/// Builds the trainers `names` as modules, or all of them and the small modules if none are named, which import what they
/// may; returns the folder with them. How quick they are decides nothing: the models are the same.
pub fn quick_trainers(names: &[&str]) -> PathBuf {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(["wasm", "--quick"]).args(names);
    let listing = succeeded(&command.output().unwrap());
    let file = listing
        .lines()
        .find_map(|line| line.strip_prefix("  file "));
    Path::new(file.unwrap().trim()).parent().unwrap().to_owned()
}

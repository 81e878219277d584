//! The packages for other languages, where these are installed.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{NODE, python};

/// The module that the package for Python stands on.
pub const WASMTIME: &str = "wasmtime";

/// The folder `packages`.
#[must_use]
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packages")
}

/// The program that gives calls to a library through the package for each language. Its argument is the library's file, still
/// to be added; calls come in on standard input, and their outcomes out on standard output, both as JSON.
#[must_use]
pub fn drivers() -> Vec<Command> {
    let mut drivers = Vec::new();
    if NODE.can_be_tested() {
        let mut node = Command::new(NODE.name);
        node.arg(folder().join("js/test/contract.js"));
        drivers.push(node);
    }
    if let Some(mut python) = python(&[WASMTIME]) {
        python.arg(folder().join("python/tests/contract.py"));
        drivers.push(python);
    }
    drivers
}

/// `python3`, which can import the package, if there are all of the modules `needed`. Its arguments are still to be added.
///
/// # Panics
///
/// If one is missing and the variable `CI` is set.
#[must_use]
pub fn python(needed: &[&str]) -> Option<Command> {
    if !needed
        .iter()
        .all(|name| python::script(name, &[]).is_some())
    {
        return None;
    }
    let mut command = Command::new("python3");
    let mut paths = vec![folder().join("python/src")];
    paths.extend(env::split_paths(
        &env::var_os("PYTHONPATH").unwrap_or_default(),
    ));
    command.env("PYTHONPATH", env::join_paths(paths).unwrap_or_default());
    Some(command)
}

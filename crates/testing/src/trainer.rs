//! Runs trainers as programs: what they write, what they refuse, and that a killed run resumes. For tests
//! alone: whatever goes wrong is a panic.

#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a test may fail"
)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

pub use tempfile::TempDir;

/// A fresh folder, which goes when it is dropped.
#[must_use]
pub fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// The model that a run has left in `folder`.
#[must_use]
pub fn model(folder: &Path) -> Vec<u8> {
    fs::read(folder.join("model.safetensors")).unwrap()
}

/// The JSON file `name` that a run has left in `folder`.
#[must_use]
pub fn json(folder: &Path, name: &str) -> Value {
    serde_json::from_slice(&fs::read(folder.join(name)).unwrap()).unwrap()
}

/// Names of all files in `folder`, sorted.
#[must_use]
pub fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort_unstable();
    names
}

/// A trainer, and the arguments that it is always given.
#[derive(Debug, Clone, Copy)]
pub struct Trainer<'a> {
    /// The program.
    pub program: &'a str,
    /// The arguments; left out where a run is resumed.
    pub settings: &'a [&'a str],
    /// Where it reads; nothing for the data that it comes with.
    pub data: Option<&'a Path>,
}

impl Trainer<'_> {
    /// The command for a run with its artifacts in `folder`.
    #[must_use]
    pub fn command(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.program);
        command.arg("--artifacts").arg(folder).args(arguments);
        if let Some(data) = self.data {
            command.arg("--data").arg(data);
        }
        if !arguments.contains(&"--resume") {
            command.args(self.settings);
        }
        command
    }

    /// A run that should succeed; returns what it printed.
    pub fn train(&self, folder: &Path, arguments: &[&str]) -> String {
        succeeded(&self.command(folder, arguments).output().unwrap())
    }

    /// A run on a GPU: see [`trained_on_a_gpu`].
    #[must_use]
    pub fn trains_on_a_gpu(&self, folder: &Path, arguments: &[&str]) -> bool {
        trained_on_a_gpu(self.command(folder, arguments))
    }

    /// A run that should be refused, for the user's fault; returns what it said.
    #[must_use]
    pub fn refused(&self, folder: &Path, arguments: &[&str]) -> String {
        refused(self.command(folder, arguments), 2)
    }

    /// Starts a run and lets it go on until it has said that `epochs` epochs are over.
    #[must_use]
    pub fn started(&self, folder: &Path, epochs: usize) -> Child {
        let mut child = (self.command(folder, &[]))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let is_epoch = |line: &String| line.starts_with("epoch ");
        let said = (lines.by_ref().map(Result::unwrap).filter(is_epoch)).nth(epochs - 1);
        let said = said.unwrap();
        assert!(said.starts_with(&format!("epoch {epochs}/")), "{said}");
        // A closed pipe would end it in another way.
        std::thread::spawn(move || lines.for_each(drop));
        child
    }

    /// Kills runs after each of `epochs`, resumes them, and holds what comes out against a run that was
    /// left alone.
    pub fn survives_kills(&self, epochs: &[usize]) {
        let whole = folder();
        self.train(whole.path(), &[]);
        let written = names(whole.path());
        for epoch in epochs {
            let folder = folder();
            let mut child = self.started(folder.path(), *epoch);
            child.kill().unwrap();
            child.wait().unwrap();
            // It may have begun to write the next one.
            let mut left = names(folder.path());
            left.retain(|name| name != ".checkpoint.safetensors.partial");
            assert_eq!(left, ["checkpoint.safetensors"], "{epoch}");
            self.train(folder.path(), &["--resume"]);
            assert_eq!(
                model(folder.path()),
                model(whole.path()),
                "killed after epoch {epoch}"
            );
            assert_eq!(names(folder.path()), written, "the checkpoint is gone");
            let metrics = |folder: &TempDir| fs::read(folder.path().join("metrics.jsonl")).unwrap();
            assert_eq!(metrics(&folder), metrics(&whole));
        }
    }

    /// Runs the same command twice, and once with another seed.
    pub fn repeats_itself(&self) {
        let folders = [folder(), folder(), folder()];
        self.train(folders[0].path(), &[]);
        self.train(folders[1].path(), &["--quiet"]);
        self.train(folders[2].path(), &["--seed", "43"]);
        assert_eq!(model(folders[0].path()), model(folders[1].path()));
        assert_ne!(model(folders[0].path()), model(folders[2].path()));
    }
}

/// What a program that should have succeeded printed.
#[must_use]
pub fn succeeded(output: &Output) -> String {
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{error}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Checks that each of `lines` is a line of what a program `printed`.
pub fn assert_lines(printed: &str, lines: &[&str]) {
    for line in lines {
        let found = printed.lines().any(|printed| printed == *line);
        assert!(found, "{line}\n{printed}");
    }
}

/// What `command`, which should fail with `code`, said.
#[must_use]
pub fn refused(mut command: Command, code: i32) -> String {
    let output = command.output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{error}");
    error
}

/// Runs `command`, which trains on a GPU; false if it failed because there is none, nor one in software.
/// In continuous integration there has to be one.
#[must_use]
pub fn trained_on_a_gpu(mut command: Command) -> bool {
    let output = command.output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        return true;
    }
    assert!(
        std::env::var_os("CI").is_none()
            && (error.lines()).any(|line| line.starts_with("error: the backend wgpu failed: ")),
        "{error}"
    );
    eprintln!("there is no GPU, nor one in software: left out");
    false
}

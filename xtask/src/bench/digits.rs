//! The shipped MNIST module on digits of another data set, by way of `convert-image`.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use testing::{Request, wasmtime};

use super::frameworks;
use crate::shell;

/// Converts the digits that a script writes, and streams them through the module in wasmtime.
pub fn run() -> Result<()> {
    shell::need_wasi_target()?;
    let folder = shell::target().join("bench/digits");
    let script = shell::root().join("bench/digits/uci_digits.py");
    let status = Command::new(frameworks::python())
        .arg(script)
        .arg(&folder)
        .status();
    if !status.is_ok_and(|status| status.success()) {
        println!(
            "The digits of another data set are left out; `pip install scikit-learn` gets them."
        );
        return Ok(());
    }
    let mut pictures: Vec<_> = (fs::read_dir(&folder)?)
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    pictures.sort_unstable();

    let build = [
        "build",
        "--quiet",
        "--release",
        "--package",
        "convert-image",
    ];
    shell::run(shell::cargo().args(build))?;
    let converted = shell::command(shell::target().join("release/convert-image"))
        .args(&pictures)
        .output()?;
    let root = shell::root().join("mnist-inference");
    let temporary = shell::target().join("bench");
    let module = testing::build(&root.to_string_lossy(), &temporary.to_string_lossy())?;
    let request = Request {
        arguments: &["-"],
        input: &converted.stdout,
    };
    let response = wasmtime(&module, None, request)?.context("wasmtime is not installed")?;
    let answers = String::from_utf8(response.output)?;
    ensure!(answers.lines().count() == pictures.len(), "a line was lost");
    let right = (answers.lines().zip(&pictures))
        .filter(|(answer, picture)| {
            let name = picture.file_stem().unwrap_or_default().to_string_lossy();
            name.rsplit('-').next() == Some(*answer)
        })
        .count();
    println!(
        "UCI's digits through convert-image and mnist-inference.wasm: {right} of {} right, {:.1} %",
        pictures.len(),
        100.0 * right as f64 / pictures.len().max(1) as f64
    );
    Ok(())
}

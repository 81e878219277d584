//! The shipped MNIST module on digits of another data set, by way of `convert-image`, and on images
//! that show no digit.

mod non_digits;

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use datasets::mnist::Image;
use testing::answers::answers;
use testing::{Request, WASMTIME};

use super::{accuracy, frameworks};
use xtask::shell;

use non_digits::Numbers;

/// Streams the digits of another data set, and images without a digit, through the module in wasmtime.
pub fn run() -> Result<()> {
    shell::need_wasi_target()?;
    let root = shell::root().join("mnist-inference");
    let temporary = shell::target().join("bench");
    let module = testing::build(&root.to_string_lossy(), &temporary.to_string_lossy())?;
    other_digits(&module)?;
    without_a_digit(&module)
}

/// How certain the module is of images that show no digit.
fn without_a_digit(module: &Path) -> Result<()> {
    let mut numbers = Numbers::new(1);
    let mut kinds = vec![
        (
            "noise, each pixel on its own",
            non_digits::noise(&mut numbers),
        ),
        ("smooth noise", non_digits::smooth_noise(&mut numbers)),
        ("capital letters of straight strokes", non_digits::letters()),
    ];
    match accuracy::data("images") {
        Some(images) => kinds.push((
            "clothes of Fashion-MNIST",
            non_digits::clothes(&images.join("fashion-folder"))?,
        )),
        None => println!("Clothes are left out."),
    }
    println!(
        "| Images without a digit              | Images | Mean largest probability | Above 0.9 |"
    );
    println!(
        "|-------------------------------------|--------|--------------------------|-----------|"
    );
    for (kind, images) in kinds {
        let line = |image: &Image| serde_json::to_string(&image[..]).map(|line| line + "\n");
        let input: String = images.iter().map(line).collect::<Result<_, _>>()?;
        let request = Request {
            arguments: &["--json", "-"],
            input: input.as_bytes(),
        };
        let response = WASMTIME.run(module, None, request)?;
        let answers = answers(&response.output).context("the module gave no answer to a line")?;
        ensure!(answers.len() == images.len(), "a line was lost");
        let largest: Vec<f64> = (answers.iter())
            .map(|answer| answer.probabilities.iter().copied().fold(0.0, f64::max))
            .collect();
        let count = largest.len().max(1) as f64;
        let mean = largest.iter().sum::<f64>() / count;
        let certain = largest.iter().filter(|largest| **largest > 0.9).count() as f64 / count;
        println!(
            "| {kind:35} | {:6} | {mean:24.3} | {:7.1} % |",
            largest.len(),
            100.0 * certain
        );
    }
    Ok(())
}

/// Converts the digits that a script writes, and gives them to the module.
fn other_digits(module: &Path) -> Result<()> {
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
    let request = Request {
        arguments: &["-"],
        input: &converted.stdout,
    };
    let response = WASMTIME.run(module, None, request)?;
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

//! `cargo xtask demo`: from nothing to a prediction in the sandbox.

use std::fs;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use testing::{Embedded, Request, WASMTIME};
use xtask::modules::FLOWER;
use xtask::shell;

/// Trains into a folder of its own, so that the artifacts of the repository stay as they are.
pub fn run() -> Result<()> {
    let started = Instant::now();
    let artifacts = shell::target().join("demo/artifacts");
    let iris = artifacts.join("iris");

    title(
        "1. Build the trainer, with little optimisation. Burn takes some two minutes the first time; `cargo build --release` makes \
         a faster trainer, and takes longer.",
    );
    let build = ["build", "--package", "iris", "--features", "iris/ndarray"];
    shell::run(shell::cargo().args(build))?;
    title("2. Train.");
    let trainer = shell::target().join("debug/iris-ndarray");
    shell::run(shell::command(trainer).arg("--artifacts").arg(&iris))?;
    let shipped = fs::read(shell::root().join("artifacts/iris/model.safetensors"));
    let fresh = fs::read(iris.join("model.safetensors"))?;
    println!("The model has {} bytes.", fresh.len());
    println!(
        "{}",
        match shipped {
            Ok(bytes) if bytes == fresh => "It is byte for byte the one in artifacts/iris.",
            _ =>
                "The one in artifacts/iris was trained in the sandbox, where every processor computes the same digits; \
                 this one may differ in the last of them.",
        }
    );

    title("3. Look at the module that the trainer has written.");
    let module = iris.join("iris-inference.wasm");
    let inspection = pack::inspect(&fs::read(&module)?)?;
    println!(
        "The module has {} bytes, and all it can do to its host is:\n  {}",
        fs::metadata(&module)?.len(),
        inspection.imports.join("\n  ")
    );

    title("4. Predict in the sandbox.");
    let arguments = ["--json", FLOWER];
    let request = Request {
        arguments: &arguments,
        input: b"",
    };
    let (host, response) = match WASMTIME.is_installed() {
        true => ("wasmtime", WASMTIME.run(&module, None, request)?),
        false => (
            "the embedded interpreter",
            Embedded::open(&module)?.run(request)?,
        ),
    };
    println!(
        "The command, in {host}:\n$ wasmtime {} --json '{FLOWER}'",
        module.display()
    );
    let answer = String::from_utf8(response.output)?;
    print!("{answer}");
    let error = String::from_utf8_lossy(&response.error).into_owned();
    ensure!(response.code == 0, "the module failed: {error}");
    let answer: serde_json::Value = serde_json::from_str(&answer).context("not JSON")?;
    ensure!(
        answer["class"] == "Iris-versicolor",
        "that is the wrong flower"
    );
    println!(
        "\nDone in {:.0} s. The prediction ran in {host}; the pictures are in {}.",
        started.elapsed().as_secs_f64(),
        iris.display()
    );
    Ok(())
}

fn title(text: &str) {
    println!("\n{text}");
}

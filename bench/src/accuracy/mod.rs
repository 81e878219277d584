//! The accuracy of the shipped modules: test rows streamed through them in wasmtime, and Burn's word on
//! the same.

mod digits;
mod news;

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use testing::answers::{Answer, answers};
use testing::{Request, WASMTIME};
use xtask::shell;

/// Measures every module whose data set is here.
pub fn run() -> Result<()> {
    shell::need_wasi_target()?;
    if !WASMTIME.is_installed() {
        println!("The command wasmtime is not installed: nothing is measured.");
        return Ok(());
    }
    if let Some(folder) = data("mnist") {
        digits::run(&folder)?;
    }
    if let Some(folder) = data("ag_news_csv") {
        news::run(&folder)?;
    }
    Ok(())
}

/// Streams `input` through the module `name` in wasmtime.
fn stream(name: &str, input: &[u8]) -> Result<Vec<Answer>> {
    let root = shell::root().join(name);
    let temporary = shell::target().join("bench");
    let module = testing::build(&root.to_string_lossy(), &temporary.to_string_lossy())?;
    let response = WASMTIME.run(&module, None, request(input))?;
    answers(&response.output).with_context(|| format!("{name} answers something else"))
}

/// Streams `input` through the same model with Burn's forward pass, in wasmtime as well.
fn stream_with_burn(name: &str, input: &[u8]) -> Result<Vec<Answer>> {
    let response = WASMTIME.run(&super::modules::twin(name)?, None, request(input))?;
    answers(&response.output).context("Burn answers something else")
}

fn request(input: &[u8]) -> Request<'_> {
    Request {
        arguments: &["--json", "-"],
        input,
    }
}

/// Prints how many of `answers` name the right one of `classes`.
fn report(name: &str, answers: &[Answer], classes: &[String]) -> Result<()> {
    let rows = classes.len();
    ensure!(
        answers.len() == rows,
        "{name}: {} answers for {rows} rows",
        answers.len()
    );
    let pairs = answers.iter().zip(classes);
    let right = pairs
        .filter(|(answer, class)| answer.class == **class)
        .count();
    let share = 100.0 * right as f64 / rows.max(1) as f64;
    println!("{name}: {right} of {rows} right, {share:.2} %");
    Ok(())
}

/// Where a data set is: in the folder that `BURN_ALGORITHMS_DATA` names, or where a trainer's `--download`
/// puts it. Says so if it is not there.
pub fn data(name: &str) -> Option<PathBuf> {
    let named = std::env::var_os("BURN_ALGORITHMS_DATA").map(PathBuf::from);
    let folder = named
        .unwrap_or_else(|| shell::root().join("data"))
        .join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    println!(
        "There is no folder `{}`: what is measured on it is left out; a trainer's --download makes it.",
        folder.display()
    );
    None
}

//! Modules beside their twins with Burn inside.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::measure::{Spread, Subject, interleaved};
use crate::{modules, shell};

/// Lines of the stream that throughput is measured on.
const LINES: usize = 30_000;

/// What a module is asked for its cold start.
fn example(name: &str) -> Result<&'static str> {
    match name {
        "iris-inference" => Ok(
            r#"{"sepal_length": 7.0, "sepal_width": 3.2, "petal_length": 4.7, "petal_width": 1.4}"#,
        ),
        _ => bail!("{name} has no example"),
    }
}

/// Measures every module.
pub fn run(runs: u32) -> Result<()> {
    shell::need_wasi_target()?;
    if !shell::is_installed("wasmtime") {
        println!("The command wasmtime is not installed: modules are left out.");
        return Ok(());
    }
    for name in modules::names(&shell::root())? {
        compare(&name, runs)?;
    }
    Ok(())
}

fn compare(name: &str, runs: u32) -> Result<()> {
    let folder = shell::root().join(name);
    let (folder, below_target) = (folder.to_string_lossy(), shell::target().join("bench"));
    let below_target = below_target.to_string_lossy();
    let module = wasm_host::build(&folder, &below_target)?;
    let reference = wasm_host::build_reference(&folder, &below_target)?;
    let example = example(name)?;
    let stream = shell::target().join("bench/stream.jsonl");
    fs::create_dir_all(shell::target().join("bench"))?;
    fs::write(&stream, format!("{example}\n").repeat(LINES))?;

    // Without the cache each start compiles the module, as a host does that sees it first.
    let cold = |label: &str, path: &Path| subject(label, path, &["-Ccache=n"], example, None);
    let streaming = |label: &str, path: &Path, input| subject(label, path, &[], "-", Some(input));
    let times = interleaved(
        &[
            cold("module", &module),
            cold("reference", &reference),
            streaming("module, streaming", &module, &stream),
            streaming("reference, streaming", &reference, &stream),
        ],
        runs,
    )?;
    let [cold, cold_reference, stream, stream_reference] = times.as_slice() else {
        bail!("four subjects were timed")
    };

    println!(
        "\n{name}, and the same with Burn's forward pass; median of {runs} runs in wasmtime\n"
    );
    println!(
        "|                          | module                   | with Burn                | ratio |"
    );
    println!(
        "|--------------------------|--------------------------|--------------------------|-------|"
    );
    let size = |path: &PathBuf| -> Result<f64> { Ok(fs::metadata(path)?.len() as f64) };
    let (ours, theirs) = (size(&module)?, size(&reference)?);
    row("Size, bytes", ours, theirs, |bytes| format!("{bytes:.0}"));
    spread("Cold start, CPU ms", cold.cpu(), cold_reference.cpu());
    spread("Cold start, wall ms", cold.wall(), cold_reference.wall());
    // Less the start, which the compilation cache keeps short but not free, this is the work.
    spread(
        &format!("{LINES} predictions, CPU ms"),
        stream.cpu(),
        stream_reference.cpu(),
    );
    Ok(())
}

fn subject<'a>(
    label: &str,
    module: &Path,
    options: &'a [&str],
    argument: &'a str,
    input: Option<&'a Path>,
) -> Subject<'a> {
    let module = module.to_path_buf();
    Subject {
        name: label.to_owned(),
        command: Box::new(move || {
            let mut command = shell::command("wasmtime");
            command.arg("run").args(options).arg(&module).arg(argument);
            command
        }),
        input,
    }
}

fn row(name: &str, ours: f64, theirs: f64, show: impl Fn(f64) -> String) {
    println!(
        "| {name:<24} | {:<24} | {:<24} | {:<5.3} |",
        show(ours),
        show(theirs),
        ours / theirs
    );
}

fn spread(name: &str, ours: Spread, theirs: Spread) {
    let ratio = ours.median / theirs.median;
    println!("| {name:<24} | {ours:<24} | {theirs:<24} | {ratio:<5.3} |");
}

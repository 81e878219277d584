//! What a step of the MNIST network takes.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::{Trainer, data, script};
use crate::measure::Spread;
use xtask::shell;

/// Numbers of threads.
const THREADS: [u32; 2] = [2, 1];
/// Runs of each program.
const RUNS: usize = 3;
/// Steps that the `PyTorch` program takes the median of.
const STEPS: u32 = 100;
/// Images of a step, in trainer and script alike.
const BATCH: u64 = 64;
/// Images of an epoch: all that are not for validation.
const IMAGES: u64 = 55_000;
/// Steps of an epoch.
const EPOCH: f64 = IMAGES.div_ceil(BATCH) as f64;

const MEBIBYTE: f64 = 1_048_576.0;

/// What a run came to.
struct Figures {
    /// Duration of a step, in milliseconds.
    step: f64,
    /// The most memory that the process had, in bytes; not a number where the system does not tell.
    memory: f64,
}

/// A program that can be run on a number of threads.
struct Program<'a> {
    name: &'a str,
    run: Box<dyn Fn(u32) -> Result<Figures> + 'a>,
}

/// Runs the trainers and the `PyTorch` program in turn, where the data set is there.
pub fn run(pytorch: Option<&str>) -> Result<()> {
    let Some(folder) = data("mnist")? else {
        return Ok(());
    };
    let data = folder.as_path();
    let trainers = Trainer::build_all("mnist")?;
    let mut programs = Vec::new();
    for trainer in &trainers {
        programs.push(Program {
            name: &trainer.name,
            run: Box::new(move |threads| train(trainer, data, threads)),
        });
    }
    if let Some(name) = pytorch {
        programs.push(Program {
            name,
            run: Box::new(move |threads| reference(data, threads)),
        });
    }
    let measured: Vec<_> = (THREADS.into_iter())
        .map(|threads| Ok((threads, in_turn(&programs, threads)?)))
        .collect::<Result<_>>()?;

    println!(
        "\nA step of the MNIST network on {BATCH} images; median of {RUNS} runs. A trainer's step \
         is its share of an\nepoch, with augmentation, averaging of weights, validation and \
         calibration. PyTorch's is forward,\nbackward and optimiser alone, which favours it; its \
         epoch is that many steps.\n"
    );
    println!(
        "| Program             | Threads | Step, ms               | Ratio | Peak MiB | Epoch, s |"
    );
    println!(
        "|---------------------|---------|------------------------|-------|----------|----------|"
    );
    for (threads, figures) in &measured {
        let rival = pytorch.and(figures.last()).map(Vec::as_slice);
        for (program, figures) in programs.iter().zip(figures) {
            row(program.name, *threads, figures, rival);
        }
    }
    Ok(())
}

/// Runs all programs several times, one after the other; the figures of each.
fn in_turn(programs: &[Program<'_>], threads: u32) -> Result<Vec<Vec<Figures>>> {
    let mut figures: Vec<Vec<_>> = programs.iter().map(|_| Vec::new()).collect();
    for _ in 0..RUNS {
        for (program, figures) in programs.iter().zip(&mut figures) {
            figures.push((program.run)(threads)?);
        }
    }
    Ok(figures)
}

/// Trains for an epoch.
fn train(trainer: &Trainer, data: &Path, threads: u32) -> Result<Figures> {
    let threads = threads.to_string();
    let mut command = trainer.command(data);
    command
        .args(["--epochs", "1", "--quiet"])
        .env("RAYON_NUM_THREADS", &threads)
        .env("MATMUL_NUM_THREADS", &threads)
        .stdout(Stdio::null());
    shell::run(&mut command)?;
    let path = trainer.artifacts.join("report.json");
    let report = fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let report: Value = serde_json::from_slice(&report)?;
    let images = &report["rows"]["train"];
    ensure!(
        images == IMAGES,
        "{} trained on {images} images, not on {IMAGES}",
        trainer.name
    );
    let seconds = number(&report, "training_seconds")?;
    Ok(Figures {
        step: 1000.0 * seconds / EPOCH,
        memory: report["peak_memory_bytes"].as_f64().unwrap_or(f64::NAN),
    })
}

/// Takes some steps in `PyTorch`.
fn reference(data: &Path, threads: u32) -> Result<Figures> {
    let name = "mnist_training.py";
    let output = script(name)
        .arg(data)
        .args([threads.to_string(), STEPS.to_string()])
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot run {name}"))?;
    ensure!(output.status.success(), "{name} failed");
    let figures: Value = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("{name} prints something else than its figures"))?;
    Ok(Figures {
        step: number(&figures, "milliseconds_a_step")?,
        memory: number(&figures, "peak_memory_bytes")?,
    })
}

fn number(figures: &Value, name: &str) -> Result<f64> {
    let number = figures.get(name).and_then(Value::as_f64);
    number.with_context(|| format!("the figures lack `{name}`"))
}

/// Prints `ours`, and how it compares with `theirs`, run by run.
fn row(name: &str, threads: u32, ours: &[Figures], theirs: Option<&[Figures]>) {
    let step = spread(ours.iter().map(|figures| figures.step));
    let ratio = theirs.map_or_else(String::new, |theirs| {
        let ratios = ours
            .iter()
            .zip(theirs)
            .map(|(our, their)| our.step / their.step);
        format!("{:.3}", spread(ratios).median)
    });
    let memory = spread(ours.iter().map(|figures| figures.memory)).median / MEBIBYTE;
    let epoch = step.median * EPOCH / 1000.0;
    println!(
        "| {name:<19} | {threads:<7} | {step:<22} | {ratio:<5} | {memory:<8.0} | {epoch:<8.1} |"
    );
}

fn spread(values: impl Iterator<Item = f64>) -> Spread {
    let mut sorted: Vec<_> = values.collect();
    sorted.sort_by(f64::total_cmp);
    let at = |index: usize| sorted.get(index).copied().unwrap_or(f64::NAN);
    Spread {
        lowest: at(0),
        median: at(sorted.len() / 2),
        highest: at(sorted.len().saturating_sub(1)),
    }
}

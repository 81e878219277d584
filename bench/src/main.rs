//! `cargo xtask bench`: measures on this machine, each figure beside its rival's in the same run.

mod accuracy;
mod build;
mod digits;
mod frameworks;
mod hosts;
mod inference;
mod measure;
mod modules;
mod tables;
mod training;

use std::process::ExitCode;

use anyhow::{Result, ensure};
use clap::{Parser, ValueEnum};
use xtask::shell;

/// Measures modules and trainers on this machine, each beside its rival in the same run.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench", bin_name = "cargo xtask bench")]
struct Options {
    /// Parts to run, in place of `modules` and `train`.
    parts: Vec<Part>,
    /// Runs of each command that count; one more comes first and does not.
    #[arg(long, value_name = "N", default_value = "15", value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    #[command(flatten)]
    tables: tables::TableOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Size, cold start and throughput of each module, beside the same module with Burn inside.
    Modules,
    /// A step of MNIST and whole training runs, beside `PyTorch` doing the same work.
    #[value(alias = "training")]
    Train,
    /// Where a training step's time goes, and the least that each part could take.
    Kernels,
    /// Accuracy of the shipped modules on all test images and articles, beside Burn's; needs the data.
    Accuracy,
    /// The shipped MNIST module on digits of another data set, for which it needs Python and
    /// scikit-learn, and on images without a digit.
    Digits,
    /// Models of whole tables by the trainer for tables, beside scikit-learn's on the same folds; needs
    /// the data, and Python with scikit-learn and pandas. Takes half an hour, and less when repeated.
    Tables,
    /// A prediction of MNIST natively and in Wasm, beside ONNX Runtime, TensorFlow.js and `PyTorch`; needs Node, and Python
    /// with torch, onnx and onnxruntime.
    Inference,
    /// Shipped models in Python and Node, beside ONNX Runtime there; needs Node, and Python with torch, onnx,
    /// onnxruntime, wasmtime and numpy.
    Hosts,
    /// CPU time of a cold build of a trainer; takes minutes.
    Build,
}

fn main() -> ExitCode {
    xtask::exit_code(run(&Options::parse()))
}

/// Runs the benchmarks. Nothing else should run on the machine meanwhile.
fn run(options: &Options) -> Result<()> {
    let parts = match options.parts.as_slice() {
        [] => &[Part::Modules, Part::Train],
        parts => parts,
    };
    ensure!(
        parts.contains(&Part::Tables) || options.tables.is_empty(),
        "--folder and --table belong to the part `tables`; name it too"
    );
    for part in parts {
        match part {
            Part::Modules => modules::run(options.runs)?,
            Part::Train => training::run(options.runs)?,
            Part::Kernels => kernels()?,
            Part::Accuracy => accuracy::run()?,
            Part::Digits => digits::run()?,
            Part::Tables => tables::run(&options.tables)?,
            Part::Inference => inference::run()?,
            Part::Hosts => hosts::run()?,
            Part::Build => build::run()?,
        }
    }
    Ok(())
}

fn kernels() -> Result<()> {
    let run = ["run", "--quiet", "--release", "-p", "burn-cpu-ops"];
    let example = ["--features", "flex", "--example", "profile"];
    shell::run(shell::cargo().args(run).args(example))
}

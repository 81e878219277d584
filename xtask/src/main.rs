//! `cargo xtask …`: what is done with the workspace as a whole.

mod bench;
mod demo;
mod modules;
mod reproducible;
mod runners;
mod shell;
mod test;
mod wasm;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What is done with the workspace as a whole.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Options {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Train Iris and predict in the sandbox with the module that the trainer writes, in a few minutes.
    Demo,
    /// Everything that continuous integration checks.
    Test,
    /// Build every module, the same bytes from any folder, and print sizes, digests and imports.
    Wasm(wasm::Options),
    /// Build the runners that `pack` puts models into, the same bytes from any folder.
    Runners(runners::Options),
    /// Measure modules and trainers on this machine, each beside its rival in the same run.
    Bench(bench::Options),
}

fn main() -> ExitCode {
    let result = match Options::parse().task {
        Task::Demo => demo::run(),
        Task::Test => test::run(),
        Task::Wasm(options) => wasm::run(&options),
        Task::Runners(options) => runners::run(&options),
        Task::Bench(options) => bench::run(&options),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

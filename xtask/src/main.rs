//! `cargo xtask …`: what is done with the workspace as a whole.

mod arm;
mod component;
mod crates;
mod demo;
mod deny;
mod packages;
mod reproduce;
mod runners;
mod test;
mod wasm;
mod web;

use std::ffi::OsString;
use std::process::{ExitCode, exit};

use anyhow::Result;
use clap::{Parser, Subcommand};
use xtask::{exit_code, shell};

/// What is done with the workspace as a whole.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Options {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Train Iris and predict in the sandbox with the module that the trainer writes, in a few minutes.
    Demo,
    /// Check format, lints and documentation: what `test` begins with.
    Lint,
    /// Everything that continuous integration checks.
    Test,
    /// Build modules and trainers, the same bytes from any folder, and print sizes, digests and imports.
    Wasm(wasm::Options),
    /// Train the shipped models again in the sandbox, and compare the bytes.
    Reproduce(reproduce::Options),
    /// Build the runners that `pack` puts models into, the same bytes from any folder.
    Runners(runners::Options),
    /// Put the trainers for data of one's own into the packages for Python and JavaScript, for wheels and npm.
    Packages(packages::Options),
    /// Make the page to try and to train models in, in target/web, and serve it on this computer.
    Web(web::Options),
    /// Measure modules and trainers on this machine, each beside its rival in the same run.
    #[command(disable_help_flag = true)]
    Bench {
        /// See `cargo xtask bench --help`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    let result = match Options::parse().task {
        Task::Demo => demo::run(),
        Task::Lint => test::lint(),
        Task::Test => test::run(),
        Task::Wasm(options) => wasm::run(&options),
        Task::Reproduce(options) => reproduce::run(&options),
        Task::Runners(options) => runners::run(&options),
        Task::Packages(options) => packages::run(&options),
        Task::Web(options) => web::run(&options),
        Task::Bench { arguments } => bench(&arguments),
    };
    exit_code(result)
}

/// A program of its own: it needs the data sets and much else that would have to be compiled for every task.
fn bench(arguments: &[OsString]) -> Result<()> {
    let run = ["run", "--quiet", "--package", "bench", "--"];
    let status = shell::cargo().args(run).args(arguments).status()?;
    // The program has said what went wrong.
    exit(status.code().unwrap_or(1))
}

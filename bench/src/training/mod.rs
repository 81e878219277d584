//! Trainers beside `PyTorch` programs that do the same work.

mod steps;
mod whole;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::frameworks;
use xtask::shell;

/// The backends that run on the CPU.
const BACKENDS: [&str; 2] = ["flex", "ndarray"];

/// Measures a step of MNIST, and whole runs of the other algorithms.
pub fn run(runs: u32) -> Result<()> {
    let pytorch = pytorch();
    steps::run(pytorch.as_deref())?;
    whole::run(runs, pytorch.as_deref())
}

/// A trainer.
struct Trainer {
    /// What the program is called.
    name: String,
    program: PathBuf,
    /// The folder that it writes to.
    artifacts: PathBuf,
}

impl Trainer {
    /// Builds a trainer by the documented command.
    fn build(algorithm: &str, backend: &str) -> Result<Self> {
        let name = format!("{algorithm}-{backend}");
        let build = ["build", "--quiet", "--release"];
        let which = ["--bin", &name, "--features", backend];
        shell::run(shell::cargo().args(build).args(which))?;
        Ok(Self {
            program: shell::target().join("release").join(&name),
            artifacts: folder().join("artifacts").join(&name),
            name,
        })
    }

    /// The trainers of `algorithm`, one a backend.
    fn build_all(algorithm: &str) -> Result<Vec<Self>> {
        let build = |backend: &&str| Self::build(algorithm, backend);
        BACKENDS.iter().map(build).collect()
    }

    /// Trains on `data`.
    fn command(&self, data: &Path) -> Command {
        let mut command = shell::command(&self.program);
        command.arg("--data").arg(data);
        command.arg("--artifacts").arg(&self.artifacts);
        command
    }
}

/// For what the programs write.
fn folder() -> PathBuf {
    shell::target().join("bench")
}

/// The `PyTorch` program `name`, without arguments.
fn script(name: &str) -> Command {
    let mut command = Command::new(frameworks::python());
    command.arg(shell::root().join("bench/pytorch").join(name));
    command
}

/// `PyTorch`'s name and version; says how to get it if Python does not have it.
fn pytorch() -> Option<String> {
    let python = frameworks::python();
    let version = ["-c", "import torch; print(torch.__version__)"];
    let output = Command::new(&python).args(version).output().ok();
    let Some(output) = output.filter(|output| output.status.success()) else {
        println!(
            "\n{} has no torch: PyTorch is left out; `pip install -r \
             bench/pytorch/requirements.txt` gets it, the variable PYTHON names another.",
            python.to_string_lossy()
        );
        return None;
    };
    let version = String::from_utf8_lossy(&output.stdout);
    Some(format!("PyTorch {}", version.trim()))
}

/// The folder that has the data set `name` below it: the one that `BURN_ALGORITHMS_DATA` names, or
/// where `--download` puts it. Says so if there is none.
fn data(name: &str) -> Result<Option<PathBuf>> {
    let named = std::env::var_os("BURN_ALGORITHMS_DATA").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| shell::root().join("data"));
    // Trainers are started elsewhere.
    let folder = std::path::absolute(folder)?;
    let wanted = folder.join(name);
    if wanted.is_dir() {
        return Ok(Some(folder));
    }
    println!(
        "\nThere is no folder `{}`: what is measured on it is left out; a trainer's --download \
         makes it.",
        wanted.display()
    );
    Ok(None)
}

//! The documented training runs.

use anyhow::Result;

use super::measure::{Subject, interleaved};
use crate::shell;

const BACKENDS: [&str; 2] = ["ndarray", "flex"];

/// Times each trainer from start to exit, artifacts and pictures included.
pub fn run(runs: u32) -> Result<()> {
    let artifacts = shell::target().join("bench/artifacts");
    let mut subjects = Vec::new();
    for backend in BACKENDS {
        let name = format!("iris-{backend}");
        shell::run(shell::cargo().args([
            "build",
            "--quiet",
            "--release",
            "--bin",
            &name,
            "--features",
            backend,
        ]))?;
        let program = shell::target().join("release").join(&name);
        let artifacts = &artifacts;
        subjects.push(Subject {
            name,
            command: Box::new(move || {
                let mut command = shell::command(&program);
                command.arg("--artifacts").arg(artifacts);
                command
            }),
            input: None,
        });
    }
    let times = interleaved(&subjects, runs)?;
    println!("\nTraining, whole process, artifacts and pictures included; median of {runs} runs\n");
    println!("| Trainer      | Wall ms                  | CPU ms                   |");
    println!("|--------------|--------------------------|--------------------------|");
    for (subject, times) in subjects.iter().zip(times) {
        println!(
            "| {:<12} | {:<24} | {:<24} |",
            subject.name,
            times.wall(),
            times.cpu()
        );
    }
    Ok(())
}

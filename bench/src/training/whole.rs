//! What whole training runs take, from start to exit.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use super::{Trainer, data, folder, script};
use crate::measure::{Spread, Subject, interleaved};
use xtask::shell;

/// Runs, at most, of what takes minutes.
const LONG_RUNS: u32 = 1;

/// A training run.
struct Work {
    algorithm: &'static str,
    /// The `PyTorch` program that does the same.
    script: &'static str,
    /// What both read.
    data: PathBuf,
    /// Runs that count.
    runs: u32,
}

/// Times each trainer and `PyTorch` program, artifacts and pictures included.
pub fn run(runs: u32, pytorch: Option<&str>) -> Result<()> {
    let mut works = vec![
        Work {
            algorithm: "iris",
            script: "iris_training.py",
            data: shell::root().join("iris/datasets/Iris.csv"),
            runs,
        },
        Work {
            algorithm: "wine-quality",
            script: "wine_quality_training.py",
            data: shell::root().join("wine-quality/datasets/winequality-red.csv"),
            runs,
        },
    ];
    if let Some(data) = data("ag_news_csv")? {
        works.push(Work {
            algorithm: "agnews",
            script: "agnews_training.py",
            data,
            runs: runs.min(LONG_RUNS),
        });
    }
    fs::create_dir_all(folder())?;
    for work in &works {
        compare(work, pytorch)?;
    }
    Ok(())
}

fn compare(work: &Work, pytorch: Option<&str>) -> Result<()> {
    let trainers = Trainer::build_all(work.algorithm)?;
    let mut subjects: Vec<_> = (trainers.iter())
        .map(|trainer| Subject {
            name: trainer.name.clone(),
            command: Box::new(move || trainer.command(&work.data)),
            input: None,
        })
        .collect();
    if let Some(name) = pytorch {
        subjects.push(Subject {
            name: name.to_owned(),
            command: Box::new(move || {
                let mut command = script(work.script);
                command.arg(&work.data).arg(folder().join("weights.pt"));
                command
            }),
            input: None,
        });
    }
    let times = interleaved(&subjects, work.runs)?;
    let rival = pytorch.and(times.last()).map(|times| times.wall().median);

    println!(
        "\nTraining {} from start to exit; median of {} runs after one that does not count\n",
        work.algorithm, work.runs
    );
    println!(
        "| Program              | Wall s                   | Ratio | CPU s                    |"
    );
    println!(
        "|----------------------|--------------------------|-------|--------------------------|"
    );
    for (subject, times) in subjects.iter().zip(&times) {
        let wall = times.wall();
        let ratio = rival.map_or_else(String::new, |rival| format!("{:.3}", wall.median / rival));
        println!(
            "| {:<20} | {:<24} | {ratio:<5} | {:<24} |",
            subject.name,
            seconds(wall),
            seconds(times.cpu())
        );
    }
    Ok(())
}

/// Milliseconds, shown in seconds.
fn seconds(spread: Spread) -> String {
    let [median, lowest, highest] =
        [spread.median, spread.lowest, spread.highest].map(|time| time / 1000.0);
    format!("{median:.3} ({lowest:.3} to {highest:.3})")
}

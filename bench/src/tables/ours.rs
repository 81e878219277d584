//! What our trainer and its modules reach on a table.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use testing::{Request, WASMTIME};
use xtask::shell;

use super::rivals::Rivals;
use super::scores::Scores;
use super::table::Table;

/// Largest difference of the loss by the module from the one that the trainer reports of the same rows, relative:
/// sums of 32-bit numbers are rounded.
const TOLERANCE: f64 = 1e-4;
/// Smaller losses are compared as if they were this large.
const SMALL: f64 = 0.01;

/// The file of a fold that has its test rows as JSON lines.
const LINES: &str = "test.jsonl";

/// The trainer for tables.
pub struct Trainer {
    program: PathBuf,
}

/// Means over the folds.
pub struct Ours {
    /// By the module.
    pub scores: Scores,
    /// Wall time of a training run, from start to exit.
    pub seconds: f64,
    /// Size of the largest module.
    pub bytes: u64,
}

impl Trainer {
    /// Builds it.
    pub fn build() -> Result<Self> {
        let build = ["build", "--quiet", "--release", "--package", "tabular"];
        let which = ["--bin", "tabular-flex", "--features", "flex"];
        shell::run(shell::cargo().args(build).args(which))?;
        Ok(Self {
            program: shell::target().join("release/tabular-flex"),
        })
    }

    /// Trains on each fold of `table` with default settings, and has the module answer the test rows.
    pub fn cross_validate(&self, table: &Table, rivals: &Rivals, work: &Path) -> Result<Ours> {
        ensure!(
            rivals.folds.len() == table.rows(),
            "`{}` has {} rows, and scikit-learn read {}",
            table.name,
            table.rows(),
            rivals.folds.len()
        );
        let count = rivals.count();
        let (mut scores, mut seconds, mut bytes) = (Vec::new(), 0.0, 0);
        for fold in 0..count {
            let folder = folder(work, fold);
            fs::create_dir_all(&folder)?;
            let is_test = |row: usize| rivals.folds.get(row) == Some(&fold);
            table.write(&folder.join("train.csv"), |row| !is_test(row))?;
            table.write(&folder.join("test.csv"), is_test)?;
            let took = self.train(table, &folder)?;
            let module = module(&folder)?;
            let lines = table.lines(&fields(&module)?, is_test)?;
            fs::write(folder.join(LINES), &lines)?;
            let output = answers(&module, &["--json", "-"], lines.as_bytes())?;
            let truths = table.truths(is_test);
            let score = match rivals.is_number {
                true => Scores::of_numbers(&output, table.target(), &truths),
                false => Scores::of_classes(&output, &truths),
            };
            let score = score.with_context(|| format!("`{}`", module.display()))?;
            agrees(&folder, score.loss)?;
            let size = fs::metadata(&module)?.len();
            eprintln!(
                "{}: fold {} of {count}: loss {:.4}, {took:.1} s, {} KiB",
                table.name,
                fold + 1,
                score.loss,
                size.div_ceil(1024)
            );
            scores.push(score);
            seconds += took / count as f64;
            bytes = bytes.max(size);
        }
        Ok(Ours {
            scores: Scores::mean(&scores),
            seconds,
            bytes,
        })
    }

    /// Trains on the files in `folder`, and returns the seconds.
    fn train(&self, table: &Table, folder: &Path) -> Result<f64> {
        let mut command = shell::command(&self.program);
        command.arg("--data").arg(folder.join("train.csv"));
        command.arg("--test").arg(folder.join("test.csv"));
        command.arg("--artifacts").arg(folder.join("artifacts"));
        command.args(["--quiet", "--name", "model", "--target", table.target()]);
        let started = Instant::now();
        let output = command.output().context("cannot run the trainer")?;
        let seconds = started.elapsed().as_secs_f64();
        ensure!(
            output.status.success(),
            "the trainer failed on `{}`: {}",
            folder.display(),
            String::from_utf8_lossy(&output.stderr).trim()
        );
        Ok(seconds)
    }
}

/// The first fold's module, and the file with its test rows.
pub fn first(work: &Path) -> Result<(PathBuf, PathBuf)> {
    let folder = folder(work, 0);
    Ok((module(&folder)?, folder.join(LINES)))
}

fn folder(work: &Path, fold: usize) -> PathBuf {
    work.join(format!("fold-{fold}"))
}

fn report(folder: &Path) -> Result<Value> {
    let path = folder.join("artifacts/report.json");
    let text = fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
    Ok(serde_json::from_slice(&text)?)
}

/// The module that was trained in `folder`.
fn module(folder: &Path) -> Result<PathBuf> {
    let report = report(folder)?;
    let name = report.pointer("/model/module").and_then(Value::as_str);
    let name = name.context("the report names no module")?;
    Ok(folder.join("artifacts").join(name))
}

/// Fails unless the report in `folder` has about the same loss.
fn agrees(folder: &Path, loss: f64) -> Result<()> {
    let report = report(folder)?;
    let reported = ["/test/classes/log_loss", "/test/number/rmse"];
    let reported = reported
        .iter()
        .find_map(|path| report.pointer(path)?.as_f64());
    let reported = reported.context("the report has no loss")?;
    ensure!(
        (loss - reported).abs() <= TOLERANCE * reported.max(SMALL),
        "the module's loss is {loss} and the trainer reports {reported} in `{}`",
        folder.display()
    );
    Ok(())
}

/// The columns that the module takes.
fn fields(module: &Path) -> Result<Vec<String>> {
    let description: Value = serde_json::from_slice(&answers(module, &["--describe"], b"")?)?;
    let columns = description.pointer("/input/columns");
    let columns = columns.and_then(Value::as_array);
    let columns = columns.context("the module describes no columns")?;
    let names = columns
        .iter()
        .filter_map(|column| column.get("name")?.as_str());
    Ok(names.map(str::to_owned).collect())
}

/// What the module answers in wasmtime.
fn answers(module: &Path, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>> {
    let response = WASMTIME.run(module, None, Request { arguments, input })?;
    ensure!(
        response.code == 0,
        "`{}` failed: {}",
        module.display(),
        String::from_utf8_lossy(&response.error).trim()
    );
    Ok(response.output)
}

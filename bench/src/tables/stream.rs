//! How many rows a second a module answers.

use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Result, bail};
use xtask::shell;

use super::ours;
use crate::measure::{Subject, interleaved};

/// Fewest lines of the stream.
const LINES: usize = 200_000;
/// Runs that count.
const RUNS: u32 = 3;

/// Rows for each second of CPU, the start left out.
pub struct Rates {
    plain: f64,
    json: f64,
    lines: usize,
}

impl fmt::Display for Rates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:.0} rows a second of CPU through the precompiled module in wasmtime, one thread; {:.0} with \
             --json; median of {RUNS} streams of {} lines, the start left out",
            self.plain, self.json, self.lines
        )
    }
}

/// Streams the test rows of the first fold in `work` through its module, again and again.
pub fn measure(work: &Path) -> Result<Rates> {
    let (module, rows) = ours::first(work)?;
    let precompiled = work.join("stream.cwasm");
    let mut compile = shell::command("wasmtime");
    compile
        .arg("compile")
        .arg(&module)
        .arg("-o")
        .arg(&precompiled);
    shell::run(&mut compile)?;
    let rows = fs::read_to_string(rows)?;
    let count = rows.lines().count().max(1);
    let times = LINES.div_ceil(count);
    let stream = work.join("stream.jsonl");
    let one = work.join("one.jsonl");
    fs::write(&stream, rows.repeat(times))?;
    fs::write(&one, rows.split_inclusive('\n').next().unwrap_or_default())?;

    let subjects = [
        subject(&precompiled, &["-"], &one),
        subject(&precompiled, &["-"], &stream),
        subject(&precompiled, &["--json", "-"], &stream),
    ];
    let measured = interleaved(&subjects, RUNS)?;
    let [start, plain, json] = measured.as_slice() else {
        bail!("three subjects were timed")
    };
    let lines = count * times;
    let start = start.cpu().median;
    let rate = |milliseconds: f64| 1000.0 * lines as f64 / (milliseconds - start);
    Ok(Rates {
        plain: rate(plain.cpu().median),
        json: rate(json.cpu().median),
        lines,
    })
}

fn subject<'a>(module: &Path, arguments: &'a [&'a str], input: &'a Path) -> Subject<'a> {
    let module = module.to_path_buf();
    Subject {
        name: module.display().to_string(),
        command: Box::new(move || {
            let mut command = shell::command("wasmtime");
            command.args(["run", "--allow-precompiled"]);
            command.arg(&module).args(arguments);
            command
        }),
        input: Some(input),
    }
}

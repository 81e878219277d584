//! Times whole commands.

use std::fmt;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

/// A command to time, anew for each run.
pub struct Subject<'a> {
    /// What it is called in the table.
    pub name: String,
    /// Makes the command.
    pub command: Box<dyn Fn() -> Command + 'a>,
    /// What stands on its standard input.
    pub input: Option<&'a Path>,
}

/// The times of one subject.
#[derive(Debug, Default)]
pub struct Times {
    wall: Vec<Duration>,
    cpu: Vec<Duration>,
}

impl Times {
    /// Median wall time.
    pub fn wall(&self) -> Spread {
        Spread::of(&self.wall)
    }

    /// Median CPU time, of user and system together.
    pub fn cpu(&self) -> Spread {
        Spread::of(&self.cpu)
    }
}

/// Lowest, middle and highest of several durations, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Spread {
    pub lowest: f64,
    pub median: f64,
    pub highest: f64,
}

impl Spread {
    fn of(durations: &[Duration]) -> Self {
        let mut sorted: Vec<_> = durations.iter().map(|d| 1000.0 * d.as_secs_f64()).collect();
        sorted.sort_by(f64::total_cmp);
        let at = |index: usize| sorted.get(index).copied().unwrap_or(f64::NAN);
        Self {
            lowest: at(0),
            median: at(sorted.len() / 2),
            highest: at(sorted.len().saturating_sub(1)),
        }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!(
            "{:.1} ({:.1} to {:.1})",
            self.median, self.lowest, self.highest
        );
        f.pad(&text)
    }
}

/// Runs all subjects in turn, `runs` times after a first time that does not count, so that a machine
/// that slows down slows down all of them.
pub fn interleaved(subjects: &[Subject<'_>], runs: u32) -> Result<Vec<Times>> {
    let mut times: Vec<Times> = subjects.iter().map(|_| Times::default()).collect();
    for run in 0..=runs {
        for (subject, times) in subjects.iter().zip(&mut times) {
            let (wall, cpu) = once(subject)?;
            if run > 0 {
                times.wall.push(wall);
                times.cpu.push(cpu);
            }
        }
    }
    Ok(times)
}

fn once(subject: &Subject<'_>) -> Result<(Duration, Duration)> {
    let mut command = (subject.command)();
    command.stdout(Stdio::null()).stderr(Stdio::null());
    match subject.input {
        Some(path) => command.stdin(File::open(path)?),
        None => command.stdin(Stdio::null()),
    };
    let (started, before) = (Instant::now(), cpu_of_children()?);
    let status = command
        .status()
        .with_context(|| format!("cannot run {}", subject.name))?;
    let times = (started.elapsed(), cpu_of_children()?.saturating_sub(before));
    ensure!(status.success(), "{} failed", subject.name);
    Ok(times)
}

/// CPU time of all child processes that have ended, of user and system together.
#[cfg(unix)]
pub fn cpu_of_children() -> Result<Duration> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let time = usage.user_time() + usage.system_time();
    Ok(Duration::from_micros(u64::try_from(
        time.num_microseconds(),
    )?))
}

/// Other systems do not say.
#[cfg(not(unix))]
pub fn cpu_of_children() -> Result<Duration> {
    anyhow::bail!("CPU time can only be measured on Unix")
}

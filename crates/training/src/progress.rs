//! Progress on standard error: a bar with the time left on a terminal, a plain line an epoch
//! elsewhere.

use std::cell::Cell;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use crate::bar::Bar;
use crate::console::note;
use crate::epoch::Epoch;
use crate::metrics::Score;

/// Without a terminal, so much time at most passes between two lines.
const SILENCE: Duration = Duration::from_secs(10);

/// Shows how a training run goes.
pub enum Reporter {
    /// Nothing is shown.
    Silent,
    /// A line an epoch, and more if epochs are long.
    Lines {
        /// Epochs in all.
        epochs: usize,
        /// When the last line was written.
        last: Cell<Instant>,
    },
    /// A bar.
    Bar(Bar),
}

impl Reporter {
    /// The reporter that suits standard error, for a run of `epochs` epochs.
    pub fn new(quiet: bool, epochs: usize) -> Self {
        if quiet {
            return Self::Silent;
        }
        let bar = std::io::stderr().is_terminal().then(Bar::new).flatten();
        let last = Cell::new(Instant::now());
        bar.map_or(Self::Lines { epochs, last }, Self::Bar)
    }

    /// Step `step` of `steps` of the epoch `epoch` of `epochs` begins; all count from 0.
    pub fn step(&self, (epoch, epochs): (usize, usize), (step, steps): (usize, usize)) {
        match self {
            Self::Silent => {}
            Self::Lines { last, .. } => {
                if last.get().elapsed() >= SILENCE {
                    last.set(Instant::now());
                    let number = epoch + 1;
                    note(format_args!(
                        "epoch {number}/{epochs}: step {step} of {steps}"
                    ));
                }
            }
            Self::Bar(bar) => bar.set((epoch * steps + step) as u64, (epochs * steps) as u64),
        }
    }

    /// Another network begins to learn, after `before` others.
    pub fn network(&self, before: usize) {
        let text = format!("network {}", before + 1);
        match self {
            Self::Silent => {}
            Self::Lines { last, .. } => {
                last.set(Instant::now());
                note(text);
            }
            Self::Bar(bar) => bar.say(text),
        }
    }

    /// An epoch is over.
    pub fn epoch(&self, epoch: &Epoch, score: Score) {
        let number = epoch.epoch;
        match self {
            Self::Silent => {}
            Self::Lines { epochs, last } => {
                last.set(Instant::now());
                note(format_args!(
                    "epoch {number}/{epochs}: {}",
                    figures(epoch, score)
                ));
            }
            Self::Bar(bar) => bar.say(format!("epoch {number}: {}", figures(epoch, score))),
        }
    }

    /// The run is over, one way or another.
    pub fn finish(&self) {
        if let Self::Bar(bar) = self {
            bar.clear();
        }
    }
}

fn figures(epoch: &Epoch, score: Score) -> String {
    let name = match score.unit {
        "" => score.label.to_owned(),
        _ => score.label.to_lowercase(),
    };
    let of = |loss: f64, figure: f64| {
        let digits = if score.unit.is_empty() { 4 } else { 2 };
        format!(
            "loss {loss:.4}, {name} {:.digits$}{}",
            score.factor * figure,
            score.unit
        )
    };
    format!(
        "train {}; validation {}",
        of(epoch.train_loss, epoch.train_score),
        of(epoch.validation_loss, epoch.validation_score)
    )
}

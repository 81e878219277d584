//! Progress on standard error: a bar with the time left on a terminal, a plain line an epoch
//! elsewhere, or lines for programs.

mod json;
mod shown;

use std::cell::Cell;
use std::time::{Duration, Instant};

use crate::bar::Bar;
use crate::console::note;
use crate::epoch::Epoch;
use crate::metrics::Score;

pub use json::{Figures, JsonLines, Loss};
pub use shown::{Form, Shown};

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
    /// Lines of JSON.
    Json {
        /// What writes them.
        lines: JsonLines,
        /// Epochs in all.
        epochs: usize,
        /// How many networks have learnt before.
        before: Cell<usize>,
    },
}

impl Reporter {
    /// The reporter that suits standard error, for a run of `epochs` epochs.
    pub fn new(shown: Shown, epochs: usize) -> Self {
        if let Some(lines) = shown.json() {
            let before = Cell::new(0);
            return Self::Json {
                lines,
                epochs,
                before,
            };
        }
        if !shown.lines() {
            return Self::Silent;
        }
        let last = Cell::new(Instant::now());
        let bar = shown.bar();
        bar.map_or(Self::Lines { epochs, last }, Self::Bar)
    }

    /// Step `step` of `steps` of the epoch `epoch` of `epochs` begins; all count from 0.
    pub fn step(&self, (epoch, epochs): (usize, usize), (step, steps): (usize, usize)) {
        let (done, all) = ((epoch * steps + step) as u64, (epochs * steps) as u64);
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
            Self::Bar(bar) => bar.set(done, all),
            Self::Json { lines, before, .. } => {
                lines.stage(&network_name(before.get()), done, all);
            }
        }
    }

    /// Another network begins to learn, after `before` others.
    pub fn network(&self, before: usize) {
        let text = network_name(before);
        match self {
            Self::Silent => {}
            Self::Json { before: own, .. } => own.set(before),
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
            Self::Json { .. } => self.loss(epoch, score),
        }
    }

    /// The same for networks of which only programs are told.
    pub fn loss(&self, epoch: &Epoch, score: Score) {
        if let Self::Json {
            lines,
            epochs,
            before,
        } = self
        {
            lines.loss(&Loss {
                stage: &network_name(before.get()),
                step: epoch.epoch,
                steps: *epochs,
                loss: epoch.validation_loss,
                figures: Some(Figures::of(epoch, score)),
            });
        }
    }

    /// The run is over, one way or another.
    pub fn finish(&self) {
        if let Self::Bar(bar) = self {
            bar.clear();
        }
    }
}

/// What a network is called that learns after `before` others.
fn network_name(before: usize) -> String {
    match before {
        0 => "network".into(),
        _ => format!("network {}", before + 1),
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

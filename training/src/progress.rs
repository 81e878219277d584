//! Progress on standard error: a bar with the time left on a terminal, a plain line an epoch
//! elsewhere.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

use crate::fit::Epoch;

/// Shows how a training run goes.
pub enum Reporter {
    /// Nothing is shown.
    Silent,
    /// A line an epoch.
    Lines {
        /// Epochs in all.
        epochs: usize,
    },
    /// A bar.
    Bar(ProgressBar),
}

impl Reporter {
    /// The reporter that suits standard error, for a run of `epochs` epochs.
    pub fn new(quiet: bool, epochs: usize) -> Self {
        if quiet {
            return Self::Silent;
        }
        if !std::io::stderr().is_terminal() {
            return Self::Lines { epochs };
        }
        let bar = ProgressBar::new(0);
        let template = "{bar:30} {percent:>3} %  {eta} left  {msg}";
        bar.set_style(
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()),
        );
        Self::Bar(bar)
    }

    /// Step `step` of `steps` of the epoch `epoch` of `epochs` begins; all count from 0.
    pub fn step(&self, (epoch, epochs): (usize, usize), (step, steps): (usize, usize)) {
        if let Self::Bar(bar) = self {
            bar.set_length((epochs * steps) as u64);
            bar.set_position((epoch * steps + step) as u64);
        }
    }

    /// An epoch is over.
    pub fn epoch(&self, epoch: &Epoch) {
        let number = epoch.epoch;
        match self {
            Self::Silent => {}
            Self::Lines { epochs } => eprintln!("epoch {number}/{epochs}: {}", figures(epoch)),
            Self::Bar(bar) => bar.set_message(format!("epoch {number}: {}", figures(epoch))),
        }
    }

    /// The run is over, one way or another.
    pub fn finish(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

fn figures(epoch: &Epoch) -> String {
    format!(
        "train loss {:.4}, accuracy {:.2} %; validation loss {:.4}, accuracy {:.2} %",
        epoch.train_loss,
        100.0 * epoch.train_accuracy,
        epoch.validation_loss,
        100.0 * epoch.validation_accuracy
    )
}

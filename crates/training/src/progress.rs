//! Progress on standard error: a bar with the time left on a terminal, a plain line an epoch
//! elsewhere.

use std::io::IsTerminal;

use crate::console::note;
use crate::fit::Epoch;
use crate::task::Score;
use bar::Bar;

/// Shows how the reading of a data set goes.
pub struct Loading(Option<Bar>);

impl Loading {
    /// Shows nothing if `quiet`, or if standard error is no terminal.
    #[must_use]
    pub fn new(quiet: bool) -> Self {
        let shown = !quiet && std::io::stderr().is_terminal();
        Self(shown.then(Bar::new).flatten())
    }

    /// `done` of `total` have been read, downloaded or the like; `what` says what.
    pub fn show(&self, what: &str, done: u64, total: u64) {
        if let Self(Some(bar)) = self {
            bar.set(done, total);
            bar.say(what.to_owned());
        }
    }
}

impl Drop for Loading {
    fn drop(&mut self) {
        if let Self(Some(bar)) = self {
            bar.clear();
        }
    }
}

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
    Bar(Bar),
}

impl Reporter {
    /// The reporter that suits standard error, for a run of `epochs` epochs.
    pub fn new(quiet: bool, epochs: usize) -> Self {
        if quiet {
            return Self::Silent;
        }
        let bar = std::io::stderr().is_terminal().then(Bar::new).flatten();
        bar.map_or(Self::Lines { epochs }, Self::Bar)
    }

    /// Step `step` of `steps` of the epoch `epoch` of `epochs` begins; all count from 0.
    pub fn step(&self, (epoch, epochs): (usize, usize), (step, steps): (usize, usize)) {
        if let Self::Bar(bar) = self {
            bar.set((epoch * steps + step) as u64, (epochs * steps) as u64);
        }
    }

    /// An epoch is over.
    pub fn epoch(&self, epoch: &Epoch, score: Score) {
        let number = epoch.epoch;
        match self {
            Self::Silent => {}
            Self::Lines { epochs } => {
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

#[cfg(not(target_family = "wasm"))]
mod bar {
    use indicatif::{ProgressBar, ProgressStyle};

    /// A bar on a terminal.
    pub struct Bar(ProgressBar);

    impl Bar {
        pub fn new() -> Option<Self> {
            let style = ProgressStyle::with_template("{bar:30} {percent:>3} %  {eta} left  {msg}");
            Some(Self(ProgressBar::new(0).with_style(style.ok()?)))
        }

        pub fn set(&self, position: u64, length: u64) {
            // Each change of the length draws at once.
            if self.0.length() != Some(length) {
                self.0.set_length(length);
            }
            self.0.set_position(position);
        }

        pub fn say(&self, message: String) {
            self.0.set_message(message);
        }

        pub fn clear(&self) {
            self.0.finish_and_clear();
        }
    }
}

/// A sandbox has no terminal to draw on.
#[cfg(target_family = "wasm")]
mod bar {
    pub enum Bar {}

    impl Bar {
        pub fn new() -> Option<Self> {
            None
        }

        pub fn set(&self, _: u64, _: u64) {
            match *self {}
        }

        pub fn say(&self, _: String) {
            match *self {}
        }

        pub fn clear(&self) {
            match *self {}
        }
    }
}

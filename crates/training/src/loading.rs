//! Progress of reading a data set, on standard error.

use std::io::IsTerminal;

use crate::bar::Bar;

/// How a data set is read, and shows how that goes.
pub struct Loading {
    /// Whether images are stored column by column.
    pub transposed: bool,
    bar: Option<Bar>,
}

impl Loading {
    /// Shows nothing if `quiet`, or if standard error is no terminal.
    #[must_use]
    pub fn new(quiet: bool, transposed: bool) -> Self {
        let shown = !quiet && std::io::stderr().is_terminal();
        Self {
            transposed,
            bar: shown.then(Bar::new).flatten(),
        }
    }

    /// `done` of `total` have been read, downloaded or the like; `what` says what.
    pub fn show(&self, what: &str, done: u64, total: u64) {
        if let Some(bar) = &self.bar {
            bar.set(done, total);
            bar.say(what.to_owned());
        }
    }
}

impl Drop for Loading {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.clear();
        }
    }
}

//! Progress of reading a data set, on standard error.

use std::io::IsTerminal;

use crate::bar::Bar;

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

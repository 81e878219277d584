//! Shows how a run goes on standard error, and notices Ctrl-C.

use std::cell::RefCell;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use training::bar::Bar;
use training::console::note;
use training::fit::Progress;
use training::interrupt::Interrupt;

use crate::error::TabularError;
use crate::fit::Watch;

/// Without a terminal, so much time passes between two lines.
const SILENCE: Duration = Duration::from_secs(5);

/// A bar on a terminal, and lines elsewhere.
pub struct Console {
    interrupt: Interrupt,
    quiet: bool,
    bar: Option<Bar>,
    last: RefCell<Instant>,
    prefix: RefCell<String>,
}

impl Console {
    /// Shows nothing if `quiet`.
    ///
    /// # Errors
    ///
    /// If Ctrl-C cannot be caught.
    pub fn new(quiet: bool) -> Result<Self, TabularError> {
        let shown = !quiet && std::io::stderr().is_terminal();
        Ok(Self {
            interrupt: Interrupt::watch()?,
            quiet,
            bar: shown.then(Bar::new).flatten(),
            last: RefCell::new(Instant::now()),
            prefix: RefCell::new(String::new()),
        })
    }

    /// What comes before every step from now on, such as the number of a fold.
    pub fn begin(&self, prefix: String) {
        self.prefix.replace(prefix);
    }

    /// So many of all bytes have been read.
    pub fn read(&self, done: u64, total: u64) {
        if let Some(bar) = &self.bar {
            bar.set(done, total);
            bar.say("reading".into());
        }
    }

    /// All is done.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.clear();
        }
    }
}

impl Watch for Console {
    fn step(&self, what: &str, done: usize, total: usize) -> bool {
        let prefix = self.prefix.borrow();
        if let Some(bar) = &self.bar {
            bar.set(done as u64, total as u64);
            bar.say(format!("{prefix}{what}"));
        } else if !self.quiet && self.last.borrow().elapsed() >= SILENCE {
            self.last.replace(Instant::now());
            note(format_args!("{prefix}{what}: {done} of at most {total}"));
        }
        self.check().is_ok()
    }

    fn check(&self) -> Result<(), TabularError> {
        match self.interrupt.progress() {
            Progress::Continue => Ok(()),
            Progress::Interrupt => Err(TabularError::Interrupted),
        }
    }
}

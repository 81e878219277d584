//! Shows how a run goes on standard error, and notices Ctrl-C.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use training::bar::Bar;
use training::console::note;
use training::fit::Progress;
use training::interrupt::Interrupt;
use training::progress::{JsonLines, Loss, Shown};

use crate::error::TabularError;
use crate::fit::Watch;

/// Without a terminal, so much time passes between two lines.
const SILENCE: Duration = Duration::from_secs(5);

/// A bar on a terminal, lines elsewhere, or lines for programs.
pub struct Console {
    interrupt: Interrupt,
    shown: Shown,
    bar: Option<Bar>,
    json: Option<JsonLines>,
    last: RefCell<Instant>,
    prefix: RefCell<String>,
}

impl Console {
    /// Shows what the user wants.
    ///
    /// # Errors
    ///
    /// If Ctrl-C cannot be caught.
    pub fn new(shown: Shown) -> Result<Self, TabularError> {
        Ok(Self {
            interrupt: Interrupt::watch()?,
            shown,
            bar: shown.bar(),
            json: shown.json(),
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
        if let Some(json) = &self.json {
            json.stage("reading", done, total);
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
        } else if let Some(json) = &self.json {
            json.stage(&format!("{prefix}{what}"), done as u64, total as u64);
        } else if self.shown.lines() && self.last.borrow().elapsed() >= SILENCE {
            self.last.replace(Instant::now());
            note(format_args!("{prefix}{what}: {done} of at most {total}"));
        }
        self.check().is_ok()
    }

    fn loss(&self, what: &str, step: usize, steps: usize, loss: &dyn Fn() -> f64) {
        if let Some(json) = &self.json {
            json.loss(&Loss {
                stage: &format!("{}{what}", self.prefix.borrow()),
                step,
                steps,
                loss: loss(),
                figures: None,
            });
        }
    }

    fn check(&self) -> Result<(), TabularError> {
        match self.interrupt.progress() {
            Progress::Continue => Ok(()),
            Progress::Interrupt => Err(TabularError::Interrupted),
        }
    }
}

//! Ctrl-C and its kin.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::TrainingError;
use crate::fit::Progress;

/// Whether the user wants the program to stop.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Catches Ctrl-C, and where the system has them the signals to terminate and to hang up. A
    /// second one ends the program at once.
    ///
    /// # Errors
    ///
    /// If the system refuses.
    #[cfg(not(target_family = "wasm"))]
    pub fn watch() -> Result<Self, TrainingError> {
        /// What a shell reports for a program that Ctrl-C ended.
        const EXIT_CODE: i32 = 130;
        let interrupt = Self::default();
        let flag = interrupt.clone();
        ctrlc::set_handler(move || {
            if flag.0.swap(true, Ordering::Relaxed) {
                std::process::exit(EXIT_CODE);
            }
        })
        .map_err(|error| TrainingError::Interrupt(error.to_string()))?;
        Ok(interrupt)
    }

    /// There are no signals here.
    #[cfg(target_family = "wasm")]
    pub fn watch() -> Result<Self, TrainingError> {
        Ok(Self::default())
    }

    /// What it means for a training run.
    pub fn progress(&self) -> Progress {
        match self.0.load(Ordering::Relaxed) {
            true => Progress::Interrupt,
            false => Progress::Continue,
        }
    }
}

//! What a trainer says. A reader that went away, as `head` does, is no reason to lose a model.

use std::fmt::Display;
use std::io::{ErrorKind, Write, stderr, stdout};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::TrainingError;

/// Whether standard output is for something else than results.
static IS_TAKEN: AtomicBool = AtomicBool::new(false);

/// From now on [`print()`] writes to standard error.
pub fn leave_standard_output() {
    IS_TAKEN.store(true, Ordering::Relaxed);
}

/// Prints results to standard output.
///
/// # Errors
///
/// If they cannot be written though somebody wants them.
pub fn print(text: &str) -> Result<(), TrainingError> {
    if IS_TAKEN.load(Ordering::Relaxed) {
        note(text.trim_end());
        return Ok(());
    }
    let mut output = stdout();
    match output
        .write_all(text.as_bytes())
        .and_then(|()| output.flush())
    {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(TrainingError::Output(error)),
        _ => Ok(()),
    }
}

/// Prints a line to standard error, if it can.
pub fn note(text: impl Display) {
    // There is nowhere left to say that this failed.
    let _ = writeln!(stderr(), "{text}");
}

//! What `cargo xtask`, its tests and `cargo xtask bench` share.

pub mod modules;
pub mod reproducible;
pub mod shell;
pub mod trainers;

use std::process::ExitCode;

use anyhow::Result;

/// Prints the error, if there is one, and says how the program ends.
#[must_use]
pub fn exit_code(result: Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

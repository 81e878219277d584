//! Runs inference modules and looks into them, and runs trainers as programs.
//!
//! [`Embedded`] is an interpreter with the five calls that a module may make and nothing else, which is
//! at once the proof that a module needs no more; the [`HOSTS`] are the real thing, where they are installed.
//! [`trainer`] runs trainers, kills them and resumes them. [`cases`] are inputs from the field.
//!
//! This crate serves tests and tools. No module and no trainer contains it.

pub mod answers;
pub mod cases;
pub mod contract;
mod embedded;
mod external;
#[cfg(unix)]
pub mod guide;
pub mod host;
pub mod library;
pub mod packages;
pub mod pipes;
pub mod python;
pub mod resume;
pub mod trainer;

use std::path::{Path, PathBuf};

pub use embedded::Embedded;
pub use external::{build, native};
pub use host::{HOSTS, Host, NODE, WASMTIME};
pub use insta::assert_snapshot;

use thiserror::Error;

/// What a program was given.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Arguments, without the program's name.
    pub arguments: &'a [&'a str],
    /// All of standard input.
    pub input: &'a [u8],
}

/// What a program did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// All of standard output.
    pub output: Vec<u8>,
    /// All of standard error.
    pub error: Vec<u8>,
    /// Exit code.
    pub code: i32,
    /// Linear memory at the end, in bytes, where the host can tell.
    pub memory: Option<usize>,
}

fn read(path: &Path) -> Result<Vec<u8>, HostError> {
    std::fs::read(path).map_err(|source| HostError::Read {
        path: path.into(),
        source,
    })
}

/// Why a module could not be run.
#[derive(Debug, Error)]
pub enum HostError {
    /// The file cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The program cannot be started.
    #[error("cannot run `{program}`: {source}")]
    Start {
        /// The program.
        program: String,
        /// Why.
        source: std::io::Error,
    },
    /// A model that makes no module.
    #[error(transparent)]
    Pack(#[from] pack::PackError),
    /// A temporary file that cannot be written.
    #[error("cannot write a temporary file: {0}")]
    Write(#[from] std::io::Error),
    /// Not a Wasm module, or one that wants more than this host gives.
    #[error("the module does not load: {0}")]
    Load(#[from] wasmi::Error),
    /// The module trapped.
    #[error("the module trapped: {0}")]
    Trap(wasmi::Error),
}

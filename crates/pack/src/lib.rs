//! Puts a model into a runner: a ready Wasm module, without a compiler.
//!
//! A runner is the program of a module for one kind of input, built once, without a model
//! ([`RUNNERS`]; `cargo xtask runners` builds them again to the same bytes). [`pack`] appends the model's bytes
//! to a runner as a data segment behind its memory, and writes their address and length into the runner's
//! slot. No code changes: an auditor compares the code of every module with that of its runner.
//! [`pack_as`] takes the runners of another [`Form`].
//! [`inspect`] does the reverse, for any module that was packed. [`seal`] takes from any program, such as a trainer, what
//! a module may not ask of its host.

mod component;
mod form;
mod inspect;
mod runners;
mod seal;
mod write;

pub use form::Form;
pub use inspect::{ALLOWED_IMPORTS, COCOS_IMPORT, Inspection, inspect};
pub use runners::{
    CHARACTERS, COCOS_RUNNERS, COLUMNS, IMAGE, LIBRARY_RUNNERS, RUNNER_CRATES, RUNNERS, Runner,
    Runners, TABLE, TEXT,
};
pub use seal::seal;
pub use write::{pack, pack_as, pack_into};

use model::ModelError;
use thiserror::Error;

/// Bytes of a page of linear memory.
const PAGE: u64 = 65_536;

/// Why a model and a runner do not make a module, or a module cannot be looked into.
#[derive(Debug, Error)]
pub enum PackError {
    /// The model cannot be used.
    #[error("{0}")]
    Model(#[from] ModelError),
    /// The bytes are no Wasm module.
    #[error("not a Wasm module: {0}")]
    Wasm(#[from] wasmparser::BinaryReaderError),
    /// A module that is built in another way than the runners.
    #[error("not a module of this project: {0}")]
    Layout(&'static str),
    /// A module without a model that could be found.
    #[error("the module was not packed: its model is part of its code, or it has none")]
    NotPacked,
    /// A model that no memory of 32 bits has room for.
    #[error("the model has {0} bytes, which is too large for a module")]
    TooLarge(usize),
}

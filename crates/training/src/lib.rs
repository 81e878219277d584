//! What every trainer shares.
//!
//! An algorithm describes itself through the trait [`Algorithm`] (its data, its network, its
//! defaults); [`run::main`] is the rest of the program. In between, in the order of a run:
//! [`cli`] reads the command line, [`split`] sets the test and validation rows aside, [`fit`] is the
//! training loop, [`checkpoint`] makes it resumable, [`freeze`] turns the best epoch into the file
//! that a module embeds, [`artifacts`] writes everything at once or not at all.

pub mod adam;
pub mod algorithm;
pub mod artifacts;
pub mod averaging;
pub mod backend;
pub mod bar;
pub mod check;
pub mod checkpoint;
pub mod cli;
pub mod committee;
pub mod console;
pub mod cross_validation;
pub mod destination;
pub mod epoch;
pub mod error;
pub mod evaluation;
mod exact;
pub mod fit;
pub mod freeze;
pub mod init;
pub mod interrupt;
pub mod journal;
pub mod layers;
mod linear_algebra;
pub mod loading;
mod memory;
pub mod metrics;
pub mod parameters;
pub mod plots;
mod prefetch;
pub mod progress;
mod quantized;
pub mod random;
mod ranges;
pub mod reference;
pub mod release;
pub mod report;
pub mod run;
#[cfg(target_family = "wasm")]
mod sandbox;
pub mod schedule;
pub mod settings;
pub mod shell;
pub mod split;
pub mod summary;
pub mod task;
mod trainer;
mod watch;

pub use algorithm::{Algorithm, Learner};
pub use backend::Backend;
pub use burn_cpu_ops::parallel;
pub use error::TrainingError;

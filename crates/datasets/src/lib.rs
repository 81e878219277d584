//! Data sets: found, downloaded, read and checked.
//!
//! Each data set has a module with its schema, its reader and where it can be had. Every error names the
//! file, the line where there is one, and what was expected. Nothing here knows of Burn or of training.

pub mod download;
mod error;
pub mod frame;
pub mod gzip;
pub mod input;
pub mod iris;
pub mod json;
pub mod labelled;
mod measurement;
pub mod mnist;
pub mod news;
pub mod source;
mod text;
pub mod text_table;
pub mod wine_quality;

pub use error::DataError;
pub use measurement::{Measurement, table};

/// Fewest rows of a class that can be split into training, validation and test rows.
pub const FEWEST_ROWS: usize = 10;

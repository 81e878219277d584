//! Reads files that may be anything.

use std::format;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::string::String;
use std::vec::Vec;

use thiserror::Error;

use super::SIDE;
use crate::DataError;

/// An image file of another size than MNIST's.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "{width}x{height} pixels; expected {SIDE}x{SIDE}; `convert-image --save FOLDER` makes such images \
     of pictures"
)]
pub struct WrongSize {
    /// Pixels of a row.
    width: u32,
    /// Rows.
    height: u32,
}

impl WrongSize {
    /// Refuses all sizes but 28 x 28.
    pub fn check(width: u32, height: u32) -> Result<(), Self> {
        match [width, height] == [SIDE as u32; 2] {
            true => Ok(()),
            false => Err(Self { width, height }),
        }
    }
}

/// Reads the file at `path`.
///
/// # Errors
///
/// If it cannot be read, is no file, or has more than `limit` bytes.
pub fn read(path: &Path, limit: usize) -> Result<Vec<u8>, DataError> {
    let unreadable = |source| DataError::ReadData {
        path: path.into(),
        source,
    };
    // Opening a pipe would wait for somebody to write to it.
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(bad(path, "is not a file"));
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit as u64 + 1).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    if bytes.len() > limit {
        let problem = format!("has more than {} MiB", limit >> 20);
        return Err(bad(path, problem));
    }
    Ok(bytes)
}

/// The error for a file or folder with something wrong in it.
pub fn bad(path: &Path, problem: impl Into<String>) -> DataError {
    DataError::BadData {
        path: path.into(),
        line: None,
        problem: problem.into(),
    }
}

/// The error for a folder that cannot be listed.
pub fn unlisted(path: &Path) -> impl Fn(io::Error) -> DataError {
    move |source| DataError::ReadData {
        path: path.into(),
        source,
    }
}

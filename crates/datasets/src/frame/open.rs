//! From a file to its text.

use std::fs;
use std::io;
use std::path::Path;

use crate::DataError;
use crate::gzip::{self, GzipError};
use crate::input;
use crate::text::{decode, is_utf16};

use super::{MOST_CELLS, MOST_COLUMNS, formats};

/// What to do about a table that is too large.
const SMALLER: &str = "take a sample of the rows, or leave columns out";

/// A file in messages.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// Its path.
    pub path: &'a Path,
}

/// The bytes of the file `path`, or of standard input if it is `-`.
///
/// # Errors
///
/// If it cannot be read or has more than `limit` bytes.
pub fn read(path: &Path, limit: usize) -> Result<Vec<u8>, DataError> {
    let unreadable = |source: io::Error| DataError::ReadData {
        path: path.into(),
        source,
    };
    // A pipe has no size, and a file may grow.
    let size = fs::metadata(path).map_or(0, |file| file.len());
    if size > limit as u64 {
        let problem = format!(
            "has {} MiB; expected at most {} MiB: {SMALLER}",
            size >> 20,
            limit >> 20
        );
        return Err(File { path }.bad(None, problem));
    }
    let bytes = input::read(path, limit as u64 + 1).map_err(unreadable)?;
    match bytes.len() > limit {
        true => Err(File { path }.too_long(limit)),
        false => Ok(bytes),
    }
}

impl File<'_> {
    /// The error that says what is wrong, in which line if it is one.
    pub fn bad(self, line: Option<u32>, problem: impl Into<String>) -> DataError {
        DataError::BadData {
            path: self.path.into(),
            line: line.map(u64::from),
            problem: problem.into(),
        }
    }

    fn too_long(self, limit: usize) -> DataError {
        let limit = limit >> 20;
        self.bad(None, format!("has more than {limit} MiB; {SMALLER}"))
    }

    /// Unpacks `bytes` if they are gzip.
    ///
    /// # Errors
    ///
    /// If they are damaged, or have more than `limit` bytes in the end.
    pub fn unpack(self, bytes: Vec<u8>, limit: usize) -> Result<Vec<u8>, DataError> {
        gzip::unpack(bytes, limit).map_err(|error| match error {
            GzipError::TooLong { .. } => self.bad(None, format!("{error}; {SMALLER}")),
            GzipError::Damaged(_) => self.bad(None, error.to_string()),
        })
    }

    /// The text of the table in `bytes`.
    ///
    /// # Errors
    ///
    /// If they are another format or encoding.
    pub fn text(self, bytes: &[u8]) -> Result<&str, DataError> {
        if let Some((name, remedy)) = formats::named(bytes) {
            let problem = format!("is {name}; expected text, such as CSV: {remedy}");
            return Err(self.bad(None, problem));
        }
        let nul = bytes.iter().position(|byte| *byte == 0);
        if let (Some(nul), false) = (nul, is_utf16(bytes)) {
            let before = bytes.get(..nul).unwrap_or_default();
            let line = before.split(|byte| *byte == b'\n').count() as u32;
            let problem = "has a NUL byte, as binary files have; expected text: export it as CSV";
            return Err(self.bad(Some(line), problem));
        }
        decode(bytes).map_err(|(line, problem)| {
            self.bad(line.map(|l| u32::try_from(l).unwrap_or(u32::MAX)), problem)
        })
    }

    /// Checks that `rows` rows of `columns` columns are not too many. `text` is the whole table.
    ///
    /// # Errors
    ///
    /// If they are.
    pub fn check_size(self, rows: usize, columns: usize, text: &str) -> Result<(), DataError> {
        if rows.saturating_mul(columns) <= MOST_CELLS {
            return Ok(());
        }
        let lines = text.bytes().filter(|byte| *byte == b'\n').count();
        let problem = format!(
            "has {columns} columns and about {} rows; expected at most {} million cells: {SMALLER}",
            lines.max(rows),
            MOST_CELLS / 1_000_000
        );
        Err(self.bad(None, problem))
    }

    /// Checks that `columns` columns are not too many.
    ///
    /// # Errors
    ///
    /// If they are.
    pub fn check_columns(self, columns: usize) -> Result<(), DataError> {
        if columns <= MOST_COLUMNS {
            return Ok(());
        }
        let problem = format!("has {columns} columns; expected at most {MOST_COLUMNS}");
        Err(self.bad(None, problem))
    }
}

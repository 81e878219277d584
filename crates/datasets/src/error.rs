//! Why a data set cannot be read.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::download::DownloadError;

/// A data set that cannot be had. Its message says what to do next.
#[derive(Debug, Error)]
pub enum DataError {
    /// A data file that cannot be read.
    #[error("cannot read the data in `{}`: {source}", path.display())]
    ReadData {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// No data set where one is looked for.
    #[error(
        "there is no data set: looked for the folders {}; {}`{command} --data FOLDER` names another",
        quoted(folders),
        if *download { format!("`{command} --download` gets it, ") } else { String::new() }
    )]
    MissingData {
        /// The folders.
        folders: &'static [&'static str],
        /// Name of the program.
        command: String,
        /// Whether it can be downloaded.
        download: bool,
    },
    /// A data set that could not be downloaded.
    #[error(transparent)]
    Download(#[from] DownloadError),
    /// Paths that do not make a data set together.
    #[error("{0}")]
    BadPaths(String),
    /// A data file with something wrong in it.
    #[error("`{}`{}: {problem}", path.display(), line.map(|l| format!(", line {l}")).unwrap_or_default())]
    BadData {
        /// The file.
        path: PathBuf,
        /// The line, from 1, where it is known.
        line: Option<u64>,
        /// What is wrong, and what was expected.
        problem: String,
    },
}

fn quoted(folders: &[&str]) -> String {
    let quoted: Vec<_> = folders.iter().map(|folder| format!("`{folder}`")).collect();
    quoted.join(", ")
}

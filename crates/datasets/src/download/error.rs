use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// A failed download. Its message names the URL and says what to do next.
#[derive(Debug, Error)]
pub enum DownloadError {
    /// A program in a sandbox cannot download.
    #[error(
        "cannot download {url}: a sandbox has no network; download it outside, to `{}`",
        path.display()
    )]
    NoNetwork {
        /// What was to be downloaded.
        url: String,
        /// Where it was to go.
        path: PathBuf,
    },
    /// There was no connection, or no sensible answer.
    #[error("cannot download {url}: {problem}; check the address and the network")]
    Unreachable {
        /// What was to be downloaded.
        url: String,
        /// Why it was not.
        problem: String,
    },
    /// The server answers, but not with the file.
    #[error("cannot download {url}: the server answers {status}; try another mirror")]
    Status {
        /// What was to be downloaded.
        url: String,
        /// The status, such as `404 Not Found`.
        status: String,
    },
    /// The connection ended too early, time and again.
    #[error(
        "{url} was cut off after {done} of {total} bytes: {problem}; run the same command again to resume"
    )]
    CutOff {
        /// What was to be downloaded.
        url: String,
        /// Bytes that are here.
        done: u64,
        /// Bytes in all.
        total: u64,
        /// How it ended.
        problem: String,
    },
    /// The server has a file of another length.
    #[error(
        "{url} is not the expected file: the server sends {found} bytes, expected {expected}; try another mirror"
    )]
    WrongLength {
        /// What was to be downloaded.
        url: String,
        /// Its length, in bytes.
        expected: u64,
        /// The length that the server says, or a bound.
        found: String,
    },
    /// Asked for the rest of a file, the server sends some other part.
    #[error(
        "cannot resume {url}: asked for bytes from {expected}, the server sends {found:?}; run the same command again to start over"
    )]
    WrongRange {
        /// What was to be downloaded.
        url: String,
        /// The first byte that was asked for, from 0.
        expected: u64,
        /// The answer's `Content-Range`.
        found: String,
    },
    /// What arrived is not the file.
    #[error(
        "{url} is not the expected file: its SHA-256 is {found}, expected {expected}; what arrived was removed: run the same command again, or try another mirror"
    )]
    WrongDigest {
        /// What was downloaded.
        url: String,
        /// The file's SHA-256, in hexadecimal.
        expected: &'static str,
        /// That of what arrived.
        found: String,
    },
    /// A file or folder that cannot be written.
    #[error("cannot write `{}`: {source}", path.display())]
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl DownloadError {
    pub(super) fn disk(path: &Path, source: io::Error) -> Self {
        Self::Disk {
            path: path.into(),
            source,
        }
    }
}

//! The only part of a module that touches the world outside: arguments, standard streams, exit.

use alloc::vec::Vec;

use model::json::Count;
use thiserror::Error;

#[cfg(all(target_os = "wasi", not(feature = "std")))]
mod heap;
#[cfg(all(target_os = "wasi", not(feature = "std"), not(feature = "library")))]
mod result_file;
#[cfg(any(not(target_os = "wasi"), feature = "std"))]
mod standard;
#[cfg(all(target_os = "wasi", not(feature = "std"), not(feature = "library")))]
pub mod wasi;

#[cfg(any(not(target_os = "wasi"), feature = "std"))]
pub use standard::Standard;
#[cfg(all(target_os = "wasi", not(feature = "std"), not(feature = "library")))]
pub use wasi::Wasi;

/// Where to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output: predictions.
    Output,
    /// Standard error: messages.
    Error,
}

/// Why the arguments or a standard stream failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum StreamError {
    /// The reader of our output went away, as `head` does: no failure of ours.
    #[error("nobody reads the output")]
    Closed,
    /// Writing found no room left.
    #[error("cannot write the output: the disk is full")]
    Full,
    /// The arguments could not be had.
    #[error("cannot get the arguments: error {} of the host", Count(*.0))]
    Arguments(usize),
    /// Standard input could not be read.
    #[error("cannot read standard input: error {} of the host", Count(*.0))]
    Read(usize),
    /// A standard stream could not be written to.
    #[error("cannot write the output: error {} of the host", Count(*.0))]
    Write(usize),
}

/// What a module needs of its surroundings, and all that it may use of them.
pub trait Host {
    /// The arguments, without the program's own name.
    ///
    /// # Errors
    ///
    /// If the host does not tell them.
    fn arguments(&mut self) -> Result<Vec<Vec<u8>>, StreamError>;

    /// Reads from standard input into `buffer`; 0 at its end.
    ///
    /// # Errors
    ///
    /// If standard input cannot be read.
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, StreamError>;

    /// Writes all of `bytes`.
    ///
    /// # Errors
    ///
    /// If not all of them could be written.
    fn write(&mut self, stream: Stream, bytes: &[u8]) -> Result<(), StreamError>;
}

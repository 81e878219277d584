//! Files, and standard input under the name `-`.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::OnceLock;
use std::vec::Vec;

/// What standard input is called on a command line.
const STANDARD_INPUT: &str = "-";

/// What standard input had. A file may be read more than once, so standard input may too.
static BYTES: OnceLock<Vec<u8>> = OnceLock::new();

/// Whether `path` means standard input.
#[must_use]
pub fn is_standard_input(path: &Path) -> bool {
    path == Path::new(STANDARD_INPUT)
}

/// The first `limit` bytes of the file `path`, or of standard input if it is `-`.
///
/// # Errors
///
/// If it cannot be read.
pub fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    if !is_standard_input(path) {
        return all(File::open(path)?.take(limit));
    }
    if let Some(earlier) = BYTES.get() {
        return Ok(earlier.clone());
    }
    let bytes = all(io::stdin().lock().take(limit))?;
    Ok(BYTES.get_or_init(|| bytes).clone())
}

fn all(mut input: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    Ok(bytes)
}

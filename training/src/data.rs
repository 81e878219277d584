//! What data sets have in common.

use sha2::{Digest, Sha256};

/// Fewest rows of a class that can be split into training, validation and test rows.
pub const FEWEST_ROWS: usize = 10;

/// SHA-256 of `bytes`, in hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    (Sha256::digest(bytes).iter())
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

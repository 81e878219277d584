//! From the bytes of an image file to a grey image, within limits of memory.

pub use pictures::{bytes, frames};

use crate::colour;
use crate::error::ConvertError;
use crate::grey::Grey;

/// Longest side of the grey image, in pixels. A digit keeps 20 pixels of its longer side, so more
/// would only cost time; and the mean over several pixels has less noise.
pub const WORKING_SIDE: usize = 1024;

/// Decodes an image (the first one, of an animation), turned the way its metadata says, shrunk by a
/// whole number to at most [`WORKING_SIDE`] and put on a ground where it is transparent.
///
/// # Errors
///
/// If it is not an image in a supported format, is damaged, or goes beyond the limits. Those are
/// checked against the header, before memory is taken.
pub fn grey(bytes: &[u8]) -> Result<Grey, ConvertError> {
    Ok(colour::best(&pictures::decode(bytes, WORKING_SIDE)?))
}

//! Decodes pictures in files of any origin, and gives them the size that a model takes.
//!
//! [`decode()`] reads PNG, JPEG, WebP, BMP and GIF files (the first picture of an animation), with 8 or 16 bits, palettes and
//! opacity, turned as the Exif data says. [`prepare`] makes the pixels that a model for pictures takes. Trainers and
//! `convert-image` call the same function, so that a model sees in use what it has learnt from.

pub mod decode;
pub mod error;
pub mod fit;
pub mod format;
pub mod limits;

pub use decode::{Colours, bytes, decode, dimensions, frames};
pub use error::DecodeError;
pub use fit::{fitted, grey, is_grey};

/// Longest side, in pixels, of the picture that [`prepare`] gives its size. Larger ones are made smaller before that.
const WORKING_SIDE: usize = 512;

/// The pixels of the picture in `bytes` at the size `[width, height]`: red, green and blue of each pixel, row by row from the
/// top, from 0 to 255. See [`fitted`].
///
/// # Errors
///
/// Those of [`decode()`].
pub fn prepare(bytes: &[u8], size: [usize; 2]) -> Result<Vec<u8>, DecodeError> {
    Ok(fitted(&decode(bytes, WORKING_SIDE)?, size))
}

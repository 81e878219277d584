//! Why a file gives no picture.

use std::io;

use thiserror::Error;

use crate::limits::{LARGEST_FILE, LARGEST_MEMORY, LARGEST_SIDE};

const MEBIBYTE: u64 = 1024 * 1024;

/// A file that gives no picture. The message says what is wrong and what to do, but not which file it is: that is for the
/// caller, who knows its name.
#[derive(Debug, Error)]
pub enum DecodeError {
    /// The bytes could not be read.
    #[error("cannot be read: {0}")]
    Read(io::Error),
    /// More than [`LARGEST_FILE`] bytes.
    #[error("more than {} MiB of data; give a smaller image", LARGEST_FILE / MEBIBYTE)]
    LongFile,
    /// No byte at all.
    #[error("there is no data in it; save the image again")]
    EmptyFile,
    /// Nothing that begins like a supported format.
    #[error(
        "not an image in PNG, JPEG, BMP, GIF or WebP format, whatever its name; save it as one of these"
    )]
    UnknownFormat,
    /// A known format, named, that is not supported.
    #[error("the file is {0}; save the picture as PNG or JPEG, and give that file")]
    OtherFormat(&'static str),
    /// Another format, or a variant of a format, that is not supported.
    #[error("{0}; save the image as an ordinary PNG")]
    Unsupported(String),
    /// An image whose data is wrong or ends too early.
    #[error("damaged or cut short: {0}; get or save the image again")]
    Damaged(String),
    /// A side beyond [`LARGEST_SIDE`].
    #[error("more than {LARGEST_SIDE} pixels wide or high; make the image smaller")]
    LongSide,
    /// More than [`LARGEST_MEMORY`] bytes once decoded.
    #[error(
        "more than {} MiB once decoded; make the image smaller",
        LARGEST_MEMORY / MEBIBYTE
    )]
    MuchMemory,
    /// A width or height of zero.
    #[error("the image has no pixels; save it again")]
    NoPixels,
}

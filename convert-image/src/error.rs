//! Why a picture cannot be converted.

use pictures::DecodeError;
use thiserror::Error;

/// A picture that cannot be converted. The message says what is wrong and what to do, but not which
/// file it is: that is for the caller, who knows its name.
#[derive(Debug, Error)]
pub enum ConvertError {
    /// There is nothing of that name.
    #[error("there is no such file; check the path")]
    NotFound,
    /// A folder in place of a file.
    #[error("this is a folder; give the image files in it one by one")]
    Folder,
    /// A file that gives no picture.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// Nothing that stands out from the background.
    #[error(
        "no digit found: the image is blank or the ink too faint; draw with more contrast, or try --invert or --no-invert"
    )]
    Blank,
    /// An animation, of so many images, that begins with a blank one.
    #[error(
        "the first of {0} frames is blank, and only that one is read; save the frame with the digit as a picture of its own"
    )]
    BlankFrame(usize),
    /// So many digits where one is expected.
    #[error(
        "{0} digits found, expected one; cut the picture, or use --each for a line for each digit"
    )]
    SeveralDigits(usize),
}

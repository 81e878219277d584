//! The whole conversion.

use crate::background;
use crate::centre;
use crate::digit::Digit;
use crate::error::ConvertError;
use crate::grey::Grey;
use crate::ink;
use crate::polarity::Inversion;
use crate::read;
use crate::scale;

use crate::SIDE;

/// Converts the bytes of an image file to a digit.
///
/// An image of [`SIDE`] by [`SIDE`] pixels is taken to be cut out already: it is inverted at most.
/// Any other is treated as the pictures in MNIST were: the digit is scaled to a box of 20 by 20
/// pixels with its aspect ratio kept, and its centre of mass put into the middle (Y. `LeCun`,
/// C. Cortes and C. Burges, "The MNIST database of handwritten digits",
/// <http://yann.lecun.com/exdb/mnist/>).
///
/// # Errors
///
/// If they are not those of an image, the image is too large, or there is no digit in it.
pub fn convert(bytes: &[u8], inversion: Inversion) -> Result<Digit, ConvertError> {
    let grey = read::grey(bytes)?;
    if is_uniform(&grey) {
        return Err(ConvertError::Blank);
    }
    let bright = inversion.apply(grey);
    if (bright.width(), bright.height()) == (SIDE, SIDE) {
        return Ok(Digit::from_fn(|x, y| bright.at(x, y)));
    }
    let ink = ink::find(&background::flatten(&bright))?;
    Ok(centre::centred(&scale::to_box(&ink)))
}

fn is_uniform(grey: &Grey) -> bool {
    grey.pixels()
        .windows(2)
        .all(|pair| pair.first() == pair.last())
}

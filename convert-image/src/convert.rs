//! The whole conversion.

use crate::as_it_is::is_like_mnist;
use crate::background::flatten;
use crate::centre::centred;
use crate::digit::Digit;
use crate::error::ConvertError;
use crate::grey::Grey;
use crate::ink::{self, Cutout};
use crate::level::{is_uneven, level};
use crate::polarity::Inversion;
use crate::read;
use crate::scale;
use crate::sheet;

use crate::SIDE;

/// Converts the bytes of an image file with one digit.
///
/// An image of [`SIDE`] by [`SIDE`] pixels that looks as those of MNIST do is taken as it is, or
/// inverted. In any other the digit is found and treated as the pictures in MNIST were: scaled to a
/// box of 20 by 20 pixels with its aspect ratio kept, and its centre of mass put into the middle
/// (Y. `LeCun`, C. Cortes and C. Burges, "The MNIST database of handwritten digits",
/// <http://yann.lecun.com/exdb/mnist/>).
///
/// # Errors
///
/// If they are not those of an image, the image is too large, or there is no digit in it or more
/// than one.
pub fn convert(bytes: &[u8], inversion: Inversion) -> Result<Digit, ConvertError> {
    let digits = convert_each(bytes, inversion)?;
    match digits[..] {
        [digit] => Ok(digit),
        _ => Err(ConvertError::SeveralDigits(digits.len())),
    }
}

/// Converts the bytes of an image file with any number of digits, as [`convert`] does one, in
/// reading order.
///
/// # Errors
///
/// If they are not those of an image, the image is too large, or there is no digit in it.
pub fn convert_each(bytes: &[u8], inversion: Inversion) -> Result<Vec<Digit>, ConvertError> {
    let grey = read::grey(bytes)?;
    if is_uniform(&grey) {
        return Err(match read::frames(bytes) {
            1 => ConvertError::Blank,
            frames => ConvertError::BlankFrame(frames),
        });
    }
    if let Some(digit) = as_it_is(&grey, inversion) {
        return Ok(vec![digit]);
    }
    let digits = cutouts(sheet::innermost(grey), inversion)?;
    let digit = |cutout: &Cutout| centred(&scale::to_box(&cutout.ink));
    Ok(digits.iter().map(digit).collect())
}

/// The digit of an image that is MNIST's already.
fn as_it_is(grey: &Grey, inversion: Inversion) -> Option<Digit> {
    if (grey.width(), grey.height()) != (SIDE, SIDE) {
        return None;
    }
    let bright = inversion.apply(grey.clone());
    is_like_mnist(&bright).then(|| Digit::from_fn(|x, y| bright.at(x, y)))
}

/// The digits on a sheet of paper that fills the picture.
fn cutouts(grey: Grey, inversion: Inversion) -> Result<Vec<Cutout>, ConvertError> {
    if is_uneven(&grey) {
        let found = in_uneven_light(&grey, inversion);
        if let Some(digits) = found {
            return Ok(digits);
        }
    }
    ink::find(&flatten(&inversion.apply(grey)))
}

/// How much sharper the outline of what is found with one polarity has to be for that to be ink:
/// otherwise the larger is, as the paper in the rings of an 8 has an edge all around too.
const SHARPER: f32 = 0.1;

/// The digits on paper with shadows. The brightness of the border does not tell there whether the
/// ink is dark. But ink has an edge all around, and what is between ink and shadows only in part.
fn in_uneven_light(grey: &Grey, inversion: Inversion) -> Option<Vec<Cutout>> {
    let polarities = match inversion {
        Inversion::Detect => &[Inversion::Always, Inversion::Never][..],
        Inversion::Always => &[Inversion::Always],
        Inversion::Never => &[Inversion::Never],
    };
    let found: Vec<(f32, Vec<Cutout>)> = (polarities.iter())
        .filter_map(|polarity| {
            let bright = polarity.apply(grey.clone());
            let digits = ink::find(&flatten(&level(&bright))).ok()?;
            Some((ink::sharpness(&bright, &digits), digits))
        })
        .collect();
    let sharpest = found.iter().map(|found| found.0).fold(0.0, f32::max);
    let size = |digits: &[Cutout]| digits.iter().map(Cutout::extent).max();
    (found.into_iter())
        .filter(|(sharpness, _)| sharpness + SHARPER >= sharpest)
        .map(|(_, digits)| digits)
        .max_by_key(|digits| size(digits))
}

fn is_uniform(grey: &Grey) -> bool {
    grey.pixels()
        .windows(2)
        .all(|pair| pair.first() == pair.last())
}

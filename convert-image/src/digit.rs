//! The result: the image of a digit as MNIST has it.

use std::fmt;
use std::io::Cursor;

use image::{GrayImage, ImageResult, Luma};

use crate::SIDE;

/// Enlargement of a digit for people to look at.
pub const ENLARGEMENT: usize = 10;

/// The image of a digit: 0 is background, 255 ink. Displays as the JSON array of its pixels, row by
/// row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digit {
    pixels: [u8; SIDE * SIDE],
}

impl Digit {
    /// The image whose pixel in column `x` and row `y` is `pixel(x, y)`, rounded, and cut off at 0
    /// and 255.
    pub fn from_fn(pixel: impl Fn(usize, usize) -> f32) -> Self {
        Self {
            pixels: std::array::from_fn(|index| {
                pixel(index % SIDE, index / SIDE).round().clamp(0.0, 255.0) as u8
            }),
        }
    }

    /// All pixels, row by row.
    pub fn pixels(&self) -> &[u8; SIDE * SIDE] {
        &self.pixels
    }

    /// The pixel in column `x` and row `y`; 0 outside the image.
    pub fn at(&self, x: usize, y: usize) -> u8 {
        match x < SIDE && y < SIDE {
            true => self.pixels.get(y * SIDE + x).copied(),
            false => None,
        }
        .unwrap_or(0)
    }
}

/// A PNG of `digits` side by side, each pixel a square of `enlargement` by `enlargement` pixels.
///
/// # Errors
///
/// If it cannot be encoded, which is not known to happen.
pub fn png(digits: &[Digit], enlargement: usize) -> ImageResult<Vec<u8>> {
    let side = SIDE * enlargement;
    let (width, height) = ((digits.len() * side) as u32, side as u32);
    let large = GrayImage::from_fn(width, height, |x, y| {
        let (x, y) = (x as usize, y as usize);
        let digit = digits.get(x / side);
        Luma([digit.map_or(0, |digit| digit.at(x % side / enlargement, y / enlargement))])
    });
    let mut png = Cursor::new(Vec::new());
    large.write_to(&mut png, image::ImageFormat::Png)?;
    Ok(png.into_inner())
}

impl fmt::Display for Digit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut before = "[";
        for pixel in &self.pixels {
            write!(f, "{before}{pixel}.0")?;
            before = ", ";
        }
        f.write_str("]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digit_displays_as_json() {
        let digit = Digit::from_fn(|x, y| match (x, y) {
            (1, 0) => 12.6,
            (27, 27) => 300.0,
            _ => -1.0,
        });
        let text = digit.to_string();
        assert!(text.starts_with("[0.0, 13.0, 0.0, "), "{text}");
        assert!(text.ends_with(", 0.0, 255.0]"), "{text}");
        assert_eq!(text.split(", ").count(), SIDE * SIDE);
    }
}

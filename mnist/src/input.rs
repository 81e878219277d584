//! The input of the network, and of the module: a grey image of 28 × 28 pixels.

use inference::schema::Image;

/// Side of an image, in pixels.
pub const SIDE: usize = 28;

/// Largest value of a pixel.
pub const MAXIMUM: u8 = 255;

/// Mean of all pixels of the 60,000 training images, with the largest as 1.
pub const MEAN: f32 = 0.1307;
/// Standard deviation of the same.
pub const DEVIATION: f32 = 0.3081;

/// The image, in the order of the data set.
pub const IMAGE: Image = Image {
    height: SIDE,
    width: SIDE,
    maximum: MAXIMUM as u32,
    unit: "ink, from none (black background) to full (white)",
    scaled,
};

/// The number that the network takes for a pixel from 0 to 255: with mean 0 and variance 1 over the
/// training images.
#[must_use]
pub fn scaled(pixel: f32) -> f32 {
    (pixel / f32::from(MAXIMUM) - MEAN) / DEVIATION
}

//! Puts transparent pictures on a ground on which their ink can be seen.

use image::{ImageBuffer, LumaA};

use crate::grey::{self, Grey};
use crate::quantile::median;

/// Luminance and opacity, both from 0 to 65,535.
pub type Translucent = ImageBuffer<LumaA<u16>, Vec<u16>>;

/// `image` on the ground that suits it.
///
/// Where most of the border is opaque, the picture has a paper of its own, with holes or rounded
/// corners: the ground is the paper's grey. Otherwise everything that can be seen is ink: the
/// ground is white if it is dark in the mean, and black if it is light.
pub fn removed(image: &Translucent) -> Grey {
    let ground = ground(image);
    let (width, height) = image.dimensions();
    Grey::from_fn(width as usize, height as usize, |x, y| {
        let (luminance, opacity) = pixel(image, x, y);
        opacity * luminance + (1.0 - opacity) * ground
    })
}

/// Luminance from 0 to 255 and opacity from 0 to 1.
fn pixel(image: &Translucent, x: usize, y: usize) -> (f32, f32) {
    let pixel = image.get_pixel_checked(x as u32, y as u32);
    let [luminance, opacity] = pixel.map_or([0, 0], |pixel| pixel.0);
    // 65,535 is 257 times 255. A division, as a product would not give back whole numbers.
    (
        f32::from(luminance) / 257.0,
        f32::from(opacity) / f32::from(u16::MAX),
    )
}

fn ground(image: &Translucent) -> f32 {
    let (width, height) = image.dimensions();
    let border: Vec<_> = grey::border(width as usize, height as usize)
        .map(|(x, y)| pixel(image, x, y))
        .collect();
    let paper: Vec<f32> = (border.iter())
        .filter(|(_, opacity)| *opacity > 0.5)
        .map(|(luminance, _)| *luminance)
        .collect();
    if 2 * paper.len() > border.len() {
        return median(paper);
    }
    let (mut ink, mut total) = (0.0, 0.0);
    for LumaA([luminance, opacity]) in image.pixels() {
        ink += f64::from(*luminance) / 257.0 * f64::from(*opacity);
        total += f64::from(*opacity);
    }
    match ink < 127.5 * total {
        true => 255.0,
        false => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A dot of `luminance` in the middle of a transparent image.
    fn dot(luminance: u16) -> Translucent {
        ImageBuffer::from_fn(5, 5, |x, y| match (x, y) {
            (2, 2) => LumaA([luminance, u16::MAX]),
            _ => LumaA([0, 0]),
        })
    }

    #[test]
    fn ink_gets_the_other_ground() {
        for (luminance, ground) in [(0, 255.0), (20_000, 255.0), (50_000, 0.0), (65_535, 0.0)] {
            let grey = removed(&dot(luminance));
            assert_eq!(grey.at(0, 0), ground);
            assert_eq!(grey.at(2, 2), f32::from(luminance) / 257.0);
        }
    }

    #[test]
    fn holes_in_paper_become_paper() {
        let image = ImageBuffer::from_fn(9, 9, |x, y| match (x, y) {
            (0 | 8, 0 | 8) => LumaA([0, 0]),
            (4, 4) => LumaA([257 * 10, u16::MAX]),
            _ => LumaA([257 * 240, u16::MAX]),
        });
        let grey = removed(&image);
        assert_eq!(
            [grey.at(0, 0), grey.at(1, 1), grey.at(4, 4)],
            [240.0, 240.0, 10.0]
        );
    }
}

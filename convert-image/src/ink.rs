//! Finds the strokes of the digits in a flat picture.

use image::GrayImage;
use imageproc::contrast::otsu_level;

use crate::background::Flat;
use crate::components::{Bounds, Component, components};
use crate::error::ConvertError;
use crate::grey::Grey;
use crate::grouping;
use crate::quantile::quantile;
use crate::sums::Sums;

/// Standard deviations of the background that count as background.
const FLOOR: f32 = 4.0;

/// Least brightness of ink, in standard deviations of the background and in grey levels.
const FAINTEST: (f32, f32) = (5.0, 16.0);

/// Share of the ink that is below full brightness: edges, and where the pen was light.
const BELOW_FULL: f32 = 0.8;

/// Brightness from which a pixel is part of a stroke. With the first, the longer side of the box
/// around the strokes is 20 pixels in all but 4 of MNIST's 10,000 test images, as it was when they
/// were made. Lower, it would take in what JPEG compression leaves around strokes.
const STROKES: [f32; 3] = [32.0, 64.0, 128.0];

/// Brightness of a pixel that ink covers by half.
const HALF: f32 = 127.5;

/// Share of the image's side from which a stroke goes across it.
const ACROSS: f32 = 0.97;

/// Share of the outline's steps that are below the sharpest ones.
const SHARPEST: f32 = 0.98;

/// What is less than this share of the sharpest step is none. In a shadow they are smaller.
const LEAST_STEP: f32 = 0.2;

/// Pixels of the longer side below which nothing can be a digit.
const SMALLEST: usize = 3;

/// Part of the digit's longer side that its soft edges may reach beyond its strokes: a pixel of
/// MNIST's box of 20.
const EDGE: usize = 20;

/// A digit, cut out.
#[derive(Debug, Clone, PartialEq)]
pub struct Cutout {
    /// 0 where there is no ink, 255 in the middle of a stroke.
    pub ink: Grey,
    /// Where it was in the picture.
    pub bounds: Bounds,
}

/// Share of the outline of `digits` that is an edge in `bright`, which they were found in.
pub fn sharpness(bright: &Grey, digits: &[Cutout]) -> f32 {
    let steps: Vec<f32> = digits
        .iter()
        .flat_map(|digit| digit.steps(bright))
        .collect();
    let count = steps.len().max(1) as f32;
    let least = LEAST_STEP * quantile(steps.clone(), SHARPEST);
    steps.iter().filter(|step| **step > least).count() as f32 / count
}

impl Cutout {
    /// Area of the rectangle around what is ink by half or more, in pixels.
    pub fn extent(&self) -> usize {
        let inked = |x: usize, y: usize| self.ink.at(x, y) >= HALF;
        let (width, height) = (self.ink.width(), self.ink.height());
        let column = |x: &usize| (0..height).any(|y| inked(*x, y));
        let row = |y: &usize| (0..width).any(|x| inked(x, *y));
        let length = |first: Option<usize>, last: Option<usize>| {
            first.zip(last).map_or(0, |(first, last)| last - first + 1)
        };
        length((0..width).find(column), (0..width).rev().find(column))
            * length((0..height).find(row), (0..height).rev().find(row))
    }

    /// The steps of brightness in `bright` from the ink to the paper, all along the outline.
    fn steps(&self, bright: &Grey) -> Vec<f32> {
        let far = self.bounds.longer().div_ceil(EDGE) as isize;
        let is_ink = |x: isize, y: isize| {
            let place = usize::try_from(x).ok().zip(usize::try_from(y).ok());
            place.is_some_and(|(x, y)| self.ink.at(x, y) >= HALF)
        };
        let brightness = |x: isize, y: isize| {
            let place = |offset: isize, start: usize, length: usize| {
                start.saturating_add_signed(offset).min(length - 1)
            };
            bright.at(
                place(x, self.bounds.left, bright.width()),
                place(y, self.bounds.top, bright.height()),
            )
        };
        let mut steps = Vec::new();
        for y in 0..self.ink.height() as isize {
            for x in 0..self.ink.width() as isize {
                for (across, down) in [(-1, 0), (1, 0), (0, -1), (0, 1)] {
                    if is_ink(x, y) && !is_ink(x + across, y + down) {
                        let paper = brightness(x + far * across, y + far * down);
                        steps.push(brightness(x, y) - paper);
                    }
                }
            }
        }
        steps
    }
}

/// The digits in a picture, in reading order.
///
/// # Errors
///
/// If there is no ink.
pub fn find(flat: &Flat) -> Result<Vec<Cutout>, ConvertError> {
    let (stretched, stroke, parts) = strokes(flat)?;
    let digits: Vec<_> = (grouping::digits(parts).into_iter())
        .filter(|digit| grouping::bounds(digit).longer() >= SMALLEST)
        .collect();
    if digits.is_empty() {
        return Err(ConvertError::Blank);
    }
    let strokes: Vec<bool> = (stretched.pixels().iter())
        .map(|value| *value >= stroke)
        .collect();
    Ok(digits
        .iter()
        .map(|parts| cut_out(&stretched, &strokes, parts))
        .collect())
}

/// The ink, the brightness from which a pixel of it is part of a stroke, and the connected strokes.
///
/// The brightness is the least of [`STROKES`] with which no stroke goes from one side of the image
/// to the other, as the lines of ruled paper do. If there is none, lines and digit are told apart
/// as ink and paper were.
fn strokes(flat: &Flat) -> Result<(Grey, f32, Vec<Component>), ConvertError> {
    let (ink, threshold) = stretch(flat, 0.0).ok_or(ConvertError::Blank)?;
    if let Some((stroke, parts)) = without_lines(&ink) {
        return Ok((ink, stroke, parts));
    }
    if let Some((darker, _)) = stretch(flat, threshold)
        && let Some((stroke, parts)) = without_lines(&darker)
    {
        return Ok((darker, stroke, parts));
    }
    let [lowest, ..] = STROKES;
    let parts = components(&ink, lowest);
    Ok((ink, lowest, parts))
}

/// The least brightness with which there are strokes and none of them goes across, and these.
fn without_lines(ink: &Grey) -> Option<(f32, Vec<Component>)> {
    (STROKES.into_iter())
        .map(|stroke| (stroke, components(ink, stroke)))
        .find(|(_, parts)| !parts.is_empty() && !parts.iter().any(|part| crosses(part, ink)))
}

/// Whether a stroke goes across all of the image.
fn crosses(part: &Component, image: &Grey) -> bool {
    let share = |part: usize, whole: usize| part as f32 / whole as f32;
    let across = share(part.bounds.width(), image.width());
    let down = share(part.bounds.height(), image.height());
    across.max(down) >= ACROSS
}

fn cut_out(image: &Grey, strokes: &[bool], parts: &[Component]) -> Cutout {
    let bounds = grouping::bounds(parts);
    let edge = bounds.longer().div_ceil(EDGE);
    let mut own = vec![false; image.pixels().len()];
    for pixel in parts.iter().flat_map(|part| &part.pixels) {
        if let Some(pixel) = own.get_mut(*pixel) {
            *pixel = true;
        }
    }
    let is = |cover: &[bool], x, y| {
        let pixel = cover.get(y * image.width() + x);
        pixel.copied().unwrap_or(false)
    };
    let near = Sums::new(image.width(), image.height(), |x, y| {
        f64::from(u8::from(is(&own, x, y)))
    });
    let ink = Grey::from_fn(bounds.width(), bounds.height(), |x, y| {
        let (x, y) = (bounds.left + x, bounds.top + y);
        let soft_edge = !is(strokes, x, y) && near.around((x, y), (edge, edge)).0 > 0.0;
        match is(&own, x, y) || soft_edge {
            true => image.at(x, y),
            false => 0.0,
        }
    });
    Cutout { ink, bounds }
}

/// The ink with noise at 0 and full strokes at 255, and the threshold from which pixels of `flat`
/// are strokes. `None` if no pixel above `least` is ink.
fn stretch(flat: &Flat, least: f32) -> Option<(Grey, f32)> {
    let floor = FLOOR * flat.noise;
    let ink = flat
        .ink
        .map(|pixel| if pixel > floor { pixel } else { 0.0 });
    let levels: Vec<u8> = (ink.pixels().iter())
        .filter(|pixel| **pixel >= least)
        .map(|pixel| *pixel as u8)
        .collect();
    let levels = GrayImage::from_vec(levels.len() as u32, 1, levels)?;
    // The class above begins after the level, so it has nothing if all pixels are of one level.
    let threshold = f32::from(otsu_level(&levels)) + 1.0;
    let strokes = ink.pixels().iter().filter(|pixel| **pixel >= threshold);
    let full = quantile(strokes.copied().collect(), BELOW_FULL);
    if full < (FAINTEST.0 * flat.noise).max(FAINTEST.1) {
        return None;
    }
    let scale = 255.0 / (full - floor);
    let stretched = ink.map(|pixel| ((pixel - floor) * scale).clamp(0.0, 255.0));
    Some((stretched, threshold))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(noise: f32, pixel: impl Fn(usize, usize) -> f32) -> Flat {
        let ink = Grey::from_fn(100, 100, pixel);
        Flat { ink, noise }
    }

    #[test]
    fn specks_go_and_parts_stay() {
        let found = find(&flat(0.0, |x, y| {
            let stroke = matches!((x, y), (40..50, 20..80));
            let small_but_near = matches!((x, y), (53..58, 20..24));
            let dust = matches!((x, y), (38, 90) | (60, 50));
            let far = matches!((x, y), (90..95, 5..10));
            let soft_edge = matches!((x, y), (50, 50..60));
            match stroke || small_but_near || dust || far {
                true => 200.0,
                false if soft_edge => 10.0,
                false => 0.0,
            }
        }));
        let [found] = &found.unwrap()[..] else {
            unreachable!("one digit was drawn")
        };
        let found = &found.ink;
        assert_eq!((found.width(), found.height()), (18, 60));
        assert_eq!(
            [found.at(0, 0), found.at(13, 0), found.at(17, 3)],
            [255.0; 3]
        );
        assert!(found.at(10, 35) > 0.0, "soft edge");
        assert_eq!(found.at(13, 4), 0.0);
    }

    #[test]
    fn what_cannot_be_a_digit_is_none() {
        let flats = [
            flat(0.0, |_, _| 0.0),
            flat(0.0, |x, _| if x > 50 { 15.0 } else { 0.0 }),
            flat(10.0, |x, _| if x > 50 { 45.0 } else { 0.0 }),
            flat(0.0, |x, y| if x.max(y) < 2 { 255.0 } else { 0.0 }),
        ];
        for (number, flat) in flats.iter().enumerate() {
            let result = find(flat);
            assert!(matches!(result, Err(ConvertError::Blank)), "{number}");
        }
    }
}

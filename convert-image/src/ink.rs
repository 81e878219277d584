//! Finds the strokes of the digit in a flat picture.

use crate::background::Flat;
use crate::components::{Bounds, Component, components};
use crate::error::ConvertError;
use crate::grey::Grey;
use crate::quantile::quantile;
use crate::sums::Sums;
use crate::threshold::otsu;

/// Standard deviations of the background that count as background.
const FLOOR: f32 = 4.0;

/// Least brightness of ink, in standard deviations of the background and in grey levels.
const FAINTEST: (f32, f32) = (5.0, 16.0);

/// Share of the ink that is below full brightness: edges, and where the pen was light.
const BELOW_FULL: f32 = 0.8;

/// Brightness from which a pixel is part of a stroke. With it, the longer side of the box around
/// the strokes is 20 pixels in all but 4 of MNIST's 10,000 test images, as it was when they were
/// made. Lower, it would take in what JPEG compression leaves around strokes.
const STROKE: f32 = 32.0;

/// A component of less than this share of the largest one's mass is a speck.
const SPECK: f32 = 0.02;

/// So is one of less than this share that is far away: further than [`FAR`] times the longer side
/// of the largest one. The stroke over a 5 may be small, but it is near.
const DISTANT_SPECK: f32 = 0.2;

/// See [`DISTANT_SPECK`].
const FAR: f32 = 0.25;

/// Pixels of the longer side below which nothing can be a digit.
const SMALLEST: usize = 3;

/// Part of the digit's longer side that its soft edges may reach beyond its strokes: a pixel of
/// MNIST's box of 20.
const EDGE: usize = 20;

/// The digit, cut out: 0 where there is no ink, 255 in the middle of a stroke.
///
/// # Errors
///
/// If there is no ink.
pub fn find(flat: &Flat) -> Result<Grey, ConvertError> {
    let stretched = stretch(flat).ok_or(ConvertError::Blank)?;
    let components = components(&stretched, STROKE);
    let (digit, specks): (Vec<_>, Vec<_>) = match components.first() {
        Some(largest) => (components.iter()).partition(|component| belongs(component, largest)),
        None => return Err(ConvertError::Blank),
    };
    let bounds = (digit.iter().map(|component| component.bounds)).reduce(Bounds::with);
    let bounds =
        (bounds.filter(|bounds| bounds.longer() >= SMALLEST)).ok_or(ConvertError::Blank)?;
    let strokes = cover(&stretched, &digit);
    let specks = cover(&stretched, &specks);
    let edge = bounds.longer().div_ceil(EDGE);
    Ok(Grey::from_fn(bounds.width(), bounds.height(), |x, y| {
        let (x, y) = (bounds.left + x, bounds.top + y);
        match strokes.around((x, y), (edge, edge)).0 > 0.0 && specks.around((x, y), (0, 0)).0 == 0.0
        {
            true => stretched.at(x, y),
            false => 0.0,
        }
    }))
}

/// The ink with noise at 0 and full strokes at 255. `None` if there is no ink.
fn stretch(flat: &Flat) -> Option<Grey> {
    let floor = FLOOR * flat.noise;
    let ink = flat
        .ink
        .map(|pixel| if pixel > floor { pixel } else { 0.0 });
    let threshold = otsu(ink.pixels())?;
    let strokes = ink.pixels().iter().filter(|pixel| **pixel >= threshold);
    let full = quantile(strokes.copied().collect(), BELOW_FULL);
    if full < (FAINTEST.0 * flat.noise).max(FAINTEST.1) {
        return None;
    }
    let scale = 255.0 / (full - floor);
    Some(ink.map(|pixel| ((pixel - floor) * scale).clamp(0.0, 255.0)))
}

fn belongs(component: &Component, largest: &Component) -> bool {
    let share = component.mass / largest.mass;
    let gap = component.bounds.gap(largest.bounds) as f32;
    let far = gap > FAR * largest.bounds.longer() as f32;
    share >= if far { DISTANT_SPECK } else { SPECK }
}

/// A table of where the components' pixels are.
fn cover(image: &Grey, components: &[&Component]) -> Sums {
    let mut covered = vec![0_u8; image.pixels().len()];
    for index in components.iter().flat_map(|component| &component.pixels) {
        if let Some(pixel) = covered.get_mut(*index) {
            *pixel = 1;
        }
    }
    let at = |x, y| covered.get(y * image.width() + x).copied();
    Sums::new(image.width(), image.height(), |x, y| {
        f64::from(at(x, y).unwrap_or(0))
    })
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
        let found = found.unwrap();
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

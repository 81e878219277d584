//! Picks, of a picture in colour, what tells ink from paper best.

use image::{ImageBuffer, LumaA, Rgba};
use pictures::Colours;

use crate::grey::Grey;
use crate::quantile::range;
use crate::transparency;

/// Weights of red, green and blue, times [`WHOLE`].
type Weights = [u64; 3];

/// The luminance (ITU-R BT.709). Whole numbers, so that the luminance of a grey is this very grey.
const LUMINANCE: Weights = [2126, 7152, 722];

/// One colour each.
const CHANNELS: [Weights; 3] = [[WHOLE, 0, 0], [0, WHOLE, 0], [0, 0, WHOLE]];

/// What the weights add up to.
const WHOLE: u64 = 10_000;

/// A channel is taken in place of the luminance if its range of values is so many times as large:
/// red ink on green paper may have no luminance of its own.
const BETTER: f32 = 2.0;

/// Share of the pixels that are passed over at both ends of a range.
const EXTREME: f32 = 0.0005;

/// The luminance, or the channel of red, green or blue if that separates ink from paper far better.
pub fn best(image: &Colours) -> Grey {
    let luminance = plane(image, LUMINANCE);
    let is_grey = |pixel: &Rgba<u16>| {
        let [red, green, blue, _] = pixel.0;
        red == green && green == blue
    };
    if image.pixels().all(is_grey) {
        return luminance;
    }
    let least = BETTER * range(luminance.pixels(), EXTREME);
    (CHANNELS.into_iter())
        .map(|weights| plane(image, weights))
        .map(|channel| (range(channel.pixels(), EXTREME), channel))
        .filter(|(range, _)| *range > least)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map_or(luminance, |(_, channel)| channel)
}

fn plane(image: &Colours, weights: Weights) -> Grey {
    let (width, height) = image.dimensions();
    let plane = ImageBuffer::from_fn(width, height, |x, y| {
        let [red, green, blue, opacity] = image.get_pixel(x, y).0;
        let colours = [red, green, blue].map(u64::from);
        let sum: u64 = weights.iter().zip(colours).map(|(w, c)| w * c).sum();
        LumaA([((sum + WHOLE / 2) / WHOLE) as u16, opacity])
    });
    transparency::removed(&plane)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(paper: [u16; 3], ink: [u16; 3]) -> Colours {
        ImageBuffer::from_fn(30, 30, |x, y| {
            let inside = (10..20).contains(&x) && (5..25).contains(&y);
            let [red, green, blue] = if inside { ink } else { paper }.map(|value| 257 * value);
            Rgba([red, green, blue, u16::MAX])
        })
    }

    #[test]
    fn the_channel_that_separates_is_taken() {
        // As bright as each other, to a grey level.
        let grey = best(&square([60, 150, 50], [223, 100, 50]));
        assert_eq!([grey.at(0, 0), grey.at(15, 15)], [60.0, 223.0]);
        // Yellow on white.
        let grey = best(&square([255, 255, 255], [253, 230, 60]));
        assert_eq!([grey.at(0, 0), grey.at(15, 15)], [255.0, 60.0]);
        // Blue on white has luminance enough.
        let grey = best(&square([255, 255, 255], [20, 30, 120]));
        assert!((grey.at(15, 15) - 34.4).abs() < 0.1, "{}", grey.at(15, 15));
    }
}

//! Flattens the light on the paper.

use crate::grey::Grey;
use crate::quantile::{NORMAL_FROM_MEDIAN_DEVIATION, median};
use crate::sums::Sums;

/// Longest side of the copy on which the background is estimated, in pixels.
const COARSE_SIDE: usize = 128;

/// The windows' radii, as parts of the longer side. Large ones first: as long as the ink is not yet
/// known, a small window may lie in a thick stroke and see nothing else.
const WINDOWS: [usize; 7] = [2, 2, 4, 4, 8, 8, 8];

/// Least radius of a window, in cells.
const NARROWEST: usize = 2;

/// Share of a window that has to be background for its mean to be trusted.
const FEWEST: f64 = 0.1;

/// What is further from the background than this many standard deviations of it is not background.
const CLIP: f32 = 3.0;

/// What is no further than this from it always is, in grey levels: rounding, and the error of a mean
/// over a window at the edge of uneven light.
const SLACK: f32 = 3.0;

/// Least brightness range that is left above the background for ink; keeps the quotient sane.
pub const LEAST_RANGE: f32 = 16.0;

/// The ink of a picture without its background.
#[derive(Debug, Clone, PartialEq)]
pub struct Flat {
    /// 0 for background, 255 for the brightest ink there can be.
    pub ink: Grey,
    /// Standard deviation of the background around 0, in units of [`Self::ink`].
    pub noise: f32,
}

/// Takes the background away from `image`, which has light ink on a dark background.
///
/// Each pixel becomes the share, times 255, of the way from the background around it to white. For
/// the negative of dark ink on paper this is one minus the quotient of the light that the ink and
/// the paper around it reflect, which does not depend on how much light falls there.
///
/// The background is a mean over a window without what is far from it, repeated until ink and
/// background are apart (sigma clipping, as in E. Bertin and S. Arnouts, "`SExtractor`: Software for
/// source extraction", Astronomy and Astrophysics Supplement 117, 1996).
pub fn flatten(image: &Grey) -> Flat {
    let longer = image.width().max(image.height());
    let factor = longer.div_ceil(COARSE_SIDE).max(1);
    let background = estimate(&image.shrunk(factor));
    let above = Grey::from_fn(image.width(), image.height(), |x, y| {
        let background = interpolated(&background, x, y, factor);
        255.0 * (image.at(x, y) - background) / (255.0 - background).max(LEAST_RANGE)
    });
    // Ink is only ever above the background, so what is below tells the noise.
    let below = above.pixels().iter().filter(|pixel| **pixel <= 0.0);
    let noise = NORMAL_FROM_MEDIAN_DEVIATION * median(below.map(|pixel| -pixel).collect());
    let ink = above.map(|pixel| pixel.clamp(0.0, 255.0));
    Flat { ink, noise }
}

fn estimate(cells: &Grey) -> Grey {
    let longer = cells.width().max(cells.height());
    let border = cells.border();
    let level = median(border.clone());
    let mut spread = deviation(border.iter().map(|cell| cell - level));
    let mut background = cells.map(|_| level);
    for part in WINDOWS {
        let limit = CLIP * spread + SLACK;
        let is_background =
            |x, y| -> bool { (cells.at(x, y) - background.at(x, y)).abs() <= limit };
        background = means(cells, is_background, longer.div_ceil(part), level);
        let residuals = cells.pixels().iter().zip(background.pixels());
        let residuals = residuals.map(|(cell, background)| cell - background);
        spread = deviation(residuals.filter(|residual| residual.abs() <= limit));
    }
    background
}

fn deviation(residuals: impl Iterator<Item = f32>) -> f32 {
    NORMAL_FROM_MEDIAN_DEVIATION * median(residuals.map(f32::abs).collect())
}

/// Means of the background in windows of at most `radius`, doubled where there is too little of it;
/// `level` where there is none at all.
fn means(
    cells: &Grey,
    is_background: impl Fn(usize, usize) -> bool,
    radius: usize,
    level: f32,
) -> Grey {
    let (width, height) = (cells.width(), cells.height());
    let counts = Sums::new(width, height, |x, y| {
        f64::from(u8::from(is_background(x, y)))
    });
    let sums = Sums::new(width, height, |x, y| match is_background(x, y) {
        true => f64::from(cells.at(x, y)),
        false => 0.0,
    });
    // Near an edge the window shrinks to stay around its pixel, or it would see only the lighter or
    // only the darker side.
    let reach = |place: usize, length: usize| {
        let edge = place.min(length - 1 - place);
        radius.min(edge).max(NARROWEST)
    };
    Grey::from_fn(width, height, |x, y| {
        let (mut across, mut down) = (reach(x, width), reach(y, height));
        loop {
            let (count, area) = counts.around((x, y), (across, down));
            let whole = across >= width && down >= height;
            if count > FEWEST * area as f64 || (whole && count > 0.0) {
                return (sums.around((x, y), (across, down)).0 / count) as f32;
            }
            if whole {
                return level;
            }
            (across, down) = (2 * across, 2 * down);
        }
    })
}

/// The value of `cells`, each the mean of `factor` by `factor` pixels, at a pixel: linear between
/// the middles of the cells, constant beyond the outermost.
fn interpolated(cells: &Grey, x: usize, y: usize, factor: usize) -> f32 {
    let place = |pixel: usize, cells: usize| {
        let last = cells.saturating_sub(1);
        let place = (pixel as f32 + 0.5) / factor as f32 - 0.5;
        let place = place.clamp(0.0, last as f32);
        let before = place as usize;
        (before, (before + 1).min(last), place - before as f32)
    };
    let (left, right, across) = place(x, cells.width());
    let (top, bottom, down) = place(y, cells.height());
    let between = |from: f32, to: f32, share: f32| from + share * (to - from);
    let row = |y| between(cells.at(left, y), cells.at(right, y), across);
    between(row(top), row(bottom), down)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_ink(x: usize, y: usize) -> bool {
        (100..160).contains(&x) && (40..260).contains(&y)
    }

    #[test]
    fn an_even_background_goes_and_the_ink_stays_as_it_is() {
        let image = Grey::from_fn(300, 300, |x, y| match is_ink(x, y) {
            true => (x + 80) as f32,
            false => 0.0,
        });
        let flat = flatten(&image);
        assert_eq!(flat.noise, 0.0);
        assert_eq!(flat.ink, image);
    }

    #[test]
    fn uneven_light_goes_however_thick_the_stroke() {
        // The negative of paper whose light falls from 240 to 90, with ink that reflects a fifth.
        let image = Grey::from_fn(300, 300, |x, y| {
            let paper = 240.0 - 0.25 * (x + y) as f32;
            255.0 - paper * if is_ink(x, y) { 0.2 } else { 1.0 }
        });
        let flat = flatten(&image);
        for y in 0..300 {
            for x in 0..300 {
                let expected = if is_ink(x, y) { 204.0 } else { 0.0 };
                let value = flat.ink.at(x, y);
                assert!((value - expected).abs() < 20.0, "{value} at {x}, {y}");
            }
        }
    }
}

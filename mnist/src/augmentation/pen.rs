//! How a digit was written and scanned: with a thick or a thin pen, at a lower resolution, out of
//! focus, with more or less contrast.

use core::array::from_fn;

use datasets::mnist::SIDE;
use rand::RngExt;
use training::random::Random;

use crate::strokes::FULL;

/// Share of the images that are written with another pen or scanned in another way. The shares below are of these.
const OTHERWISE: f64 = 0.7;
/// Share of the images whose strokes become thicker or thinner, and by how many pixels at most.
const THICKNESS: (f64, [f32; 2]) = (0.5, [-0.6, 1.5]);
/// Share of the images that are scanned at a lower resolution, and the largest side of its pixels.
const COARSE: (f64, f32) = (0.4, 3.2);
/// Share of the images that are out of focus, and the largest standard deviation, in pixels.
const BLUR: (f64, f32) = (0.2, 1.2);
/// Share of the images with harder edges, and the largest factor on the contrast.
const HARD: (f64, f32) = (0.2, 4.0);
/// Largest change of the ink, as the natural logarithm of an exponent on the grey values.
const INK: f32 = 0.3;
/// Least brightness of full ink.
const FAINTEST: f32 = 0.8;

/// An image in grey values, row by row.
type Pixels = [f32; SIDE * SIDE];

/// How one image is written and scanned. What is `None` is left as it is.
#[derive(Debug, Clone)]
pub struct Pen {
    /// What the strokes gain on each side, in pixels; thinner if negative.
    thickness: Option<f32>,
    /// Pixels of the coarser scan on a side, and the place of its first, from 0 to 1.
    coarse: Option<(f32, [f32; 2])>,
    /// Standard deviation of a Gaussian blur, in pixels.
    blur: Option<f32>,
    /// Factor on the contrast.
    contrast: Option<f32>,
    exponent: f32,
    brightness: f32,
}

impl Pen {
    /// Draws all of it.
    pub fn draw(random: &mut Random) -> Self {
        let otherwise = if random.random_bool(OTHERWISE) {
            1.0
        } else {
            0.0
        };
        let thickness = sometimes(random, otherwise * THICKNESS.0, |random| {
            random.random_range(THICKNESS.1[0]..THICKNESS.1[1])
        });
        let coarse = sometimes(random, otherwise * COARSE.0, |random| {
            let size = random.random_range(1.0..COARSE.1);
            (size, from_fn(|_| random.random_range(0.0..1.0)))
        });
        let blur = sometimes(random, otherwise * BLUR.0, |random| {
            random.random_range(0.3..BLUR.1)
        });
        let contrast = sometimes(random, otherwise * HARD.0, |random| {
            random.random_range(1.0..HARD.1)
        });
        Self {
            thickness,
            coarse,
            blur,
            contrast,
            exponent: random.random_range(-INK..INK).exp(),
            brightness: random.random_range(FAINTEST..1.0),
        }
    }

    /// Writes the digit in `image`, grey values from 0 to 255, anew.
    pub fn apply(&self, image: &mut [f32]) {
        let Ok(mut pixels) = Pixels::try_from(&*image) else {
            return;
        };
        if let Some(thickness) = self.thickness {
            pixels = thickened(&pixels, thickness);
        }
        if let Some((size, phase)) = self.coarse {
            pixels = coarsened(&pixels, size, phase);
        }
        if let Some(deviation) = self.blur {
            pixels = blurred(&pixels, deviation);
        }
        if let Some(contrast) = self.contrast {
            pixels = pixels.map(|pixel| FULL / 2.0 + contrast * (pixel - FULL / 2.0));
        }
        // Whoever prepares a picture gives its darkest ink the full value.
        let fullest = pixels.iter().copied().fold(1.0, f32::max);
        for (value, pixel) in image.iter_mut().zip(pixels) {
            let share = (pixel / fullest).max(0.0);
            *value = match share > 0.0 {
                true => FULL * self.brightness * share.powf(self.exponent),
                false => 0.0,
            };
        }
    }
}

fn sometimes<T>(random: &mut Random, share: f64, draw: impl FnOnce(&mut Random) -> T) -> Option<T> {
    random.random_bool(share).then(|| draw(random))
}

/// The pixel at a place that may lie outside, where there is paper.
fn at(pixels: &Pixels, x: isize, y: isize) -> f32 {
    let inside = 0..SIDE as isize;
    match inside.contains(&x) && inside.contains(&y) {
        true => pixels[y as usize * SIDE + x as usize],
        false => 0.0,
    }
}

/// Strokes that are `by` pixels thicker on each side: a grey-scale dilation with the four
/// neighbours, and a share of it for part of a pixel; an erosion if `by` is negative.
fn thickened(pixels: &Pixels, by: f32) -> Pixels {
    let pick = if by > 0.0 { f32::max } else { f32::min };
    let mut result = *pixels;
    let mut left = by.abs();
    while left > 0.0 {
        let before = result;
        let share = left.min(1.0);
        result = from_fn(|index| {
            let (x, y) = ((index % SIDE) as isize, (index / SIDE) as isize);
            let neighbours = [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)];
            let picked = neighbours.map(|(x, y)| at(&before, x, y));
            let picked = picked.into_iter().fold(before[index], pick);
            before[index] + share * (picked - before[index])
        });
        left -= share;
    }
    result
}

/// `pixels` applied to each row, and then to each column, of an image.
fn separable(pixels: &Pixels, line: impl Fn(&[f32; SIDE], usize) -> [f32; SIDE]) -> Pixels {
    let mut rows = *pixels;
    for row in rows.as_chunks_mut::<SIDE>().0 {
        *row = line(row, 0);
    }
    let mut result = rows;
    for x in 0..SIDE {
        let column = line(&from_fn(|y| rows[y * SIDE + x]), 1);
        for (y, value) in column.into_iter().enumerate() {
            result[y * SIDE + x] = value;
        }
    }
    result
}

/// The image as a scan with pixels of `size` shows it, enlarged again by linear interpolation.
/// `phase` is how far the scan's first pixel lies before the image's, in pixels of the scan.
fn coarsened(pixels: &Pixels, size: f32, phase: [f32; 2]) -> Pixels {
    separable(pixels, |line, axis| {
        let start = -phase[axis] * size;
        let count = ((SIDE as f32 - start) / size).ceil() as usize;
        let cells: Vec<f32> = (0..count)
            .map(|cell| mean(line, start + cell as f32 * size, size))
            .collect();
        from_fn(|index| {
            let place = (index as f32 + 0.5 - start) / size - 0.5;
            let before = place.floor();
            let cell = |index: f32| match index < 0.0 {
                true => 0.0,
                false => cells.get(index as usize).copied().unwrap_or(0.0),
            };
            let (low, high) = (cell(before), cell(before + 1.0));
            low + (place - before) * (high - low)
        })
    })
}

/// Mean of a line over `length` pixels from `start`; paper outside.
fn mean(line: &[f32; SIDE], start: f32, length: f32) -> f32 {
    let end = start + length;
    let pixels = start.max(0.0) as usize..(end.ceil().max(0.0) as usize).min(SIDE);
    let sum: f32 = pixels
        .map(|index| {
            let covered = end.min((index + 1) as f32) - start.max(index as f32);
            covered.max(0.0) * line[index]
        })
        .sum();
    sum / length
}

/// A Gaussian blur, cut off after three pixels.
fn blurred(pixels: &Pixels, deviation: f32) -> Pixels {
    let weights: [f32; 4] =
        from_fn(|distance| (-0.5 * (distance as f32 / deviation).powi(2)).exp());
    let total = weights[0] + 2.0 * (weights[1] + weights[2] + weights[3]);
    separable(pixels, |line, _| {
        from_fn(|index| {
            let sum: f32 = (index.saturating_sub(3)..(index + 4).min(SIDE))
                .map(|other| weights[other.abs_diff(index)] * line[other])
                .sum();
            sum / total
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A vertical stroke of two pixels.
    fn stroke() -> Pixels {
        from_fn(|i| match (i % SIDE, i / SIDE) {
            (13..15, 5..23) => FULL,
            _ => 0.0,
        })
    }

    fn sum(pixels: &Pixels) -> f32 {
        pixels.iter().sum()
    }

    #[test]
    fn strokes_become_thicker_and_thinner() {
        let row = |pixels: &Pixels| [12, 13, 14, 15].map(|x| pixels[14 * SIDE + x]);
        assert_eq!(row(&thickened(&stroke(), 0.4)), [102.0, FULL, FULL, 102.0]);
        assert_eq!(row(&thickened(&stroke(), 1.0)), [FULL; 4]);
        assert_eq!(row(&thickened(&stroke(), -0.4)), [0.0, 153.0, 153.0, 0.0]);
        assert_eq!(thickened(&stroke(), 0.0), stroke());
    }

    #[test]
    fn coarse_scans_and_blur_keep_the_ink() {
        for size in [1.0, 1.7, 3.0] {
            for phase in [0.0, 0.4, 0.99] {
                let coarse = coarsened(&stroke(), size, [phase, 1.0 - phase]);
                let ratio = sum(&coarse) / sum(&stroke());
                assert!((0.93..1.07).contains(&ratio), "{size} {phase}: {ratio}");
            }
        }
        assert_eq!(coarsened(&stroke(), 1.0, [0.0; 2]), stroke());
        let ratio = sum(&blurred(&stroke(), 1.0)) / sum(&stroke());
        assert!((ratio - 1.0).abs() < 1e-3, "{ratio}");
    }

    #[test]
    fn doing_nothing_gives_the_image() {
        let pen = Pen {
            thickness: None,
            coarse: None,
            blur: None,
            contrast: None,
            exponent: 1.0,
            brightness: 1.0,
        };
        let mut image = stroke();
        pen.apply(&mut image);
        assert_eq!(image, stroke());
        let hard = Pen {
            contrast: Some(2.0),
            ..pen
        };
        let mut grey = stroke().map(|pixel| if pixel > 0.0 { pixel } else { 90.0 });
        hard.apply(&mut grey);
        let share = (2.0 * 90.0 - FULL / 2.0) / (1.5 * FULL);
        assert!((grey[0] - FULL * share).abs() < 1e-3, "{}", grey[0]);
    }
}

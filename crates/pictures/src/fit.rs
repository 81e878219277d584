//! Gives pictures the size that a model takes.

use std::ops::Range;

use image::Rgba;

use crate::decode::Colours;

/// Colours of a pixel: red, green and blue.
pub const COLOURS: usize = 3;

/// Weights of red, green and blue in the luminance (ITU-R BT.709), times 10,000. Whole numbers, so that the luminance of a
/// grey is this very grey.
const LUMINANCE: [u32; COLOURS] = [2126, 7152, 722];

/// How far apart the colours of a grey pixel may be: JPEG files of grey pictures are not quite grey.
const GREY: u8 = 4;

/// `picture` at the size `[width, height]`: red, green and blue of each pixel, row by row from the top, from 0 to 255.
///
/// All of the picture is kept, in its proportions, in the middle; what it does not fill gets the mean colour of its edge.
/// Where it is transparent it is put on white. A pixel is the mean over what it covers, and linear interpolation where the
/// picture grows. A picture that has the size already comes back as it is.
#[must_use]
pub fn fitted(picture: &Colours, [width, height]: [usize; 2]) -> Vec<u8> {
    let lengths = [picture.width() as usize, picture.height() as usize];
    let pixels: Vec<[f32; COLOURS]> = picture.pixels().copied().map(on_white).collect();
    let edge = edge(&pixels, lengths);
    let [across, down] = [
        lengths[0] as f32 / width as f32,
        lengths[1] as f32 / height as f32,
    ];
    let step = across.max(down);
    let columns: Vec<_> = (0..width)
        .map(|x| cover(lengths[0], width, step, x))
        .collect();
    let rows: Vec<_> = (0..height)
        .map(|y| cover(lengths[1], height, step, y))
        .collect();
    // Rows of the picture with the width that is wanted.
    let narrow: Vec<[f32; COLOURS]> = (pixels.chunks_exact(lengths[0].max(1)))
        .flat_map(|row| {
            columns
                .iter()
                .map(|cover| mean(cover.as_ref(), |x| row.get(x), edge))
        })
        .collect();
    let result = rows.iter().flat_map(|cover| {
        let narrow = &narrow;
        (0..width).map(move |x| mean(cover.as_ref(), |y| narrow.get(y * width + x), edge))
    });
    result
        .flatten()
        .map(|colour| colour.round().clamp(0.0, 255.0) as u8)
        .collect()
}

/// A pixel, from 0 to 255, on a white ground.
fn on_white(Rgba([red, green, blue, opacity]): Rgba<u16>) -> [f32; COLOURS] {
    let opacity = f32::from(opacity) / f32::from(u16::MAX);
    // 65,535 is 257 times 255. A division, as a product would not give back whole numbers.
    [red, green, blue].map(|colour| opacity * (f32::from(colour) / 257.0) + (1.0 - opacity) * 255.0)
}

/// The mean colour of the outermost pixels.
fn edge(pixels: &[[f32; COLOURS]], [width, height]: [usize; 2]) -> [f32; COLOURS] {
    let is_outside = |index: usize| {
        let (x, y) = (index % width.max(1), index / width.max(1));
        x == 0 || y == 0 || x + 1 == width || y + 1 == height
    };
    let (mut sum, mut count) = ([0.0_f64; COLOURS], 0.0);
    for (_, pixel) in pixels
        .iter()
        .enumerate()
        .filter(|(index, _)| is_outside(*index))
    {
        for (sum, colour) in sum.iter_mut().zip(pixel) {
            *sum += f64::from(*colour);
        }
        count += 1.0;
    }
    sum.map(|sum| (sum / f64::max(count, 1.0)) as f32)
}

/// What a pixel of the result covers of a line of the picture.
struct Cover {
    /// From where to where, in pixels of the line.
    range: Range<f32>,
    /// The pixels that are touched.
    pixels: Range<usize>,
}

/// What the pixel number `index` of `result` covers of `length` pixels that are centred and scaled by `1 / step`; `None` if
/// that is beyond the ends.
fn cover(length: usize, result: usize, step: f32, index: usize) -> Option<Cover> {
    let whole = length as f32;
    let from_centre = (index as f32 + 0.5 - result as f32 / 2.0) * step;
    // A line that is thinner than a pixel of the result is still seen.
    if from_centre.abs() > whole.max(step) / 2.0 {
        return None;
    }
    let reach = step.max(1.0).min(whole);
    let start = (from_centre + whole / 2.0 - reach / 2.0).clamp(0.0, whole - reach);
    let end = start + reach;
    let last = (end.ceil() as usize).min(length);
    Some(Cover {
        range: start..end,
        pixels: (start as usize).min(last)..last,
    })
}

/// The mean over what is covered, or the colour of the edge if nothing is.
fn mean<'a>(
    cover: Option<&Cover>,
    line: impl Fn(usize) -> Option<&'a [f32; COLOURS]>,
    edge: [f32; COLOURS],
) -> [f32; COLOURS] {
    let Some(Cover { range, pixels }) = cover else {
        return edge;
    };
    let (mut sum, mut total) = ([0.0; COLOURS], 0.0);
    for pixel in pixels.clone() {
        let share = (range.end.min((pixel + 1) as f32) - range.start.max(pixel as f32)).max(0.0);
        for (sum, colour) in sum.iter_mut().zip(line(pixel).unwrap_or(&edge)) {
            *sum += share * colour;
        }
        total += share;
    }
    match total > 0.0 {
        true => sum.map(|sum| sum / total),
        false => edge,
    }
}

/// Whether all of `pixels`, red, green and blue of each, are grey.
#[must_use]
pub fn is_grey(pixels: &[u8]) -> bool {
    pixels
        .as_chunks::<COLOURS>()
        .0
        .iter()
        .all(|[red, green, blue]| {
            let most = red.max(green).max(blue);
            let least = red.min(green).min(blue);
            most - least <= GREY
        })
}

/// The luminance of `pixels`, red, green and blue of each.
#[must_use]
pub fn grey(pixels: &[u8]) -> Vec<u8> {
    let luminance = |pixel: &[u8; COLOURS]| {
        let products = pixel
            .iter()
            .zip(LUMINANCE)
            .map(|(colour, weight)| u32::from(*colour) * weight);
        ((products.sum::<u32>() + 5000) / 10_000) as u8
    };
    pixels
        .as_chunks::<COLOURS>()
        .0
        .iter()
        .map(luminance)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, height: u32, pixel: impl Fn(u32, u32) -> [u8; 4]) -> Colours {
        Colours::from_fn(width, height, |x, y| {
            Rgba(pixel(x, y).map(|value| 257 * u16::from(value)))
        })
    }

    #[test]
    fn a_picture_of_the_right_size_stays_as_it_is() {
        for [width, height] in [[8, 8], [5, 9], [1, 1]] {
            let colour = |x: u32, y: u32| [(7 * x) as u8, (11 * y) as u8, (x * y) as u8];
            let picture = picture(width, height, |x, y| {
                let [red, green, blue] = colour(x, y);
                [red, green, blue, 255]
            });
            let expected: Vec<u8> = (0..height)
                .flat_map(|y| (0..width).flat_map(move |x| colour(x, y)))
                .collect();
            assert_eq!(
                fitted(&picture, [width as usize, height as usize]),
                expected
            );
        }
    }

    #[test]
    fn proportions_are_kept_on_the_colour_of_the_edge() {
        // Twice as wide as high: a bar across the middle half.
        let picture = picture(80, 40, |x, _| {
            if (20..60).contains(&x) {
                [250, 0, 0, 255]
            } else {
                [0, 0, 80, 255]
            }
        });
        let pixels = fitted(&picture, [8, 8]);
        let at = |x: usize, y: usize| [0, 1, 2].map(|c| pixels[(y * 8 + x) * 3 + c]);
        assert_eq!(at(0, 3), [0, 0, 80]);
        assert_eq!(at(3, 3), [250, 0, 0]);
        assert_eq!(at(3, 2), [250, 0, 0]);
        // Above and below, the mean of the outermost pixels: 80 of them red, 156 blue.
        let red = (250.0_f32 * 80.0 / 236.0).round() as u8;
        assert_eq!(at(3, 1), [red, 0, (80.0_f32 * 156.0 / 236.0).round() as u8]);
        assert_eq!(at(7, 7), at(3, 0));
    }

    #[test]
    fn tiny_and_thin_pictures_are_seen() {
        let dot = picture(1, 1, |_, _| [10, 20, 30, 255]);
        assert_eq!(fitted(&dot, [4, 4]), [10, 20, 30].repeat(16));
        let line = picture(1000, 1, |x, _| {
            if x < 500 {
                [0, 0, 0, 255]
            } else {
                [255, 255, 255, 255]
            }
        });
        let pixels = fitted(&line, [10, 10]);
        assert_eq!(pixels[(5 * 10 + 1) * 3], 0);
        assert_eq!(pixels[(5 * 10 + 8) * 3], 255);
        assert_eq!(pixels[0], 128);
    }

    #[test]
    fn what_is_transparent_is_on_white() {
        let picture = picture(2, 1, |x, _| [100, 100, 100, if x == 0 { 0 } else { 51 }]);
        let half = (0.2_f32 * 100.0 + 0.8 * 255.0).round() as u8;
        assert_eq!(fitted(&picture, [2, 1]), [255, 255, 255, half, half, half]);
    }

    #[test]
    fn greys_are_told_and_kept() {
        let pixels: Vec<u8> = (0..=255).flat_map(|value| [value; COLOURS]).collect();
        assert!(is_grey(&pixels) && is_grey(&[100, 104, 102]));
        assert!(!is_grey(&[100, 105, 102]));
        assert_eq!(grey(&pixels), (0..=255).collect::<Vec<u8>>());
    }
}

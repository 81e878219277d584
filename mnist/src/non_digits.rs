//! Images that show no digit. A network that has never seen one is as certain of them as of digits,
//! so it learns to give every digit the same probability (D. Hendrycks, M. Mazeika and T. Dietterich,
//! "Deep anomaly detection with outlier exposure", ICLR 2019, <https://arxiv.org/abs/1812.04606>).

use core::array::from_fn;

use datasets::mnist::{Image, SIDE};
use rand::RngExt;
use training::random::Random;

use crate::strokes::{self, FULL};

const PIXELS: usize = SIDE * SIDE;
/// Most points on a side of the grid that smooth noise is drawn for.
const MOST_POINTS: usize = 11;
/// Strokes of a scribble, at least and at most.
const STROKES: [usize; 2] = [2, 5];
/// Thickness of a scribble's strokes, in pixels, at least and at most.
const THICKNESS: [f32; 2] = [1.2, 4.0];
/// How far two digits on one image are apart across and down, in pixels, at least and at most.
/// Nearer, they might be a digit with thick strokes.
const APART: [usize; 2] = [5, 12];

/// Draws an image without a digit, in grey values from 0 to 255, partly from pieces of `images`.
#[must_use]
pub fn draw(images: &[&Image], random: &mut Random) -> [f32; PIXELS] {
    match random.random_range(0..5) {
        0 => noise(random),
        1 => smooth_noise(random),
        2 => pieces(images, random),
        3 => two_digits(images, random),
        _ => scribble(random),
    }
}

/// Each pixel on its own, some of them paper.
fn noise(random: &mut Random) -> [f32; PIXELS] {
    let share = random.random_range(0.1..1.0);
    let brightest = random.random_range(0.3..1.0) * FULL;
    from_fn(|_| match random.random_bool(share) {
        true => random.random_range(0.0..brightest),
        false => 0.0,
    })
}

/// Noise for the points of a grid, and what lies between them; part of it is cut off at paper and ink.
fn smooth_noise(random: &mut Random) -> [f32; PIXELS] {
    let points = random.random_range(3..=MOST_POINTS);
    let grid: [[f32; MOST_POINTS]; MOST_POINTS] =
        from_fn(|_| from_fn(|_| random.random_range(0.0..FULL)));
    let contrast = random.random_range(1.0..5.0);
    let scale = (points - 1) as f32 / SIDE as f32;
    from_fn(|pixel| {
        let (x, y) = ((pixel % SIDE) as f32 * scale, (pixel / SIDE) as f32 * scale);
        let (left, top) = (x as usize, y as usize);
        let (x, y) = (x - left as f32, y - top as f32);
        let row = |row: usize| grid[row][left] + x * (grid[row][left + 1] - grid[row][left]);
        let value = row(top) + y * (row(top + 1) - row(top));
        (FULL / 2.0 + contrast * (value - FULL / 2.0)).clamp(0.0, FULL)
    })
}

/// A quarter each of four digits, from anywhere to anywhere.
fn pieces(images: &[&Image], random: &mut Random) -> [f32; PIXELS] {
    const QUARTER: usize = SIDE / 2;
    let mut result = [0.0; PIXELS];
    for (left, top) in [(0, 0), (QUARTER, 0), (0, QUARTER), (QUARTER, QUARTER)] {
        let image = one_of(images, random);
        let [from_x, from_y]: [usize; 2] = from_fn(|_| random.random_range(0..=QUARTER));
        for y in 0..QUARTER {
            for x in 0..QUARTER {
                let pixel = image[(from_y + y) * SIDE + from_x + x];
                result[(top + y) * SIDE + left + x] = f32::from(pixel);
            }
        }
    }
    result
}

/// Two digits over each other, moved apart, about the centre.
fn two_digits(images: &[&Image], random: &mut Random) -> [f32; PIXELS] {
    let apart: [usize; 2] = from_fn(|_| random.random_range(APART[0]..=APART[1]));
    let mirrored = random.random_bool(0.5);
    let mut result = [0.0; PIXELS];
    for first in [true, false] {
        let image = one_of(images, random);
        // To the left or the right of the centre, and above or below.
        let before = [first, first != mirrored];
        for (index, value) in result.iter_mut().enumerate() {
            let place = [index % SIDE, index / SIDE];
            let [x, y] = from_fn(|axis| match before[axis] {
                true => place[axis] + apart[axis] / 2,
                false => place[axis].wrapping_sub(apart[axis] - apart[axis] / 2),
            });
            if x < SIDE && y < SIDE {
                *value = f32::max(*value, image[y * SIDE + x].into());
            }
        }
    }
    result
}

fn one_of<'a>(images: &[&'a Image], random: &mut Random) -> &'a Image {
    images[random.random_range(0..images.len())]
}

/// Strokes from anywhere to anywhere, bent: quadratic Bézier curves.
fn scribble(random: &mut Random) -> [f32; PIXELS] {
    let mut result = [0.0; PIXELS];
    let radius = random.random_range(THICKNESS[0]..THICKNESS[1]) / 2.0;
    for _ in 0..random.random_range(STROKES[0]..=STROKES[1]) {
        let points: [[f32; 2]; 3] =
            from_fn(|_| from_fn(|_| random.random_range(3.0..SIDE as f32 - 3.0)));
        strokes::draw(&mut result, points, radius);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use training::random::{Purpose, random};

    #[test]
    fn every_kind_has_paper_and_ink_and_follows_the_seed() {
        let image: Image = from_fn(|index| if index % SIDE == 14 { 255 } else { 0 });
        let images = [&image];
        let mut generator = random(1, Purpose::Noise(0));
        let drawn: Vec<_> = (0..200).map(|_| draw(&images, &mut generator)).collect();
        for pixels in &drawn {
            assert!(pixels.iter().all(|pixel| (0.0..=FULL).contains(pixel)));
            assert!(pixels.iter().any(|pixel| *pixel > 60.0));
        }
        assert_eq!(draw(&images, &mut random(1, Purpose::Noise(0))), drawn[0]);
    }

    #[test]
    fn two_digits_are_moved_as_wholes() {
        let mut image: Image = [0; PIXELS];
        image[14 * SIDE + 14] = 200;
        let both = two_digits(&[&image], &mut random(3, Purpose::Noise(0)));
        let ink: Vec<_> = both.iter().filter(|pixel| **pixel > 0.0).collect();
        assert!(
            ink.len() <= 2 && ink.iter().all(|pixel| **pixel == 200.0),
            "{ink:?}"
        );
    }
}

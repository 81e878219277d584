//! The shape of a digit: turned, slanted, stretched, moved, written with a shaky hand ("Best
//! practices for convolutional neural networks applied to visual document analysis", ICDAR 2003).

use core::array::from_fn;

use datasets::mnist::{Image, SIDE};
use rand::RngExt;
use training::random::Random;

/// Largest turn either way, in radians: 12 degrees.
const TURN: f32 = 0.21;
/// Largest slant either way, in pixels across to a pixel up.
const SLANT: f32 = 0.2;
/// Largest stretch either way, as the natural logarithm of the factor.
const STRETCH: f32 = 0.14;
/// Largest move either way, in pixels.
const MOVE: f32 = 2.0;
/// Largest displacement by a shaky hand, in pixels.
const SHAKE: f32 = 1.2;
/// Displacements are drawn for this many points a side, and interpolated between them.
const POINTS: usize = 6;

/// How one image is disturbed.
#[derive(Debug, Clone)]
pub struct Warp {
    /// From a place in the result, seen from the centre, to one in the image.
    matrix: [[f32; 2]; 2],
    /// Added to that, in pixels.
    shift: [f32; 2],
    /// Displacements of the points of a grid, in pixels.
    grid: [[[f32; 2]; POINTS]; POINTS],
}

impl Warp {
    /// Draws all of it.
    pub fn draw(random: &mut Random) -> Self {
        let mut within = |limit: f32| random.random_range(-limit..limit);
        let turn = within(TURN);
        let slant = within(SLANT);
        let [along, across] = [within(STRETCH).exp(), within(STRETCH).exp()];
        let (sine, cosine) = turn.sin_cos();
        let shift = [within(MOVE), within(MOVE)];
        let shake = within(SHAKE);
        let grid = from_fn(|_| from_fn(|_| from_fn(|_| shake * within(1.0))));
        Self {
            // A turn, after a slant, after a stretch.
            matrix: [
                [cosine * along, (cosine * slant - sine) * across],
                [sine * along, (sine * slant + cosine) * across],
            ],
            shift,
            grid,
        }
    }

    /// Writes the grey values of the disturbed `image` to `output`, row by row.
    pub fn apply(&self, image: &Image, output: &mut [f32]) {
        let centre = (SIDE - 1) as f32 / 2.0;
        for (y, row) in output.chunks_exact_mut(SIDE).enumerate() {
            for (x, value) in row.iter_mut().enumerate() {
                let [shake_x, shake_y] = self.displacement(x, y);
                let (across, down) = (x as f32 - centre, y as f32 - centre);
                let [[a, b], [c, d]] = self.matrix;
                let place_x = a * across + b * down + centre + self.shift[0] + shake_x;
                let place_y = c * across + d * down + centre + self.shift[1] + shake_y;
                *value = sample(image, place_x, place_y);
            }
        }
    }

    /// How far the place is displaced: bilinear between the points of the grid.
    fn displacement(&self, x: usize, y: usize) -> [f32; 2] {
        let scale = (POINTS - 1) as f32 / (SIDE - 1) as f32;
        let (x, y) = (x as f32 * scale, y as f32 * scale);
        let (left, top) = ((x as usize).min(POINTS - 2), (y as usize).min(POINTS - 2));
        let (x, y) = (x - left as f32, y - top as f32);
        from_fn(|axis| {
            let at = |down: usize, across: usize| self.grid[top + down][left + across][axis];
            let upper = at(0, 0) + x * (at(0, 1) - at(0, 0));
            let lower = at(1, 0) + x * (at(1, 1) - at(1, 0));
            upper + y * (lower - upper)
        })
    }
}

/// The grey value at a place between pixels; beyond the image there is paper.
fn sample(image: &Image, x: f32, y: f32) -> f32 {
    let (left, top) = (x.floor(), y.floor());
    let (x, y) = (x - left, y - top);
    let (left, top) = (left as isize, top as isize);
    let at = |down: isize, across: isize| {
        let inside = 0..SIDE as isize;
        let (row, column) = (top + down, left + across);
        match inside.contains(&row) && inside.contains(&column) {
            true => f32::from(image[row as usize * SIDE + column as usize]),
            false => 0.0,
        }
    };
    let upper = at(0, 0) + x * (at(0, 1) - at(0, 0));
    let lower = at(1, 0) + x * (at(1, 1) - at(1, 0));
    upper + y * (lower - upper)
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A vertical stroke.
    pub fn stroke() -> Image {
        from_fn(|i| {
            if (5..23).contains(&(i / SIDE)) && (13..15).contains(&(i % SIDE)) {
                255
            } else {
                0
            }
        })
    }

    #[test]
    fn doing_nothing_gives_the_image() {
        let warp = Warp {
            matrix: [[1.0, 0.0], [0.0, 1.0]],
            shift: [0.0; 2],
            grid: [[[0.0; 2]; POINTS]; POINTS],
        };
        let mut output = vec![0.0; SIDE * SIDE];
        warp.apply(&stroke(), &mut output);
        for (found, pixel) in output.iter().zip(stroke()) {
            assert!((found - f32::from(pixel)).abs() < 1e-5);
        }
    }

    #[test]
    fn a_shift_moves_and_paper_comes_in() {
        let image = stroke();
        assert_eq!(sample(&image, 13.0, 10.0), 255.0);
        assert_eq!(sample(&image, 12.25, 10.0), 63.75);
        assert_eq!(sample(&image, 13.5, 4.5), 127.5);
        for place in [(-0.5, 10.0), (40.0, 3.0), (-1e9, 1e9)] {
            assert_eq!(sample(&image, place.0, place.1), 0.0);
        }
    }
}

//! Images that show no digit, as MNIST would have them: 28 x 28 pixels from 0 to 255.

use std::array::from_fn;
use std::path::Path;

use anyhow::Result;
use datasets::mnist::{Image, SIDE, png};
use testing::cases;

/// Images of each kind.
const COUNT: usize = 500;

/// Points on a side of the grid that smooth noise is drawn for.
const POINTS: usize = 7;

/// Longer side of a letter, in pixels, as of MNIST's digits.
const BOX: f32 = 20.0;

/// Radii of the pens that letters are drawn with, in pixels.
const PENS: [f32; 4] = [0.7, 1.0, 1.4, 1.8];

/// Slants of letters, in pixels across to a pixel up.
const SLANTS: [f32; 5] = [-0.2, -0.1, 0.0, 0.1, 0.2];

type Line = &'static [[f32; 2]];

/// Letters of straight strokes that look like no digit, in a box of 1 by 1 with y downwards.
const LETTERS: [(char, &[Line]); 12] = [
    (
        'A',
        &[
            &[[0.0, 1.0], [0.4, 0.0], [0.8, 1.0]],
            &[[0.2, 0.6], [0.6, 0.6]],
        ],
    ),
    (
        'E',
        &[
            &[[0.6, 0.0], [0.0, 0.0], [0.0, 1.0], [0.6, 1.0]],
            &[[0.0, 0.5], [0.5, 0.5]],
        ],
    ),
    (
        'F',
        &[
            &[[0.6, 0.0], [0.0, 0.0], [0.0, 1.0]],
            &[[0.0, 0.5], [0.5, 0.5]],
        ],
    ),
    (
        'H',
        &[
            &[[0.0, 0.0], [0.0, 1.0]],
            &[[0.7, 0.0], [0.7, 1.0]],
            &[[0.0, 0.5], [0.7, 0.5]],
        ],
    ),
    (
        'K',
        &[
            &[[0.0, 0.0], [0.0, 1.0]],
            &[[0.6, 0.0], [0.0, 0.6], [0.65, 1.0]],
        ],
    ),
    (
        'M',
        &[&[[0.0, 1.0], [0.0, 0.0], [0.45, 0.6], [0.9, 0.0], [0.9, 1.0]]],
    ),
    ('N', &[&[[0.0, 1.0], [0.0, 0.0], [0.7, 1.0], [0.7, 0.0]]]),
    (
        'R',
        &[&[
            [0.0, 1.0],
            [0.0, 0.0],
            [0.55, 0.1],
            [0.55, 0.4],
            [0.0, 0.5],
            [0.6, 1.0],
        ]],
    ),
    ('T', &[&[[0.0, 0.0], [0.8, 0.0]], &[[0.4, 0.0], [0.4, 1.0]]]),
    ('V', &[&[[0.0, 0.0], [0.4, 1.0], [0.8, 0.0]]]),
    (
        'W',
        &[&[[0.0, 0.0], [0.2, 1.0], [0.45, 0.4], [0.7, 1.0], [0.9, 0.0]]],
    ),
    ('X', &[&[[0.0, 0.0], [0.7, 1.0]], &[[0.7, 0.0], [0.0, 1.0]]]),
];

/// A linear congruential generator: the constants of Numerical Recipes.
pub struct Numbers(u32);

impl Numbers {
    /// The numbers that follow `seed`.
    pub fn new(seed: u32) -> Self {
        Self(seed)
    }

    /// The next number, from 0 to 255.
    fn next(&mut self) -> u8 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 24) as u8
    }
}

/// Each pixel on its own.
pub fn noise(numbers: &mut Numbers) -> Vec<Image> {
    (0..COUNT).map(|_| from_fn(|_| numbers.next())).collect()
}

/// Noise for the points of a grid, and what lies between them.
pub fn smooth_noise(numbers: &mut Numbers) -> Vec<Image> {
    let image = |numbers: &mut Numbers| -> Image {
        let grid: [[f32; POINTS + 1]; POINTS + 1] = from_fn(|_| from_fn(|_| numbers.next().into()));
        let scale = POINTS as f32 / SIDE as f32;
        from_fn(|pixel| {
            let (x, y) = ((pixel % SIDE) as f32 * scale, (pixel / SIDE) as f32 * scale);
            let (left, top) = (x as usize, y as usize);
            let (x, y) = (x - left as f32, y - top as f32);
            let row = |row: usize| grid[row][left] + x * (grid[row][left + 1] - grid[row][left]);
            (row(top) + y * (row(top + 1) - row(top))) as u8
        })
    };
    (0..COUNT).map(|_| image(numbers)).collect()
}

/// Letters with several pens and slants.
pub fn letters() -> Vec<Image> {
    let drawn = |(_, lines): &(char, &[Line])| -> Vec<Image> {
        (PENS.iter())
            .flat_map(|pen| SLANTS.map(|slant| letter(lines, *pen, slant)))
            .collect()
    };
    LETTERS.iter().flat_map(drawn).collect()
}

/// A letter in the size of MNIST's digits, in the middle of the image.
fn letter(lines: &[Line], pen: f32, slant: f32) -> Image {
    let height = BOX - 2.0 * pen;
    let centre = SIDE as f32 / 2.0;
    let place = |[x, y]: [f32; 2]| {
        let x = (x - 0.4) + slant * (0.5 - y);
        [centre + height * x, centre + height * (y - 0.5)]
    };
    from_fn(|pixel| {
        let here = [(pixel % SIDE) as f32 + 0.5, (pixel / SIDE) as f32 + 0.5];
        let distances = (lines.iter().flat_map(|line| line.windows(2)))
            .map(|ends| distance(here, place(ends[0]), place(ends[1])));
        let nearest = distances.fold(f32::INFINITY, f32::min);
        // An edge of one pixel.
        (255.0 * (pen + 0.5 - nearest).clamp(0.0, 1.0)) as u8
    })
}

/// Distance of a point from the line between two others.
fn distance([x, y]: [f32; 2], [ax, ay]: [f32; 2], [bx, by]: [f32; 2]) -> f32 {
    let (across, down) = (bx - ax, by - ay);
    let along = ((x - ax) * across + (y - ay) * down) / (across * across + down * down);
    let along = along.clamp(0.0, 1.0);
    (x - ax - along * across).hypot(y - ay - along * down)
}

/// Images of clothes, of the folder `folder` with a folder for each class, as many as there are.
pub fn clothes(folder: &Path) -> Result<Vec<Image>> {
    let mut images = Vec::new();
    for class in cases::entries(folder)?.iter().filter(|path| path.is_dir()) {
        for file in cases::entries(class)?.iter().take(COUNT / 10) {
            images.push(png::decode(&std::fs::read(file)?)?);
        }
    }
    Ok(images)
}

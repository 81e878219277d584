//! Disturbs pictures as they differ between cameras, hands and light. All draws are made one after the other, and the
//! arithmetic is done on all cores.

use burn_cpu_ops::parallel;
use rand::RngExt;
use training::random::Random;

use crate::read::Pictures;

/// Largest turn either way, in radians: 12 degrees.
const TURN: f32 = 0.21;
/// Largest zoom either way, as the natural logarithm of the factor.
const ZOOM: f32 = 0.16;
/// Largest stretch in one direction against the other, as the natural logarithm of the factor.
const STRETCH: f32 = 0.1;
/// Largest move either way, as a share of the side.
const MOVE: f32 = 0.09;
/// Largest change of contrast, as the natural logarithm of the factor.
const CONTRAST: f32 = 0.06;
/// Largest change of brightness, of a range from 0 to 255.
const BRIGHTNESS: f32 = 6.0;
/// Largest change of one colour against the others, as the natural logarithm of the factor.
const TINT: f32 = 0.03;
/// How often a square is cut out, and its side at least and at most, as a share of that of the picture (T. `DeVries` and
/// G. Taylor, <https://arxiv.org/abs/1708.04552>).
const CUT: f64 = 0.5;
const CUT_SIDE: [f32; 2] = [0.15, 0.4];
/// The middle of the range of a pixel: what is cut out gets it.
const MIDDLE: f32 = 127.5;

/// The pixels of `rows`, disturbed, from 0 to 255; mirrored in half of the cases if `mirror`.
#[must_use]
pub fn augment(pictures: &Pictures, rows: &[usize], mirror: bool, random: &mut Random) -> Vec<f32> {
    let draws: Vec<Draw> = rows
        .iter()
        .map(|_| Draw::new(pictures, mirror, random))
        .collect();
    let numbers = pictures.numbers();
    let mut output = vec![0.0; rows.len() * numbers];
    let pieces = output.chunks_exact_mut(numbers).zip(rows).zip(&draws);
    parallel::map(pieces, |((output, row), draw)| {
        draw.apply(pictures, pictures.picture(*row), output);
    });
    output
}

/// How one picture is disturbed.
struct Draw {
    /// From a place in the result, seen from the centre, to one in the picture.
    matrix: [[f32; 2]; 2],
    /// Added to that, in pixels.
    shift: [f32; 2],
    contrast: f32,
    brightness: f32,
    /// A factor for each channel.
    tint: [f32; 3],
    /// First and last column, first and last row of what is cut out.
    cut: Option<[f32; 4]>,
}

impl Draw {
    fn new(pictures: &Pictures, mirror: bool, random: &mut Random) -> Self {
        let mut within = |limit: f32| random.random_range(-limit..limit);
        let turn = within(TURN);
        let (zoom, stretch) = (within(ZOOM), within(STRETCH));
        let [across, down] = [(zoom + stretch).exp(), (zoom - stretch).exp()];
        let lengths = [pictures.width as f32, pictures.height as f32];
        let shift = lengths.map(|length| within(MOVE) * length);
        let (contrast, brightness) = (within(CONTRAST).exp(), within(BRIGHTNESS));
        let tint = [(); 3].map(|()| within(TINT).exp());
        let across = match mirror && random.random() {
            true => -across,
            false => across,
        };
        let cut = random.random_bool(CUT).then(|| {
            let share = random.random_range(CUT_SIDE[0]..CUT_SIDE[1]);
            let [[left, right], [top, bottom]] = lengths.map(|length| {
                let centre = random.random_range(0.0..length);
                [centre - share * length / 2.0, centre + share * length / 2.0]
            });
            [left, right, top, bottom]
        });
        Self {
            // A turn, after a change of the size, after mirroring.
            matrix: [
                [turn.cos() * across, -turn.sin() * down],
                [turn.sin() * across, turn.cos() * down],
            ],
            shift,
            contrast,
            brightness,
            tint: if pictures.channels == 1 {
                [1.0; 3]
            } else {
                tint
            },
            cut,
        }
    }

    fn apply(&self, pictures: &Pictures, picture: &[u8], output: &mut [f32]) {
        let Pictures {
            height,
            width,
            channels,
            ..
        } = *pictures;
        let centre = [(width - 1) as f32 / 2.0, (height - 1) as f32 / 2.0];
        for (index, pixel) in output.chunks_exact_mut(channels).enumerate() {
            let (x, y) = ((index % width) as f32, (index / width) as f32);
            if let Some([left, right, top, bottom]) = self.cut
                && (left..right).contains(&x)
                && (top..bottom).contains(&y)
            {
                pixel.fill(MIDDLE);
                continue;
            }
            let (across, down) = (x - centre[0], y - centre[1]);
            let from = [0, 1].map(|axis| {
                let [of_across, of_down] = self.matrix[axis];
                of_across * across + of_down * down + centre[axis] + self.shift[axis]
            });
            sample(picture, [width, height], from, pixel);
            for (value, tint) in pixel.iter_mut().zip(self.tint) {
                let changed = (*value - MIDDLE) * self.contrast + MIDDLE + self.brightness;
                *value = (changed * tint).clamp(0.0, 255.0);
            }
        }
    }
}

/// The colours at a place between pixels: bilinear; beyond the picture, those of the nearest pixel.
fn sample(picture: &[u8], [width, height]: [usize; 2], [x, y]: [f32; 2], pixel: &mut [f32]) {
    let x = x.clamp(0.0, (width - 1) as f32);
    let y = y.clamp(0.0, (height - 1) as f32);
    let (left, top) = (x as usize, y as usize);
    let (right, bottom) = ((left + 1).min(width - 1), (top + 1).min(height - 1));
    let (x, y) = (x - left as f32, y - top as f32);
    let channels = pixel.len();
    let at = |row: usize, column: usize| {
        let start = (row * width + column) * channels;
        picture.get(start..start + channels).unwrap_or_default()
    };
    let corners = [
        at(top, left),
        at(top, right),
        at(bottom, left),
        at(bottom, right),
    ];
    let shares = [(1.0 - x) * (1.0 - y), x * (1.0 - y), (1.0 - x) * y, x * y];
    pixel.fill(0.0);
    for (corner, share) in corners.into_iter().zip(shares) {
        for (value, colour) in pixel.iter_mut().zip(corner) {
            *value += share * f32::from(*colour);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use training::random::{Purpose, random};

    fn pictures() -> Pictures {
        Pictures {
            height: 9,
            width: 12,
            channels: 3,
            pixels: (0..2 * 9 * 12 * 3).map(|i| (i * 7 % 256) as u8).collect(),
            labels: vec![0, 1],
            classes: vec!["a".into(), "b".into()],
            names: Vec::new(),
            first_of_test: None,
            notes: Vec::new(),
        }
    }

    fn still() -> Draw {
        Draw {
            matrix: [[1.0, 0.0], [0.0, 1.0]],
            shift: [0.0; 2],
            contrast: 1.0,
            brightness: 0.0,
            tint: [1.0; 3],
            cut: None,
        }
    }

    #[test]
    fn doing_nothing_gives_the_picture_and_mirroring_turns_its_rows() {
        let pictures = pictures();
        let mut output = vec![f32::NAN; pictures.numbers()];
        still().apply(&pictures, pictures.picture(1), &mut output);
        let expected: Vec<f32> = pictures.picture(1).iter().map(|p| f32::from(*p)).collect();
        assert_eq!(output, expected);
        let mirror = Draw {
            matrix: [[-1.0, 0.0], [0.0, 1.0]],
            ..still()
        };
        mirror.apply(&pictures, pictures.picture(1), &mut output);
        assert_eq!(output[..3], expected[11 * 3..12 * 3]);
    }

    #[test]
    fn what_is_drawn_follows_the_seed_and_stays_in_range() {
        let draw = |seed| {
            augment(
                &pictures(),
                &[0, 1, 1],
                true,
                &mut random(seed, Purpose::Noise(0)),
            )
        };
        let drawn = draw(1);
        assert!(drawn.iter().all(|value| (0.0..=255.0).contains(value)));
        assert_eq!(drawn, draw(1));
        assert_ne!(drawn, draw(2));
    }
}

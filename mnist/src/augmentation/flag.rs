//! A one as it is written in much of the world, and printed: with a stroke up to its top, the flag, and sometimes
//! with a line below. The data set has hardly any, and a network that has seen none takes them for sevens and nines.

use core::array::from_fn;

use datasets::mnist::{Image, SIDE};
use rand::RngExt;
use training::random::Random;

use crate::strokes::{self, FULL};

/// Share of the ones with a flag, of those that do not lean.
const FLAGS: f64 = 0.3;
/// The ones that lean by more than this stay as they are, in radians: 17 degrees. With a flag they would be sevens.
const UPRIGHT: f32 = 0.3;
/// Share of these that have a line below as well.
const LINES: f64 = 0.3;
/// Length of a flag as a share of the digit's height, at least and at most.
const LENGTH: [f32; 2] = [0.2, 0.5];
/// Angle between a flag and the stroke that it leads to, in radians, at least and at most: 25 and 60 degrees.
const ANGLE: [f32; 2] = [0.44, 1.05];
/// Largest angle between a flag and the vertical, in radians: 63 degrees. With more it would be the bar of a seven.
const FLATTEST: f32 = 1.1;
/// How far a line below reaches to each side, as a share of the height, at least and at most.
const REACH: [f32; 2] = [0.12, 0.3];

/// What one image of a one gains.
#[derive(Debug, Clone)]
pub struct Flag {
    length: f32,
    angle: f32,
    line: Option<f32>,
}

impl Flag {
    /// Draws it, if this one gets a flag.
    pub fn draw(random: &mut Random) -> Option<Self> {
        random.random_bool(FLAGS).then(|| Self {
            length: random.random_range(LENGTH[0]..LENGTH[1]),
            angle: random.random_range(ANGLE[0]..ANGLE[1]),
            line: (random.random_bool(LINES)).then(|| random.random_range(REACH[0]..REACH[1])),
        })
    }

    /// The image of a one with it.
    pub fn added_to(&self, image: &Image) -> Image {
        let ink = |y: usize| image.iter().skip(y * SIDE).take(SIDE);
        let dark = |y: &usize| ink(*y).any(|pixel| f32::from(*pixel) > FULL / 2.0);
        let (Some(top), Some(bottom)) = ((0..SIDE).find(dark), (0..SIDE).rfind(dark)) else {
            return *image;
        };
        let height = (bottom + 1 - top) as f32;
        let total: f32 = image.iter().map(|pixel| f32::from(*pixel) / FULL).sum();
        let radius = (total / height / 2.0).clamp(0.5, 2.5);
        let end = |y: usize| {
            let sum: f32 = ink(y).map(|pixel| f32::from(*pixel)).sum();
            let places = ink(y).enumerate();
            let moment: f32 = places.map(|(x, p)| (x as f32 + 0.5) * f32::from(*p)).sum();
            moment / sum
        };
        let [high, low] = [top as f32 + radius, bottom as f32 + 1.0 - radius];
        let [above, below] = [end(top), end(bottom)];
        // The stroke leans to the right by this angle.
        let slant = ((above - below) / (low - high).max(1.0)).atan();
        if slant.abs() > UPRIGHT {
            return *image;
        }
        let (across, down) = (self.angle + slant).min(FLATTEST).sin_cos();
        let length = self.length * height;
        let tip = [above - length * across, high + length * down];

        let mut pixels: [f32; SIDE * SIDE] = from_fn(|index| image[index].into());
        strokes::draw(&mut pixels, straight([above, high], tip), radius);
        if let Some(reach) = self.line {
            let ends = [-reach, reach].map(|reach| [below + reach * height, low]);
            strokes::draw(&mut pixels, straight(ends[0], ends[1]), radius);
        }
        pixels.map(|pixel| pixel as u8)
    }
}

/// The points of a straight stroke.
fn straight(from: [f32; 2], to: [f32; 2]) -> [[f32; 2]; 3] {
    [
        from,
        from_fn(|axis| f32::midpoint(from[axis], to[axis])),
        to,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::augmentation::warp::tests::stroke;
    use training::random::{Purpose, random};

    #[test]
    fn a_flag_leads_up_to_the_top_and_a_line_lies_below() {
        let image = stroke();
        let flag = Flag {
            length: 0.4,
            angle: 0.8,
            line: None,
        };
        let gained = |flag: &Flag| -> Vec<usize> {
            let with = flag.added_to(&image);
            (0..SIDE * SIDE)
                .filter(|index| with[*index] > image[*index])
                .collect()
        };
        // To the left of the stroke, which is in columns 13 and 14, and at its upper end.
        let upper = gained(&flag);
        assert!(upper.len() > 5);
        assert!((upper.iter()).all(|index| index / SIDE < SIDE / 2 && index % SIDE <= 15));
        let both = gained(&Flag {
            line: Some(0.2),
            ..flag
        });
        let lower: Vec<_> = both.iter().filter(|index| !upper.contains(index)).collect();
        assert!(lower.len() > 3 && lower.iter().all(|index| *index / SIDE > SIDE / 2));
    }

    #[test]
    fn some_ones_get_one_and_an_empty_image_stays_so() {
        let mut generator = random(1, Purpose::Noise(0));
        let flags: Vec<_> = (0..1000)
            .filter_map(|_| Flag::draw(&mut generator))
            .collect();
        assert!((250..350).contains(&flags.len()), "{}", flags.len());
        let empty = [0; SIDE * SIDE];
        assert_eq!(flags[0].added_to(&empty), empty);
    }
}

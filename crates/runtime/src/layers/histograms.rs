//! A picture in a few hundred numbers: which way its edges run in each part of it, and how much of each colour it has.

use alloc::boxed::Box;

use model::ModelError;

use super::{Layer, LayerKind, MOST_OUTPUTS};

/// Parts of a picture across and down.
const CELLS: usize = 6;
/// Directions of edges.
const DIRECTIONS: usize = 9;
/// Cosine and sine of each direction: multiples of 20 degrees.
const COMPASS: [[f32; 2]; DIRECTIONS] = [
    [1.0, 0.0],
    [0.939_692_6, 0.342_020_14],
    [0.766_044_44, 0.642_787_6],
    [0.5, 0.866_025_4],
    [0.173_648_18, 0.984_807_8],
    [-0.173_648_18, 0.984_807_8],
    [-0.5, 0.866_025_4],
    [-0.766_044_44, 0.642_787_6],
    [-0.939_692_6, 0.342_020_14],
];
/// Squared cosine of 20 degrees: an edge as far from a direction as that does not count for it.
const APART: f32 = 0.883_022_2;
/// How many numbers the edges are.
const EDGES: usize = CELLS * CELLS * DIRECTIONS;
/// Levels of each of three colours, and of grey.
const COLOUR_LEVELS: usize = 6;
const GREY_LEVELS: usize = 16;
/// Pixels run from minus this to this.
const RANGE: f32 = 2.0;

/// Histograms of the directions of edges, one for each of 6 by 6 parts of a picture (N. Dalal and B. Triggs, "Histograms of
/// oriented gradients for human detection", CVPR 2005), and one of the colours of all pixels (M. Swain and D. Ballard, "Color
/// indexing", International Journal of Computer Vision 7, 1991).
///
/// What lies between two directions, parts or colours counts for both. Out come the square roots of shares (R. Arandjelović and
/// A. Zisserman, "Three things everyone should know to improve object retrieval", CVPR 2012), scaled to a mean square of 1, for
/// the edges and for the colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Histograms {
    /// Height of the picture, in pixels.
    pub height: usize,
    /// Width of the picture, in pixels.
    pub width: usize,
    /// Numbers of a pixel, from −2 to 2: 3, or 1 for grey.
    pub channels: usize,
}

impl Histograms {
    /// How the file calls it.
    pub const KIND: LayerKind = LayerKind {
        name: "histograms",
        read: |layer, inputs| Ok(Box::new(Histograms::read(layer, inputs)?)),
    };

    /// Reads a layer that takes `inputs` numbers.
    ///
    /// # Errors
    ///
    /// If they are not as many as its picture has, or that is neither grey nor of three colours.
    pub fn read(layer: &model::Layer<'_, '_>, inputs: usize) -> Result<Self, ModelError> {
        let (height, width): (usize, usize) = (layer.setting("height")?, layer.setting("width")?);
        let channels = layer.setting("channels")?;
        let pixels = height.checked_mul(width);
        let numbers = pixels.and_then(|pixels| pixels.checked_mul(channels));
        if !matches!(channels, 1 | 3) || inputs == 0 || numbers != Some(inputs) {
            return Err(layer.problem("takes another image than comes"));
        }
        if inputs > MOST_OUTPUTS {
            return Err(layer.problem("has too many inputs"));
        }
        Ok(Self {
            height,
            width,
            channels,
        })
    }

    /// The numbers of the pixel in column `x` and row `y`.
    fn pixel<'p>(&self, picture: &'p [f32], x: usize, y: usize) -> &'p [f32] {
        let start = (y * self.width + x) * self.channels;
        picture
            .get(start..start + self.channels)
            .unwrap_or_default()
    }

    /// The steepest gradient of all colours, across and down. At the border it is that to the neighbour inside.
    fn gradient(&self, picture: &[f32], x: usize, y: usize) -> [f32; 2] {
        let column = |x: usize| self.pixel(picture, x, y);
        let row = |y: usize| self.pixel(picture, x, y);
        let across = column(x.saturating_sub(1))
            .iter()
            .zip(column((x + 1).min(self.width - 1)));
        let down = row(y.saturating_sub(1))
            .iter()
            .zip(row((y + 1).min(self.height - 1)));
        let mut steepest = [0.0; 2];
        for ((left, right), (above, below)) in across.zip(down) {
            let gradient = [right - left, below - above];
            if square(gradient) > square(steepest) {
                steepest = gradient;
            }
        }
        steepest
    }

    fn count_edges(&self, picture: &[f32], edges: &mut [f32]) {
        for y in 0..self.height {
            let rows = between(part(y, self.height), CELLS);
            for x in 0..self.width {
                let [across, down] = self.gradient(picture, x, y);
                let squared = square([across, down]);
                if squared == 0.0 {
                    continue;
                }
                let columns = between(part(x, self.width), CELLS);
                let length = libm::sqrtf(squared);
                for (direction, [cosine, sine]) in COMPASS.iter().enumerate() {
                    let along = across * cosine + down * sine;
                    let near = (along * along / squared - APART) / (1.0 - APART);
                    if near <= 0.0 {
                        continue;
                    }
                    for (row, of_row) in rows {
                        for (column, of_column) in columns {
                            let index = (row * CELLS + column) * DIRECTIONS + direction;
                            if let Some(count) = edges.get_mut(index) {
                                *count += length * near * of_row * of_column;
                            }
                        }
                    }
                }
            }
        }
    }

    fn count_colours(&self, picture: &[f32], colours: &mut [f32]) {
        for pixel in picture.chunks_exact(self.channels) {
            if let [grey] = pixel {
                for (level, share) in between(level(*grey, GREY_LEVELS), GREY_LEVELS) {
                    add(colours, level, share);
                }
            } else if let [red, green, blue] = pixel {
                let [red, green, blue] = [red, green, blue]
                    .map(|colour| between(level(*colour, COLOUR_LEVELS), COLOUR_LEVELS));
                for (red, of_red) in red {
                    for (green, of_green) in green {
                        for (blue, of_blue) in blue {
                            let index = (red * COLOUR_LEVELS + green) * COLOUR_LEVELS + blue;
                            add(colours, index, of_red * of_green * of_blue);
                        }
                    }
                }
            }
        }
    }
}

impl Layer for Histograms {
    fn outputs(&self) -> usize {
        EDGES
            + match self.channels {
                1 => GREY_LEVELS,
                _ => COLOUR_LEVELS * COLOUR_LEVELS * COLOUR_LEVELS,
            }
    }

    fn forward(&self, input: &[f32], output: &mut [f32]) {
        output.fill(0.0);
        if let Some((edges, colours)) = output.split_at_mut_checked(EDGES) {
            self.count_edges(input, edges);
            self.count_colours(input, colours);
            roots_of_shares(edges);
            roots_of_shares(colours);
        }
    }
}

fn square([across, down]: [f32; 2]) -> f32 {
    across * across + down * down
}

fn add(counts: &mut [f32], index: usize, share: f32) {
    if let Some(count) = counts.get_mut(index) {
        *count += share;
    }
}

/// Where the pixel `index` of `length` lies among the cells: the centre of the first is 0.
fn part(index: usize, length: usize) -> f32 {
    (index as f32 + 0.5) * CELLS as f32 / length as f32 - 0.5
}

/// Where `value` lies among so many levels: the centre of the first is 0.
fn level(value: f32, levels: usize) -> f32 {
    (value + RANGE) * (levels as f32 / (2.0 * RANGE)) - 0.5
}

/// The two of `count` places that `place` lies between, and its share of each: the nearer, the more.
fn between(place: f32, count: usize) -> [(usize, f32); 2] {
    let place = place.clamp(0.0, (count - 1) as f32);
    let first = (place as usize).min(count - 2);
    let share = place - first as f32;
    [(first, 1.0 - share), (first + 1, share)]
}

/// Counts to square roots of their shares of the sum, with a mean square of 1; all stay 0 if there is nothing.
fn roots_of_shares(counts: &mut [f32]) {
    let sum: f32 = counts.iter().sum();
    if sum > 0.0 {
        let factor = counts.len() as f32 / sum;
        for count in counts {
            *count = libm::sqrtf(*count * factor);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use alloc::vec::Vec;

    fn describe(layer: Histograms, picture: &[f32]) -> Vec<f32> {
        let mut output = vec![f32::NAN; layer.outputs()];
        layer.forward(picture, &mut output);
        output
    }

    #[test]
    fn an_edge_counts_for_its_place_and_direction() {
        let layer = Histograms {
            height: 24,
            width: 24,
            channels: 1,
        };
        // Dark above row 10, bright below: the gradient points down, at 90 degrees, between the fifth and sixth direction. Row 9
        // lies between the second and third parts, row 10 between the third and fourth.
        let picture: Vec<f32> = (0..24 * 24)
            .map(|i| if i / 24 < 10 { -2.0 } else { 2.0 })
            .collect();
        let output = describe(layer, &picture);
        for (index, number) in output[..EDGES].iter().enumerate() {
            let (row, direction) = (index / DIRECTIONS / CELLS, index % DIRECTIONS);
            let expected = matches!(direction, 4 | 5) && (1..=3).contains(&row);
            assert_eq!(*number > 0.0, expected, "{index}");
        }
        let shares: Vec<f32> = (output[EDGES..].iter())
            .map(|root| root * root / GREY_LEVELS as f32)
            .collect();
        assert!((shares[0] - 10.0 / 24.0).abs() < 1e-6);
        assert!((shares[GREY_LEVELS - 1] - 14.0 / 24.0).abs() < 1e-6);
    }

    #[test]
    fn colours_between_levels_count_for_both() {
        let layer = Histograms {
            height: 8,
            width: 9,
            channels: 3,
        };
        // Centres of levels are ±1/3, ±1 and ±5/3.
        let output = describe(layer, &[-1.0, 0.5, 9.0].repeat(72));
        assert!(output[..EDGES].iter().all(|number| *number == 0.0));
        let shares: Vec<f32> = output[EDGES..]
            .iter()
            .map(|root| root * root / 216.0)
            .collect();
        for (index, share) in shares.iter().enumerate() {
            let expected = match index {
                59 => 0.75,
                65 => 0.25,
                _ => 0.0,
            };
            assert!((share - expected).abs() < 1e-6, "{index}: {share}");
        }
    }

    #[test]
    fn the_numbers_have_a_mean_square_of_one() {
        for (height, width, channels) in [(8, 8, 1), (5, 31, 3), (48, 48, 3)] {
            let layer = Histograms {
                height,
                width,
                channels,
            };
            let picture: Vec<f32> = (0..height * width * channels)
                .map(|i| ((i * i) % 41) as f32 / 10.0 - 2.0)
                .collect();
            let output = describe(layer, &picture);
            for part in [&output[..EDGES], &output[EDGES..]] {
                let squares: f32 = part.iter().map(|number| number * number).sum();
                assert!((squares / part.len() as f32 - 1.0).abs() < 1e-4);
            }
        }
    }
}

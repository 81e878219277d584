//! Windows of words: how strongly any one, two or three words in a row are what each filter looks for,
//! and where in a text that is strongest (Kim, <https://arxiv.org/abs/1408.5882>).
//!
//! Texts are of any length, and no time is spent on padding. The way back follows the strongest places
//! alone, which are few.

use fearless_simd::{Level, Simd, dispatch};
use inference::kernels::{LANES, load, multiply_add, splat, store};
use inference::layers::{ROLES, WINDOWS};

use super::parallel::map_pieces;

/// Texts to a piece of work.
const TEXTS: usize = 4;
/// Words that are multiplied by the same weights at once.
const WORDS: usize = 4;
/// Stands for a place that there is none of.
const NOWHERE: u32 = u32::MAX;

/// Words of several texts, one text after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    /// The row of each word in the table of words.
    pub words: Vec<u32>,
    /// Where each text ends.
    pub ends: Vec<u32>,
}

impl Texts {
    /// The words of each text.
    fn each(&self) -> impl Iterator<Item = &[u32]> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        let bounds = starts.zip(&self.ends);
        bounds.map(|(start, end)| &self.words[start as usize..*end as usize])
    }
}

/// The weights.
#[derive(Debug, Clone, Copy)]
pub struct Weights<'a> {
    /// Numbers of each word, shape `[words, size]`.
    pub word: &'a [f32],
    /// What a word adds to windows in each of its roles, shape `[size, 6, filters]`.
    pub window: &'a [f32],
    /// Shape `[3, filters]`.
    pub bias: &'a [f32],
}

impl Weights<'_> {
    fn filters(&self) -> usize {
        self.bias.len() / WINDOWS
    }

    fn size(&self) -> usize {
        self.window.len() / (ROLES * self.filters())
    }
}

/// What [`forward`] finds.
#[derive(Debug, Clone)]
pub struct Found {
    /// How strong each filter's strongest place is, shape `[texts, 3, filters]`.
    pub output: Vec<f32>,
    /// Its last word, counted within the text.
    places: Vec<u32>,
}

/// The gradients of the weights, in their shapes.
#[derive(Debug, Clone)]
pub struct Gradients {
    /// Of the words' numbers.
    pub word: Vec<f32>,
    /// Of what they add.
    pub window: Vec<f32>,
    /// Of the biases.
    pub bias: Vec<f32>,
}

/// Finds the strongest places. A text without words has none: its numbers are 0.
#[must_use]
pub fn forward(weights: Weights<'_>, texts: &Texts) -> Found {
    let width = weights.bias.len();
    let texts: Vec<&[u32]> = texts.each().collect();
    let mut output = vec![0.0; texts.len() * width];
    let places = map_pieces(&mut output, TEXTS * width, |piece, output| {
        let mut places = vec![NOWHERE; output.len()];
        let mut added = Vec::new();
        let rows = output
            .chunks_exact_mut(width)
            .zip(places.chunks_exact_mut(width));
        for (text, (output, places)) in texts[piece * TEXTS..].iter().zip(rows) {
            multiply(weights, text, &mut added);
            find_strongest(weights, &added, output, places);
        }
        places
    });
    Found {
        output,
        places: places.concat(),
    }
}

/// The roles of the words of a window, the last first.
fn roles(window: usize) -> std::ops::Range<usize> {
    let first = window * (window + 1) / 2;
    first..first + window + 1
}

fn find_strongest(weights: Weights<'_>, added: &[f32], output: &mut [f32], places: &mut [u32]) {
    let filters = weights.filters();
    let row = ROLES * filters;
    let mut sums = vec![0.0; filters];
    for window in 0..WINDOWS {
        let part = window * filters..(window + 1) * filters;
        let (output, places) = (&mut output[part.clone()], &mut places[part.clone()]);
        output.fill(f32::NEG_INFINITY);
        for last in 0..added.len() / row {
            let start = last * row + roles(window).start * filters;
            sums.copy_from_slice(&added[start..][..filters]);
            for (before, role) in roles(window).enumerate().skip(1) {
                let Some(word) = last.checked_sub(before) else {
                    break;
                };
                let part = &added[word * row + role * filters..][..filters];
                sums.iter_mut().zip(part).for_each(|(sum, x)| *sum += x);
            }
            for ((strongest, place), sum) in output.iter_mut().zip(places.iter_mut()).zip(&sums) {
                // A NaN is not to be passed over: it has to stop the training.
                let stronger = *sum > *strongest || sum.is_nan();
                *strongest = if stronger { *sum } else { *strongest };
                *place = if stronger { last as u32 } else { *place };
            }
        }
        let biases = output.iter_mut().zip(places).zip(&weights.bias[part]);
        for ((strongest, place), bias) in biases {
            *strongest += bias;
            // Written so that a NaN is not hidden.
            if *strongest <= 0.0 {
                (*strongest, *place) = (0.0, NOWHERE);
            }
        }
    }
}

/// What each word of a text adds in each role, shape `[words, 6, filters]`.
fn multiply(weights: Weights<'_>, text: &[u32], added: &mut Vec<f32>) {
    let (size, width) = (weights.size(), ROLES * weights.filters());
    added.clear();
    added.resize(text.len() * width, 0.0);
    dispatch!(Level::new(), simd => {
        for (words, added) in text.chunks(WORDS).zip(added.chunks_mut(WORDS * width)) {
            // A group that is not full is filled up with its last word, whose result is not kept.
            let rows: [&[f32]; WORDS] = std::array::from_fn(|index| {
                let word = words[index.min(words.len() - 1)] as usize;
                &weights.word[word * size..][..size]
            });
            let mut column = 0;
            while column + 2 * LANES <= width {
                multiply_group::<_, 2>(simd, rows, weights.window, width, column, added);
                column += 2 * LANES;
            }
            while column + LANES <= width {
                multiply_group::<_, 1>(simd, rows, weights.window, width, column, added);
                column += LANES;
            }
            for column in column..width {
                for (row, added) in rows.iter().zip(added.chunks_exact_mut(width)) {
                    let weights = weights.window[column..].iter().step_by(width);
                    added[column] = row.iter().zip(weights).map(|(x, w)| x * w).sum();
                }
            }
        }
    });
}

/// `N` vectors of columns from `column` on, of four words at once: all sums stay in registers.
#[inline(always)]
fn multiply_group<S: Simd, const N: usize>(
    simd: S,
    rows: [&[f32]; WORDS],
    window: &[f32],
    width: usize,
    column: usize,
    added: &mut [f32],
) {
    let mut sums = [[splat(simd, 0.0); N]; WORDS];
    for (index, weights) in window.chunks_exact(width).enumerate() {
        let (vectors, _) = weights[column..].as_chunks::<LANES>();
        for (row, sums) in rows.iter().zip(&mut sums) {
            let x = splat(simd, row[index]);
            for (sum, vector) in sums.iter_mut().zip(vectors) {
                *sum = multiply_add::<_, true>(x, load(simd, vector), *sum);
            }
        }
    }
    for (sums, added) in sums.into_iter().zip(added.chunks_exact_mut(width)) {
        let (vectors, _) = added[column..].as_chunks_mut::<LANES>();
        for (sum, vector) in sums.into_iter().zip(vectors) {
            store(sum, vector);
        }
    }
}

/// The gradients, given that of the output.
#[must_use]
pub fn backward(
    weights: Weights<'_>,
    texts: &Texts,
    found: &Found,
    output_gradient: &[f32],
) -> Gradients {
    let (size, filters) = (weights.size(), weights.filters());
    let width = weights.bias.len();
    let window = transposed(weights.window, ROLES * filters);
    let mut window_gradient = vec![0.0; window.len()];
    let mut word = vec![0.0; weights.word.len()];
    let mut bias = vec![0.0; width];
    let rows = output_gradient
        .chunks_exact(width)
        .zip(found.places.chunks_exact(width));
    for (text, (gradient, places)) in texts.each().zip(rows) {
        for (column, (gradient, place)) in gradient.iter().zip(places).enumerate() {
            if *place == NOWHERE {
                continue;
            }
            bias[column] += gradient;
            let (window_size, filter) = (column / filters, column % filters);
            for (before, role) in roles(window_size).enumerate() {
                let Some(position) = (*place as usize).checked_sub(before) else {
                    break;
                };
                let row = text[position] as usize * size;
                let weight = (role * filters + filter) * size;
                let numbers = &weights.word[row..][..size];
                let adds = &window[weight..][..size];
                let gradients = word[row..][..size].iter_mut().zip(numbers);
                let gradients =
                    gradients.zip(window_gradient[weight..][..size].iter_mut().zip(adds));
                for ((of_number, number), (of_weight, weight)) in gradients {
                    *of_number += gradient * weight;
                    *of_weight += gradient * number;
                }
            }
        }
    }
    Gradients {
        word,
        window: transposed(&window_gradient, size),
        bias,
    }
}

/// The columns of a row-major matrix with rows of `width` as rows.
fn transposed(matrix: &[f32], width: usize) -> Vec<f32> {
    (0..width)
        .flat_map(|column| matrix[column..].iter().step_by(width).copied())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: usize = 5;

    /// How far a weight is moved to see the slope.
    const STEP: f32 = 1.0 / 4096.0;

    /// Some of the weights.
    type Part = fn(&mut Toy) -> &mut Vec<f32>;

    struct Toy {
        word: Vec<f32>,
        window: Vec<f32>,
        bias: Vec<f32>,
        texts: Texts,
    }

    impl Toy {
        /// With so many filters; texts of 0, 1, 2 and 9 words.
        fn new(filters: usize) -> Self {
            let mut state = 1_u64;
            let mut draw = || {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                ((state >> 40) as f32) / (1 << 23) as f32 - 1.0
            };
            Self {
                word: (0..7 * SIZE).map(|_| draw()).collect(),
                window: (0..SIZE * ROLES * filters).map(|_| draw()).collect(),
                bias: (0..WINDOWS * filters).map(|_| 0.3 * draw()).collect(),
                texts: Texts {
                    words: vec![3, 6, 1, 0, 5, 2, 2, 4, 6, 1, 3, 5],
                    ends: vec![0, 1, 3, 12],
                },
            }
        }

        fn weights(&self) -> Weights<'_> {
            Weights {
                word: &self.word,
                window: &self.window,
                bias: &self.bias,
            }
        }

        /// By the definition, in f64.
        fn output(&self) -> Vec<f64> {
            let filters = self.weights().filters();
            let adds = |word: u32, role: usize, filter: usize| -> f64 {
                let products = (0..SIZE).map(|i| {
                    let weight = self.window[(i * ROLES + role) * filters + filter];
                    f64::from(self.word[word as usize * SIZE + i]) * f64::from(weight)
                });
                products.sum()
            };
            let mut output = Vec::new();
            for text in self.texts.each() {
                for (window, first) in [0, 1, 3].into_iter().enumerate() {
                    for filter in 0..filters {
                        let strength = |last: usize| -> f64 {
                            let words = (0..=window.min(last))
                                .map(|before| adds(text[last - before], first + before, filter));
                            words.sum::<f64>() + f64::from(self.bias[window * filters + filter])
                        };
                        output.push((0..text.len()).map(strength).fold(0.0, f64::max));
                    }
                }
            }
            output
        }
    }

    #[test]
    fn the_strongest_places_are_those_of_the_definition() {
        for filters in [1, 3, 4, 8, 11] {
            let toy = Toy::new(filters);
            let found = forward(toy.weights(), &toy.texts);
            for (y, expected) in found.output.iter().zip(toy.output()) {
                assert!(
                    (f64::from(*y) - expected).abs() < 1e-5,
                    "{filters}: {y} {expected}"
                );
            }
        }
    }

    #[test]
    fn gradients_are_finite_differences() {
        let toy = Toy::new(3);
        let found = forward(toy.weights(), &toy.texts);
        let mix: Vec<f32> = (0..found.output.len())
            .map(|i| (i % 5) as f32 - 2.0)
            .collect();
        let gradients = backward(toy.weights(), &toy.texts, &found, &mix);
        let loss = |toy: &Toy| -> f64 {
            toy.output()
                .iter()
                .zip(&mix)
                .map(|(y, m)| y * f64::from(*m))
                .sum()
        };
        let parts: [(Part, &Vec<f32>); 3] = [
            (|toy| &mut toy.word, &gradients.word),
            (|toy| &mut toy.window, &gradients.window),
            (|toy| &mut toy.bias, &gradients.bias),
        ];
        for (part, gradient) in parts {
            for (index, gradient) in gradient.iter().enumerate() {
                let at = |step: f32| {
                    let mut toy = Toy::new(3);
                    part(&mut toy)[index] += step;
                    loss(&toy)
                };
                let expected = (at(STEP) - at(-STEP)) / f64::from(2.0 * STEP);
                assert!(
                    (f64::from(*gradient) - expected).abs() < 2e-3,
                    "{gradient} {expected}"
                );
            }
        }
    }
}

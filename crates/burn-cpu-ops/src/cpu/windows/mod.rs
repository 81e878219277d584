//! Windows of words: how strongly any one, two or three words in a row are what each filter looks for,
//! and where in a text that is strongest (Kim, <https://arxiv.org/abs/1408.5882>).
//!
//! Texts are of any length, and no time is spent on padding. The way back follows the strongest places
//! alone, which are few.

mod backward;
mod forward;

use kernels::{KERNEL_POSITIONS, WINDOW_WIDTHS};

use super::ranges;

pub use backward::backward;
pub use forward::forward;

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
    pub fn each(&self) -> impl Iterator<Item = &[u32]> + Clone {
        ranges(&self.ends).map(|text| &self.words[text])
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
        self.bias.len() / WINDOW_WIDTHS
    }

    fn size(&self) -> usize {
        self.window.len() / (KERNEL_POSITIONS * self.filters())
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
        /// With so many filters; texts of 0, 1, 2 and 9 words, several times.
        fn new(filters: usize) -> Self {
            let mut random = fastrand::Rng::with_seed(1);
            let mut draw = || 2.0 * random.f32() - 1.0;
            Self {
                word: (0..7 * SIZE).map(|_| draw()).collect(),
                window: (0..SIZE * KERNEL_POSITIONS * filters)
                    .map(|_| draw())
                    .collect(),
                bias: (0..WINDOW_WIDTHS * filters).map(|_| 0.3 * draw()).collect(),
                texts: Texts {
                    words: [3, 6, 1, 0, 5, 2, 2, 4, 6, 1, 3, 5].repeat(5),
                    ends: (0..5)
                        .flat_map(|i| [0, 1, 3, 12].map(|end| 12 * i + end))
                        .collect(),
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
                    let weight = self.window[(i * KERNEL_POSITIONS + role) * filters + filter];
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
    fn a_bias_that_is_no_number_shows_where_there_are_words() {
        let mut toy = Toy::new(3);
        toy.bias.fill(f32::NAN);
        let found = forward(toy.weights(), &toy.texts);
        let rows = found.output.chunks_exact(toy.bias.len());
        for (text, row) in toy.texts.each().zip(rows) {
            assert!(row.iter().all(|y| y.is_nan() != text.is_empty()));
        }
        let gradients = backward(toy.weights(), &toy.texts, &found, &found.output);
        assert!(gradients.bias.iter().all(|slope| slope.is_nan()));
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

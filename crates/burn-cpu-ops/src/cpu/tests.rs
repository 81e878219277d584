//! The operations against their definitions in `f64`, and gradients against finite differences.

use super::{Forward, Parameters, backward, forward, moments, predict};
use kernels::{Geometry, KERNEL};

const EPSILON: f32 = 1e-5;

/// Shapes that fill vectors and shapes that do not, down to the smallest.
const SHAPES: [(usize, Geometry); 6] = [
    (1, shape(3, 4, 1, 1)),
    (5, shape(3, 3, 2, 3)),
    (2, shape(5, 9, 1, 8)),
    (9, shape(4, 6, 3, 16)),
    (3, shape(6, 5, 8, 24)),
    (4, shape(4, 10, 5, 35)),
];

const fn shape(height: usize, width: usize, channels: usize, filters: usize) -> Geometry {
    Geometry {
        height,
        width,
        channels,
        filters,
    }
}

/// Numbers from −1 to 1, always the same ones.
struct Numbers(fastrand::Rng);

impl Numbers {
    fn next(&mut self) -> f32 {
        2.0 * self.0.f32() - 1.0
    }

    fn take(&mut self, count: usize) -> Vec<f32> {
        (0..count).map(|_| self.next()).collect()
    }
}

/// A batch and what a block has learnt, in `f64`.
#[derive(Clone)]
struct Case {
    geometry: Geometry,
    input: Vec<f64>,
    weight: Vec<f64>,
    gamma: Vec<f64>,
    beta: Vec<f64>,
    /// The loss is the sum of the outputs times these.
    mix: Vec<f64>,
}

fn wide(numbers: &[f32]) -> Vec<f64> {
    numbers.iter().copied().map(f64::from).collect()
}

fn narrow(numbers: &[f64]) -> Vec<f32> {
    numbers.iter().map(|number| *number as f32).collect()
}

impl Case {
    fn new(images: usize, geometry: Geometry) -> Self {
        let mut numbers = Numbers(fastrand::Rng::with_seed(images as u64));
        let mut take = |count| wide(&numbers.take(count));
        Self {
            geometry,
            input: take(images * geometry.inputs()),
            weight: take(geometry.taps() * geometry.filters),
            gamma: take(geometry.filters).iter().map(|x| x + 1.5).collect(),
            beta: take(geometry.filters),
            mix: take(images * geometry.outputs()),
        }
    }

    /// The convolution by its definition.
    fn convolved(&self) -> Vec<f64> {
        let Geometry {
            width,
            channels,
            filters,
            ..
        } = self.geometry;
        let mut output = Vec::new();
        for image in self.input.chunks_exact(self.geometry.inputs()) {
            for y in 0..self.geometry.output_height() {
                for x in 0..self.geometry.output_width() {
                    for filter in 0..filters {
                        let products = (0..self.geometry.taps()).map(|tap| {
                            let (place, channel) = (tap / channels, tap % channels);
                            let (row, column) = (y + place / KERNEL, x + place % KERNEL);
                            image[(row * width + column) * channels + channel]
                                * self.weight[tap * filters + filter]
                        });
                        output.push(products.sum());
                    }
                }
            }
        }
        output
    }

    /// Mean and variance of each filter.
    fn moments(&self) -> [Vec<f64>; 2] {
        let filters = self.geometry.filters;
        let convolved = self.convolved();
        let count = (convolved.len() / filters) as f64;
        let of = |filter: usize| convolved.iter().skip(filter).step_by(filters);
        let mean: Vec<f64> = (0..filters).map(|f| of(f).sum::<f64>() / count).collect();
        let variance = (0..filters)
            .map(|f| of(f).map(|x| (x - mean[f]).powi(2)).sum::<f64>() / count)
            .collect();
        [mean, variance]
    }

    fn output(&self) -> Vec<f64> {
        let filters = self.geometry.filters;
        let [mean, variance] = self.moments();
        (self.convolved().iter().enumerate())
            .map(|(index, x)| {
                let f = index % filters;
                let normalised = (x - mean[f]) / (variance[f] + f64::from(EPSILON)).sqrt();
                gelu(self.gamma[f] * normalised + self.beta[f])
            })
            .collect()
    }

    fn loss(&self) -> f64 {
        let output = self.output();
        output.iter().zip(&self.mix).map(|(y, m)| y * m).sum()
    }

    /// What the operations make of it.
    fn forward(&self) -> Forward {
        let [weight, gamma, beta] = [&self.weight, &self.gamma, &self.beta].map(|v| narrow(v));
        let parameters = Parameters {
            weight: &weight,
            gamma: &gamma,
            beta: &beta,
        };
        forward(self.geometry, &narrow(&self.input), parameters, EPSILON)
    }
}

fn gelu(x: f64) -> f64 {
    x * 0.5 * libm::erfc(-x / std::f64::consts::SQRT_2)
}

/// The largest difference, relative to the largest number.
fn difference(found: &[f32], expected: &[f64]) -> f64 {
    assert_eq!(found.len(), expected.len());
    let largest = expected.iter().fold(1e-3_f64, |m, x| m.max(x.abs()));
    (found.iter().zip(expected))
        .map(|(found, expected)| (f64::from(*found) - expected).abs() / largest)
        .fold(0.0, f64::max)
}

#[test]
fn forward_is_the_definition() {
    for (images, geometry) in SHAPES {
        let case = Case::new(images, geometry);
        let difference = difference(&case.forward().output, &case.output());
        assert!(difference < 1e-4, "{geometry:?}: {difference:e}");
    }
}

#[test]
fn prediction_and_moments_are_the_definition() {
    for (images, geometry) in SHAPES {
        let case = Case::new(images, geometry);
        let (input, weight) = (narrow(&case.input), narrow(&case.weight));
        let found = moments(geometry, &input, &weight);
        for (found, expected) in found.iter().zip(case.moments()) {
            assert!(difference(found, &expected) < 1e-5, "{geometry:?}");
        }
        let expected: Vec<f64> = (case.convolved().iter().enumerate())
            .map(|(index, x)| gelu(x + case.beta[index % geometry.filters]))
            .collect();
        let found = predict(geometry, &input, &weight, &narrow(&case.beta));
        assert!(difference(&found, &expected) < 1e-5, "{geometry:?}");
    }
}

#[test]
fn gradients_are_finite_differences() {
    /// By how much a number is changed, either way.
    const CHANGE: f64 = 1e-5;
    /// Which numbers of a case are changed.
    type Part = fn(&mut Case) -> &mut Vec<f64>;
    const PARTS: [Part; 4] = [
        |case| &mut case.input,
        |case| &mut case.weight,
        |case| &mut case.gamma,
        |case| &mut case.beta,
    ];
    for (images, geometry) in SHAPES {
        let mut case = Case::new(images, geometry);
        let [input, weight, gamma, beta] =
            [&case.input, &case.weight, &case.gamma, &case.beta].map(|v| narrow(v));
        let parameters = Parameters {
            weight: &weight,
            gamma: &gamma,
            beta: &beta,
        };
        let found = backward(
            geometry,
            &input,
            parameters,
            &case.forward(),
            narrow(&case.mix),
            true,
        );
        let without = backward(
            geometry,
            &input,
            parameters,
            &case.forward(),
            narrow(&case.mix),
            false,
        );
        assert!(without.input.is_none());
        assert_eq!(without.weight, found.weight);
        let found = [
            found.input.unwrap_or_default(),
            found.weight,
            found.gamma,
            found.beta,
        ];
        for (part, found) in PARTS.iter().zip(found) {
            // Some of many; finite differences are slow.
            let step = (found.len() / 40).max(1);
            let (mut some, mut expected) = (Vec::new(), Vec::new());
            for index in (0..found.len()).step_by(step) {
                let mut loss = |change: f64| {
                    part(&mut case)[index] += change;
                    let loss = case.loss();
                    part(&mut case)[index] -= change;
                    loss
                };
                expected.push((loss(CHANGE) - loss(-CHANGE)) / (2.0 * CHANGE));
                some.push(found[index]);
            }
            let difference = difference(&some, &expected);
            assert!(difference < 1e-3, "{geometry:?}: {difference:e}");
        }
    }
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let case = Case::new(9, shape(8, 8, 8, 16));
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.unwrap().install(|| {
            let saved = case.forward();
            let [input, weight, gamma, beta] =
                [&case.input, &case.weight, &case.gamma, &case.beta].map(|v| narrow(v));
            let parameters = Parameters {
                weight: &weight,
                gamma: &gamma,
                beta: &beta,
            };
            let mix = narrow(&case.mix);
            let found = backward(case.geometry, &input, parameters, &saved, mix, true);
            (saved.output, found.input, found.weight, found.gamma)
        })
    };
    assert_eq!(with(1), with(3));
}

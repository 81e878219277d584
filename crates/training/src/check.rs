//! The trainer's last check: the model file answers rows as the network does, given as a module's users give
//! them, in JSON. A wrong transform, tokenizer or layer cannot pass.

use kernels::argmax;
use model::AlignedBytes;
use runtime::{Any, Prediction, Runtime};

use crate::error::TrainingError;
use crate::metrics;

/// How far two ways to compute the same number may be apart, for scores up to 1; it grows with the
/// scores, as their rounding does. Networks here sum up some hundred products, whose rounding (6e-8 each)
/// partly cancels.
pub const TOLERANCE: f32 = 1e-5;

/// A model file in the runtime.
pub struct Check<'a> {
    runtime: Runtime<'a>,
    /// The largest difference so far.
    pub largest: f32,
}

impl<'a> Check<'a> {
    /// Opens the model file `bytes`.
    ///
    /// # Errors
    ///
    /// If the runtime refuses it.
    pub fn new(bytes: &'a AlignedBytes) -> Result<Self, TrainingError> {
        Ok(Self {
            runtime: Runtime::open::<Any>(bytes)?,
            largest: 0.0,
        })
    }

    /// Holds the answer to `json`, the row number `row`, against the network's `scores` for it.
    ///
    /// # Errors
    ///
    /// If the runtime refuses the row, or a probability or number differs by more than [`TOLERANCE`]
    /// allows.
    pub fn row(&mut self, row: usize, json: &str, scores: &[f32]) -> Result<(), TrainingError> {
        let answer = self.runtime.predict(json, false);
        let answer = answer.map_err(|error| TrainingError::RowRefused {
            row,
            problem: error.to_string(),
        })?;
        let magnitude = scores.iter().fold(1.0_f32, |m, score| m.max(score.abs()));
        let apart = match answer.prediction {
            Prediction::Class {
                index,
                probabilities,
                ..
            } => {
                // In f64, and apart from the kernel that it is the measure of.
                let probability = |class| metrics::probability(scores, class) as f32;
                let expected: Vec<f32> = (0..scores.len()).map(probability).collect();
                // Of two classes that are equally likely, either may come first.
                let best = expected.get(argmax(&expected)).zip(expected.get(index));
                let other = best.map_or(1.0, |(best, named)| best - named);
                let pairs = probabilities.iter().zip(&expected);
                let differences = pairs.map(|(p, q)| (p - q).abs()).chain([other]);
                // In this order a NaN is the largest.
                differences.max_by(f32::total_cmp).unwrap_or(f32::NAN)
            }
            Prediction::Number { value, .. } => {
                let expected = scores.first().copied().unwrap_or(f32::NAN);
                (value - expected).abs()
            }
        };
        if apart > TOLERANCE * magnitude || apart.is_nan() {
            return Err(TrainingError::FrozenDiffers {
                difference: apart,
                row,
            });
        }
        self.largest = self.largest.max(apart);
        Ok(())
    }
}

#[cfg(test)]
#[cfg(feature = "flex")]
pub(crate) mod tests {
    use super::*;
    use burn::tensor::{Device, Tensor};
    use model::{Field, FrozenLayer, Input, ModelFile, Output, Training, Transform, Values};

    use crate::freeze::freeze;
    use crate::init::linear;
    use crate::layers::{Network, Pass};
    use crate::parameters::host;
    use crate::random::{Purpose, random};

    /// A network of two classes.
    fn toy() -> Network {
        let mut weights = random(1, Purpose::Weights);
        Network::new("Toy").then("linear", linear(1, 2, &mut weights, &Device::flex()))
    }

    /// The file of a model of two classes that takes a number, `name`, within `limits`, through `transform`.
    pub fn file(
        name: &str,
        [minimum, maximum]: [f32; 2],
        transform: Transform,
        freeze: impl FnOnce(&Output) -> Vec<FrozenLayer>,
    ) -> AlignedBytes {
        let output = Output::Classes(vec!["yes".into(), "no".into()]);
        let file = ModelFile {
            name: "toy".into(),
            about: "Toys.".into(),
            example: String::new(),
            input: Input::Table(vec![Field {
                name: name.into(),
                unit: "cm".into(),
                description: String::new(),
                values: Values::Number {
                    minimum,
                    maximum,
                    training_minimum: None,
                    training_maximum: None,
                },
                transform,
            }]),
            layers: freeze(&output),
            output,
            metrics: [].into(),
            training: Training::default(),
        };
        AlignedBytes::new(&file.to_bytes().unwrap())
    }

    /// What the check says of three rows, whose numbers the network takes as they are.
    fn checked(transform: Transform, error: f32) -> Result<f32, TrainingError> {
        let network = toy();
        let file = file("length", [0.1, 9.0], transform, |output| {
            freeze(&network, 1.0, output)
        });
        let mut check = Check::new(&file)?;
        for (row, number) in [(5, 0.5_f32), (6, 3.0), (7, 8.0)] {
            let input = Tensor::<2>::from_floats([[number]], &Device::flex());
            let mut scores = host(network.forward(input, &mut Pass::Predict));
            scores[1] += if row == 6 { error } else { 0.0 };
            check.row(row, &format!("{{\"length\": {number}}}"), &scores)?;
        }
        Ok(check.largest)
    }

    #[test]
    fn a_model_is_held_against_the_network_row_by_row() {
        assert!(checked(Transform::Identity, 0.0).unwrap() <= TOLERANCE);
        let error = checked(Transform::Identity, 0.01).unwrap_err();
        assert!(
            matches!(error, TrainingError::FrozenDiffers { row: 6, .. }),
            "{error}"
        );
        assert!(checked(Transform::Identity, f32::NAN).is_err());
    }

    #[test]
    fn a_wrong_transform_is_caught() {
        let standardise = Transform::Standardise {
            mean: 0.01,
            std_dev: 1.0,
        };
        for transform in [Transform::Log, standardise] {
            let error = checked(transform, 0.0).unwrap_err();
            assert!(
                matches!(error, TrainingError::FrozenDiffers { row: 5, .. }),
                "{error}"
            );
        }
    }
}

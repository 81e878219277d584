//! Freezing: from a trained network to the file that a module embeds.

use inference::frozen::{Frozen, FrozenLayer, Header, Output};
use inference::model::Predict;

use crate::error::TrainingError;
use crate::layers::Network;

/// How far two ways to compute the same number may be apart: rounding, and no more. It grows with the
/// scores, as their rounding does.
pub const TOLERANCE: f32 = 1e-5;

/// Freezes `model`: its layers, with the outputs divided by `temperature`, and, for classes, a softmax that
/// turns them into probabilities.
///
/// # Errors
///
/// If modules have no kernel for a layer, or the layers do not fit together.
pub fn freeze<M: Network>(
    model: &M,
    temperature: f32,
    header: Header,
) -> Result<Frozen, TrainingError> {
    let mut layers = Vec::new();
    for (name, layer) in model.layers() {
        layers.extend(layer.freeze().ok_or_else(|| TrainingError::UnknownLayer {
            name: name.into(),
            kind: layer.describe(),
        })?);
    }
    if temperature != 1.0 {
        layers.push(scaling(header.output.numbers(), 1.0 / temperature));
    }
    if let Output::Classes(_) = header.output {
        layers.push(FrozenLayer::Softmax);
    }
    let layers = fold(layers);
    let frozen = Frozen { header, layers };
    frozen.check()?;
    Ok(frozen)
}

/// A layer that multiplies each of `width` numbers by `factor`.
fn scaling(width: usize, factor: f32) -> FrozenLayer {
    let weight = (0..width * width).map(|index| {
        let same = index / width == index % width;
        if same { factor } else { 0.0 }
    });
    FrozenLayer::Linear {
        weight: weight.collect(),
        bias: vec![0.0; width],
    }
}

/// Joins each linear layer to a linear layer right before it: one does the work of both. That is
/// how the scaling of the inputs comes to cost nothing.
fn fold(layers: Vec<FrozenLayer>) -> Vec<FrozenLayer> {
    let mut folded: Vec<FrozenLayer> = Vec::new();
    for layer in layers {
        let joined = match (folded.last(), &layer) {
            (Some(first), second) => join(first, second),
            _ => None,
        };
        match joined {
            Some(joined) => {
                folded.pop();
                folded.push(joined);
            }
            None => folded.push(layer),
        }
    }
    folded
}

/// (x · A + a) · B + b = x · (A · B) + (a · B + b), in f64.
fn join(first: &FrozenLayer, second: &FrozenLayer) -> Option<FrozenLayer> {
    let (
        FrozenLayer::Linear {
            weight: a_weight,
            bias: a_bias,
        },
        FrozenLayer::Linear {
            weight: b_weight,
            bias: b_bias,
        },
    ) = (first, second)
    else {
        return None;
    };
    let times_b = |row: &[f32], column: usize| -> f64 {
        let b = b_weight.iter().skip(column).step_by(b_bias.len());
        row.iter()
            .zip(b)
            .map(|(a, b)| f64::from(*a) * f64::from(*b))
            .sum()
    };
    let columns = || 0..b_bias.len();
    Some(FrozenLayer::Linear {
        weight: (a_weight.chunks_exact(a_bias.len()))
            .flat_map(|row| columns().map(move |column| times_b(row, column) as f32))
            .collect(),
        bias: (columns().zip(b_bias))
            .map(|(column, b)| (times_b(a_bias, column) + f64::from(*b)) as f32)
            .collect(),
    })
}

/// Checks that `frozen` gives each of `rows`, whose numbers are `inputs`, what belongs to the network's
/// `scores`, and returns the largest difference.
///
/// # Errors
///
/// Names the first row that differs by more than [`TOLERANCE`] allows.
pub fn verify(
    frozen: &Frozen,
    rows: &[usize],
    inputs: &[f32],
    scores: &[f32],
) -> Result<f32, TrainingError> {
    let (inputs_width, outputs) = (
        frozen.header.inputs.numbers(),
        frozen.header.output.numbers(),
    );
    frozen.with_network(|network| {
        let mut largest = 0.0_f32;
        let pairs = inputs
            .chunks_exact(inputs_width)
            .zip(scores.chunks_exact(outputs));
        for (row, (input, scores)) in rows.iter().zip(pairs) {
            let expected = match frozen.header.output {
                Output::Classes(_) => softmax(scores),
                Output::Quantity(_) => scores.to_vec(),
            };
            let magnitude = scores.iter().fold(1.0_f32, |m, score| m.max(score.abs()));
            for (frozen, expected) in network.predict(input).iter().zip(expected) {
                let difference = (frozen - expected).abs();
                if difference > TOLERANCE * magnitude || difference.is_nan() {
                    return Err(TrainingError::FrozenDiffers {
                        difference,
                        row: *row,
                    });
                }
                largest = largest.max(difference);
            }
        }
        Ok(largest)
    })?
}

/// In f64, and apart from the kernel that it is the measure of.
fn softmax(scores: &[f32]) -> Vec<f32> {
    let maximum = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let exponentials: Vec<f64> = (scores.iter())
        .map(|score| (f64::from(*score) - f64::from(maximum)).exp())
        .collect();
    let sum: f64 = exponentials.iter().sum();
    exponentials
        .iter()
        .map(|value| (value / sum) as f32)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_linear_layers_become_one() {
        let first = FrozenLayer::Linear {
            weight: vec![1.0, 2.0, 3.0, 4.0],
            bias: vec![10.0, 20.0],
        };
        let second = FrozenLayer::Linear {
            weight: vec![1.0, 0.0, -1.0, 2.0, 1.0, 0.0],
            bias: vec![0.5, 0.0, 0.0],
        };
        let joined = FrozenLayer::Linear {
            weight: vec![5.0, 2.0, -1.0, 11.0, 4.0, -3.0],
            bias: vec![50.5, 20.0, -10.0],
        };
        let layers = vec![first.clone(), second, FrozenLayer::Relu, first.clone()];
        assert_eq!(fold(layers), [joined, FrozenLayer::Relu, first]);
    }

    #[cfg(feature = "flex")]
    mod networks {
        use super::*;
        use burn::module::Module;
        use burn::nn::{Linear, Sigmoid};
        use burn::tensor::{Device, Tensor};
        use inference::frozen::{Input, InputField, Training};

        use crate::init::linear;
        use crate::layers::{Layer, Pass};
        use crate::parameters::host;
        use crate::random::{Purpose, random};

        impl Layer for Sigmoid {
            fn describe(&self) -> String {
                "Sigmoid".into()
            }

            fn forward(&self, input: Tensor<2>, _: &mut Pass<'_>) -> Tensor<2> {
                Sigmoid::forward(self, input)
            }

            fn freeze(&self) -> Option<Vec<FrozenLayer>> {
                None
            }
        }

        #[derive(Module, Debug)]
        struct Toy {
            linear: Linear,
            squash: Option<Sigmoid>,
        }

        impl Network for Toy {
            const NAME: &'static str = "Toy";

            fn layers(&self) -> Vec<(&'static str, &dyn Layer)> {
                let mut layers: Vec<(&'static str, &dyn Layer)> = vec![("linear", &self.linear)];
                layers.extend(self.squash.as_ref().map(|s| ("squash", s as &dyn Layer)));
                layers
            }
        }

        fn toy(squash: Option<Sigmoid>) -> Toy {
            let mut weights = random(1, Purpose::Weights);
            Toy {
                linear: linear(1, 2, &mut weights, &Device::flex()),
                squash,
            }
        }

        fn header() -> Header {
            Header {
                algorithm: "toy".into(),
                inputs: Input::Fields(vec![InputField {
                    name: "length".into(),
                    unit: "cm".into(),
                    minimum: 0.0,
                    maximum: 9.0,
                }]),
                output: Output::Classes(vec!["yes".into(), "no".into()]),
                training: Training {
                    data_sha256: String::new(),
                    seed: 1,
                    backend: "flex".into(),
                    epoch: 1,
                    version: String::new(),
                    test_rows: 1,
                },
                metrics: [].into(),
            }
        }

        #[test]
        fn a_layer_without_a_kernel_is_named() {
            let error = freeze(&toy(Some(Sigmoid::new())), 1.0, header()).unwrap_err();
            let expected = "cannot freeze the layer `squash`: no module can run a Sigmoid";
            assert_eq!(error.to_string(), expected);
        }

        #[test]
        fn a_frozen_model_is_held_against_the_network() {
            let network = toy(None);
            let frozen = freeze(&network, 1.0, header()).unwrap();
            let inputs = [0.5, 3.0, 8.0];
            let input = Tensor::<1>::from_floats(inputs, &Device::flex()).unsqueeze_dim(1);
            let mut scores = host(network.forward(input, &mut Pass::Predict));
            assert!(verify(&frozen, &[5, 6, 7], &inputs, &scores).unwrap() <= TOLERANCE);
            scores[3] += 0.01;
            let error = verify(&frozen, &[5, 6, 7], &inputs, &scores).unwrap_err();
            assert!(
                matches!(error, TrainingError::FrozenDiffers { row: 6, .. }),
                "{error}"
            );
        }
    }
}

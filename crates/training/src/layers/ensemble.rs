use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use model::FrozenLayer;

use super::linear::frozen;
use super::{Layer, Pass};
use crate::init::{normal, trainable};
use crate::parameters::host;
use crate::random::Random;

/// The last layer of several networks that learn as one: each has its own share of the inputs, one
/// output, and a loss of its own. What is predicted is the mean of all, which errs less than most of
/// them (Lakshminarayanan et al., <https://arxiv.org/abs/1612.01474>).
#[derive(Module, Debug)]
pub struct Ensemble {
    /// Shape `[members, inputs of each]`.
    weight: Param<Tensor<2>>,
    /// Shape `[members]`.
    bias: Param<Tensor<1>>,
}

impl Ensemble {
    /// `members` outputs of `inputs` numbers each, with weights of variance `2 / inputs`: cosines of
    /// random phase have the variance ½, and the outputs then have 1.
    #[must_use]
    pub fn new(members: usize, inputs: usize, random: &mut Random, device: &Device) -> Self {
        let deviation = (2.0 / inputs as f32).sqrt();
        Self {
            weight: trainable(normal([members, inputs], deviation, random, device)),
            bias: trainable(Tensor::zeros([members], device)),
        }
    }

    /// The layer that predicts: one output of all inputs.
    fn mean(&self) -> (Tensor<2>, Tensor<1>) {
        let [members, inputs] = self.weight.shape().dims();
        let share = 1.0 / members as f64;
        let weight = self.weight.val().mul_scalar(share);
        (
            weight.reshape([members * inputs, 1]),
            self.bias.val().mean(),
        )
    }
}

impl Layer for Ensemble {
    fn describe(&self) -> String {
        let [members, inputs] = self.weight.shape().dims();
        let params = self.parameters();
        format!("Ensemble {{members: {members}, d_input: {inputs}, d_output: 1, params: {params}}}")
    }

    fn forward(&self, input: Tensor<2>, pass: &mut Pass<'_>) -> Tensor<2> {
        match pass {
            Pass::Train(_) => {
                let ([members, inputs], [rows, _]) = (self.weight.shape().dims(), input.dims());
                let weight = self.weight.val().unsqueeze_dim::<3>(0);
                let products = input.reshape([rows, members, inputs]) * weight;
                products.sum_dim(2).reshape([rows, members]) + self.bias.val().unsqueeze_dim(0)
            }
            Pass::Predict => {
                let (weight, bias) = self.mean();
                input.matmul(weight) + bias.unsqueeze_dim(0)
            }
        }
    }

    fn parameters(&self) -> usize {
        let [members, inputs] = self.weight.shape().dims();
        members * (inputs + 1)
    }

    fn freeze(&self) -> Vec<FrozenLayer> {
        let (weight, bias) = self.mean();
        vec![frozen(host(weight), host(bias))]
    }
}

/// Brings a standardised output back to the target's unit: fitted to the targets of the training rows,
/// not trained.
#[derive(Module, Debug)]
pub struct TargetScaler {
    /// Shape `[1]`.
    mean: Param<Tensor<1>>,
    /// Shape `[1]`.
    std_dev: Param<Tensor<1>>,
}

impl TargetScaler {
    /// Measures `targets`.
    #[must_use]
    pub fn fit(targets: &[f32], device: &Device) -> Self {
        let count = targets.len().max(1) as f64;
        let mean = targets.iter().copied().map(f64::from).sum::<f64>() / count;
        let square = |target: &f32| (f64::from(*target) - mean).powi(2);
        let variance = targets.iter().map(square).sum::<f64>() / count;
        let constant = |number: f64| {
            let data = TensorData::new(vec![number as f32], [1]);
            crate::init::buffer(Tensor::from_data(data, device))
        };
        Self {
            mean: constant(mean),
            // Of targets that are all alike the network has nothing to say.
            std_dev: constant(variance.sqrt()),
        }
    }
}

impl Layer for TargetScaler {
    fn describe(&self) -> String {
        "TargetScaler {fitted, not trained}".into()
    }

    fn forward(&self, input: Tensor<2>, _: &mut Pass<'_>) -> Tensor<2> {
        input * self.std_dev.val().unsqueeze_dim(0) + self.mean.val().unsqueeze_dim(0)
    }

    fn freeze(&self) -> Vec<FrozenLayer> {
        let (weight, bias) = (host(self.std_dev.val()), host(self.mean.val()));
        vec![frozen(weight, bias)]
    }
}

#[cfg(test)]
#[cfg(feature = "flex")]
mod tests {
    use super::*;
    use crate::random::{Purpose, random};

    #[test]
    fn the_prediction_is_the_mean_of_the_members() {
        let device = Device::flex();
        let layer = Ensemble::new(3, 4, &mut random(1, Purpose::Weights), &device);
        let numbers: Vec<f32> = (0..24).map(|i| ((i * 7) % 5) as f32 - 2.0).collect();
        let input = Tensor::<2>::from_data(TensorData::new(numbers, [2, 12]), &device);
        let mut noise = random(1, Purpose::Noise(0));
        let members = layer.forward(input.clone(), &mut Pass::Train(&mut noise));
        assert_eq!(members.dims(), [2, 3]);
        let mean = host(members.mean_dim(1));
        let predicted = host(layer.forward(input, &mut Pass::Predict));
        for (a, b) in mean.iter().zip(predicted) {
            assert!((a - b).abs() < 1e-6, "{a} {b}");
        }
    }

    #[test]
    fn standardised_targets_come_back() {
        let device = Device::flex();
        let layer = TargetScaler::fit(&[4.0, 6.0, 4.0, 6.0], &device);
        let input = Tensor::<2>::from_floats([[-1.0, 2.0]], &device);
        assert_eq!(host(layer.forward(input, &mut Pass::Predict)), [4.0, 7.0]);
    }
}

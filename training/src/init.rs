//! First weights, drawn on the host.

use burn::module::Param;
use burn::nn::Linear;
use burn::tensor::{Device, Tensor, TensorData};
use rand::RngExt;

use crate::random::Random;

/// A linear layer whose weights and biases are drawn from U(−k, k), k = 1/√inputs: the rule of
/// Burn's `LinearConfig` and of `PyTorch`'s `nn.Linear`.
#[must_use]
pub fn linear(inputs: usize, outputs: usize, random: &mut Random, device: &Device) -> Linear {
    let bound = 1.0 / (inputs as f32).sqrt();
    let mut draw = |count: usize| -> Vec<f32> {
        (0..count)
            .map(|_| random.random_range(-bound..bound))
            .collect()
    };
    let weight = TensorData::new(draw(inputs * outputs), [inputs, outputs]);
    let bias = TensorData::new(draw(outputs), [outputs]);
    Linear {
        weight: trainable(Tensor::from_data(weight, device)),
        bias: Some(trainable(Tensor::from_data(bias, device))),
    }
}

fn trainable<const D: usize>(tensor: Tensor<D>) -> Param<Tensor<D>> {
    Param::from_tensor(tensor)
}

#[cfg(test)]
#[cfg(feature = "flex")]
mod tests {
    use super::*;
    use crate::random::{Purpose, random};

    #[test]
    fn weights_fill_their_range_and_follow_the_seed() {
        let draw = |seed| {
            let layer = linear(4, 128, &mut random(seed, Purpose::Weights), &Device::flex());
            crate::parameters::host(layer.weight.val())
        };
        let weights = draw(42);
        assert_eq!(weights.len(), 512);
        let largest = weights.iter().fold(0.0_f32, |m, w| m.max(w.abs()));
        assert!((0.45..0.5).contains(&largest), "{largest}");
        let mean = weights.iter().sum::<f32>() / 512.0;
        assert!(mean.abs() < 0.05, "{mean}");
        assert_eq!(weights, draw(42));
        assert_ne!(weights, draw(43));
    }
}

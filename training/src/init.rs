//! First weights, drawn on the host.

use burn::module::{Param, ParamId};
use burn::nn::Linear;
use burn::tensor::{Device, Tensor, TensorData};
use rand::RngExt;

use crate::random::Random;

/// Numbers drawn from U(−k, k), k = 1/√inputs, where `inputs` is how many numbers each output
/// depends on: the rule of Burn's layers and of `PyTorch`'s.
#[must_use]
pub fn uniform<const D: usize>(
    shape: [usize; D],
    inputs: usize,
    random: &mut Random,
    device: &Device,
) -> Tensor<D> {
    let bound = 1.0 / (inputs as f32).sqrt();
    let numbers: Vec<f32> = (0..shape.iter().product())
        .map(|_| random.random_range(-bound..bound))
        .collect();
    Tensor::from_data(TensorData::new(numbers, shape), device)
}

/// A linear layer with [`uniform`] weights and biases.
#[must_use]
pub fn linear(inputs: usize, outputs: usize, random: &mut Random, device: &Device) -> Linear {
    Linear {
        weight: trainable(uniform([inputs, outputs], inputs, random, device)),
        bias: Some(trainable(uniform([outputs], inputs, random, device))),
    }
}

/// A parameter that training changes.
#[must_use]
pub fn trainable<const D: usize>(tensor: Tensor<D>) -> Param<Tensor<D>> {
    Param::from_tensor(tensor)
}

/// A parameter that training leaves as it is.
#[must_use]
pub fn buffer<const D: usize>(tensor: Tensor<D>) -> Param<Tensor<D>> {
    Param::initialized(ParamId::new(), tensor.set_require_grad(false))
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

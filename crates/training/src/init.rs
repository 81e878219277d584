//! First weights, drawn on the host.

use std::f64::consts::PI;

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
    uniform_within(shape, 1.0 / (inputs as f32).sqrt(), random, device)
}

/// Numbers drawn from U(−bound, bound).
#[must_use]
pub fn uniform_within<const D: usize>(
    shape: [usize; D],
    bound: f32,
    random: &mut Random,
    device: &Device,
) -> Tensor<D> {
    let numbers: Vec<f32> = (0..shape.iter().product())
        .map(|_| random.random_range(-bound..bound))
        .collect();
    Tensor::from_data(TensorData::new(numbers, shape), device)
}

/// Numbers drawn from a normal distribution of mean 0 (Box and Muller, Annals of Mathematical Statistics
/// 29, 1958).
#[must_use]
pub fn normal<const D: usize>(
    shape: [usize; D],
    deviation: f32,
    random: &mut Random,
    device: &Device,
) -> Tensor<D> {
    let mut draw = || {
        // From 1 down to above 0, so that the logarithm is finite.
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - random.random_range(0.0..1.0)));
        let angle = random.random_range(0.0..2.0 * PI);
        deviation * (radius * libm::cos(angle)) as f32
    };
    let numbers: Vec<f32> = (0..shape.iter().product()).map(|_| draw()).collect();
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
    fn normal_numbers_have_their_moments() {
        let drawn = normal(
            [4000],
            2.0,
            &mut random(42, Purpose::Weights),
            &Device::flex(),
        );
        let numbers = crate::parameters::host(drawn);
        let mean = numbers.iter().sum::<f32>() / 4000.0;
        let variance = numbers.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / 4000.0;
        let beyond = numbers.iter().filter(|x| x.abs() > 4.0).count();
        assert!(mean.abs() < 0.1, "{mean}");
        assert!((variance - 4.0).abs() < 0.3, "{variance}");
        assert!((120..=250).contains(&beyond), "{beyond}");
    }

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

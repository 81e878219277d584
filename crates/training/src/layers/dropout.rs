use std::sync::Arc;

use burn::module::Module;
use burn::tensor::{Tensor, TensorData};
use burn_cpu_ops::Mask;
use model::FrozenLayer;
use rand::Rng;

use super::{Layer, Pass};

/// Sets numbers to zero at random while a network learns, so that it does not lean on single ones
/// (Srivastava et al., Journal of Machine Learning Research 15, 2014). The rest are enlarged in
/// proportion, and in prediction nothing happens.
///
/// Burn's own layer draws from a generator of the backend, which no seed repeats on another one.
#[derive(Module, Debug)]
pub struct Dropout {
    /// Of 256 numbers, how many become zero on average: fewer than that.
    dropped: usize,
}

/// As many values as a random byte has.
const VALUES: usize = 256;

impl Dropout {
    /// Drops numbers with `probability`, from 0 to below 1, to the nearest 256th.
    #[must_use]
    pub fn new(probability: f64) -> Self {
        let dropped = (probability.clamp(0.0, 1.0) * VALUES as f64).round() as usize;
        Self {
            dropped: dropped.min(VALUES - 1),
        }
    }

    fn probability(&self) -> f64 {
        self.dropped as f64 / VALUES as f64
    }
}

impl Layer for Dropout {
    fn describe(&self) -> String {
        format!("Dropout {{prob: {}}}", self.probability())
    }

    fn forward(&self, input: Tensor<2>, pass: &mut Pass<'_>) -> Tensor<2> {
        let Pass::Train(random) = pass else {
            return input;
        };
        let shape: [usize; 2] = input.dims();
        let mut bytes = vec![0; shape.iter().product()];
        random.fill_bytes(&mut bytes);
        let mask = Mask {
            bytes,
            dropped: self.dropped as u8,
            scale: (1.0 / (1.0 - self.probability())) as f32,
        };
        match burn_cpu_ops::is_available(&input.device()) {
            true => burn_cpu_ops::dropout(input, Arc::new(mask)),
            false => composed(input, &mask),
        }
    }

    fn freeze(&self) -> Vec<FrozenLayer> {
        vec![]
    }
}

/// [`burn_cpu_ops::dropout`] out of Burn's own operations.
fn composed(input: Tensor<2>, mask: &Mask) -> Tensor<2> {
    let factors: Vec<f32> = (mask.bytes.iter())
        .map(|byte| {
            if *byte < mask.dropped {
                0.0
            } else {
                mask.scale
            }
        })
        .collect();
    let data = TensorData::new(factors, input.dims());
    let factors = Tensor::from_data(data, &input.device().inner());
    input * Tensor::from_inner(factors)
}

#[cfg(test)]
#[cfg(feature = "flex")]
mod tests {
    use super::*;
    use crate::init::normal;
    use crate::parameters::host;
    use crate::random::{Purpose, random};
    use burn::tensor::Device;

    #[test]
    fn drops_its_share_and_keeps_the_mean() {
        let ones = Tensor::<2>::ones([100, 100], &Device::flex().autodiff());
        let layer = Dropout::new(0.25);
        let draw = |seed| {
            let mut random = random(seed, Purpose::Noise(0));
            host(layer.forward(ones.clone(), &mut Pass::Train(&mut random)))
        };
        let numbers = draw(1);
        assert!(numbers.iter().all(|x| *x == 0.0 || *x == 4.0 / 3.0));
        let mean = numbers.iter().sum::<f32>() / numbers.len() as f32;
        assert!((mean - 1.0).abs() < 0.02, "{mean}");
        assert_eq!(numbers, draw(1));
        assert_ne!(numbers, draw(2));
    }

    #[test]
    fn fused_dropout_is_burns_operations_forwards_and_backwards() {
        let device = Device::flex().autodiff();
        // More than a piece of work.
        let shape = [40, 1000];
        let mut bytes = vec![0; 40_000];
        random(1, Purpose::Noise(0)).fill_bytes(&mut bytes);
        let mask = Mask {
            bytes,
            dropped: 100,
            scale: 256.0 / 156.0,
        };
        let mut draw = random(1, Purpose::Weights);
        let mut draw = || -> Tensor<2> { normal(shape, 1.0, &mut draw, &device) };
        let (input, mix) = (draw(), draw());
        let [fused, burn] = [true, false].map(|fused| {
            let input = input.clone().require_grad();
            let output = match fused {
                true => burn_cpu_ops::dropout(input.clone(), Arc::new(mask.clone())),
                false => composed(input.clone(), &mask),
            };
            let gradients = (output.clone() * mix.clone()).sum().backward();
            [host(output), host(input.grad(&gradients).unwrap())]
        });
        assert_eq!(fused, burn);
    }

    #[test]
    fn does_nothing_in_prediction() {
        let ones = Tensor::<2>::ones([4, 4], &Device::flex());
        assert_eq!(
            host(Dropout::new(0.5).forward(ones.clone(), &mut Pass::Predict)),
            host(ones)
        );
    }
}

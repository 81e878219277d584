use burn::module::Module;
use burn::tensor::Tensor;
use model::FrozenLayer;

use super::{Layer, Pass};

/// `cos(x)`, number by number. After a linear layer of random weights these are the random features of
/// Rahimi and Recht ("Random features for large-scale kernel machines", NIPS 2007): a network of them
/// starts as an approximation of a Gaussian kernel, and learns on from there.
#[derive(Module, Debug, Default)]
pub struct Cosine;

impl Layer for Cosine {
    fn describe(&self) -> String {
        "Cosine".into()
    }

    fn forward(&self, input: Tensor<2>, _: &mut Pass<'_>) -> Tensor<2> {
        match burn_cpu_ops::is_available(&input.device()) {
            true => burn_cpu_ops::cosine(input),
            false => input.cos(),
        }
    }

    fn freeze(&self) -> Vec<FrozenLayer> {
        vec![FrozenLayer::new("cosine")]
    }
}

#[cfg(test)]
#[cfg(feature = "flex")]
mod tests {
    use super::*;
    use crate::parameters::host;
    use burn::tensor::{Device, TensorData};

    #[test]
    fn fused_cosines_are_burns_forwards_and_backwards() {
        let device = Device::flex().autodiff();
        let numbers: Vec<f32> = (0..99).map(|i| i as f32 / 7.0 - 6.0).collect();
        let both = [true, false].map(|fused| {
            let data = TensorData::new(numbers.clone(), [9, 11]);
            let input = Tensor::<2>::from_data(data, &device).require_grad();
            let output = match fused {
                true => burn_cpu_ops::cosine(input.clone()),
                false => input.clone().cos(),
            };
            let gradients = (output.clone() * input.clone().detach()).sum().backward();
            [host(output), host(input.grad(&gradients).unwrap())]
        });
        for (fused, burn) in both[0].iter().zip(&both[1]) {
            assert_eq!(fused.len(), burn.len());
            assert!(fused.iter().zip(burn).all(|(a, b)| (a - b).abs() < 2e-6));
        }
    }
}

use burn::nn::{Gelu, Relu};
use burn::tensor::Tensor;
use model::FrozenLayer;

use super::{Layer, Pass};

impl Layer for Relu {
    fn describe(&self) -> String {
        "Relu".into()
    }

    fn forward(&self, input: Tensor<2>, _: &mut Pass<'_>) -> Tensor<2> {
        match burn_cpu_ops::is_available(&input.device()) {
            true => burn_cpu_ops::relu(input),
            false => Relu::forward(self, input),
        }
    }

    fn freeze(&self) -> Vec<FrozenLayer> {
        vec![FrozenLayer::new("relu")]
    }
}

impl Layer for Gelu {
    fn describe(&self) -> String {
        "Gelu".into()
    }

    fn forward(&self, input: Tensor<2>, _: &mut Pass<'_>) -> Tensor<2> {
        Gelu::forward(self, input)
    }

    fn freeze(&self) -> Vec<FrozenLayer> {
        vec![FrozenLayer::new("gelu")]
    }
}

#[cfg(test)]
#[cfg(feature = "flex")]
mod tests {
    use super::*;
    use crate::parameters::host;
    use burn::tensor::{Device, TensorData};

    #[test]
    fn fused_relu_is_burns_forwards_and_backwards() {
        let device = Device::flex().autodiff();
        let numbers = [-1.5, -0.0, 0.0, 1e-30, 2.5, f32::INFINITY];
        let tensor = |numbers: [f32; 6]| -> Tensor<2> {
            Tensor::from_data(TensorData::new(numbers.to_vec(), [2, 3]), &device)
        };
        let mix = tensor([1.0, 2.0, 3.0, 4.0, -5.0, 6.0]);
        let [fused, burn] = [true, false].map(|fused| {
            let input = tensor(numbers).require_grad();
            let output = match fused {
                true => burn_cpu_ops::relu(input.clone()),
                false => Relu::new().forward(input.clone()),
            };
            let gradients = (output.clone() * mix.clone()).sum().backward();
            [host(output), host(input.grad(&gradients).unwrap())]
        });
        assert_eq!(fused, burn);
        assert_eq!(fused[0], [0.0, 0.0, 0.0, 1e-30, 2.5, f32::INFINITY]);
        assert_eq!(fused[1], [0.0, 0.0, 0.0, 4.0, -5.0, 6.0]);
    }
}

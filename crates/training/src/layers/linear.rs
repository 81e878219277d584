use burn::module::Param;
use burn::nn::Linear;
use burn::tensor::Tensor;
use model::FrozenLayer;

use super::{Layer, Pass};
use crate::parameters::host;

impl Layer for Linear {
    fn describe(&self) -> String {
        let [d_input, d_output] = self.weight.shape().dims();
        let bias = self.bias.is_some();
        let params = self.parameters();
        format!(
            "Linear {{d_input: {d_input}, d_output: {d_output}, bias: {bias}, params: {params}}}"
        )
    }

    fn forward(&self, input: Tensor<2>, _: &mut Pass<'_>) -> Tensor<2> {
        affine(input, self.weight.val(), self.bias.as_ref())
    }

    fn parameters(&self) -> usize {
        let [d_input, d_output] = self.weight.shape().dims();
        d_input * d_output + self.bias.as_ref().map_or(0, |_| d_output)
    }

    fn freeze(&self) -> Vec<FrozenLayer> {
        let [_, d_output] = self.weight.shape().dims();
        let bias = match &self.bias {
            Some(bias) => host(bias.val()),
            None => vec![0.0; d_output],
        };
        // Burn's layout, inputs by outputs, is the one that the kernel reads.
        vec![frozen(host(self.weight.val()), bias)]
    }
}

/// `input · weight + bias`.
pub(super) fn affine(
    input: Tensor<2>,
    weight: Tensor<2>,
    bias: Option<&Param<Tensor<1>>>,
) -> Tensor<2> {
    let fused = burn_cpu_ops::is_available(&input.device());
    let product = match fused {
        true => burn_cpu_ops::linear(input, weight),
        false => input.matmul(weight),
    };
    match bias {
        Some(bias) if fused => burn_cpu_ops::add_bias(product, bias.val()),
        Some(bias) => product.add(bias.val().unsqueeze()),
        None => product,
    }
}

/// A linear layer as the runtime knows it; `weight` has the shape `[inputs, outputs]`.
pub(crate) fn frozen(weight: Vec<f32>, bias: Vec<f32>) -> FrozenLayer {
    let outputs = bias.len();
    let shape = [weight.len() / outputs.max(1), outputs];
    FrozenLayer::new("linear")
        .weight("weight", &shape, weight)
        .weight("bias", &[outputs], bias)
}

#[cfg(test)]
#[cfg(feature = "flex")]
mod tests {
    use super::*;
    use crate::init::normal;
    use crate::random::{Purpose, random};
    use burn::tensor::Device;

    #[test]
    fn fused_biases_are_burns_forwards_and_backwards() {
        let device = Device::flex().autodiff();
        let mut draw = random(1, Purpose::Weights);
        let input: Tensor<2> = normal([9, 11], 1.0, &mut draw, &device);
        let bias: Tensor<1> = normal([11], 1.0, &mut draw, &device);
        let mix: Tensor<2> = normal([9, 11], 1.0, &mut draw, &device);
        let [fused, burn] = [true, false].map(|fused| {
            let (input, bias) = (input.clone().require_grad(), bias.clone().require_grad());
            let output = match fused {
                true => burn_cpu_ops::add_bias(input.clone(), bias.clone()),
                false => input.clone() + bias.clone().unsqueeze(),
            };
            let gradients = (output.clone() * mix.clone()).sum().backward();
            let slopes = [
                host(input.grad(&gradients).unwrap()),
                host(bias.grad(&gradients).unwrap()),
            ];
            (host(output), slopes)
        });
        assert_eq!(fused, burn);
    }
}

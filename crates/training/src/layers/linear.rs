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
    match bias {
        Some(bias) if burn_cpu_ops::is_available(&input.device()) => {
            burn_cpu_ops::linear(input, weight, bias.val())
        }
        Some(bias) => input.matmul(weight).add(bias.val().unsqueeze()),
        None => input.matmul(weight),
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
    fn fused_products_are_burns_forwards_and_backwards() {
        let device = Device::flex().autodiff();
        let mut draw = random(1, Purpose::Weights);
        let mut draw = |shape| -> Tensor<2> { normal(shape, 1.0, &mut draw, &device) };
        let (input, weight, mix) = (draw([9, 600]), draw([600, 11]), draw([9, 11]));
        let bias: Tensor<1> = draw([1, 11]).flatten(0, 1);
        let both = [true, false].map(|fused| {
            let (input, weight) = (input.clone().require_grad(), weight.clone().require_grad());
            let bias = bias.clone().require_grad();
            let output = match fused {
                true => burn_cpu_ops::linear(input.clone(), weight.clone(), bias.clone()),
                false => input.clone().matmul(weight.clone()) + bias.clone().unsqueeze(),
            };
            let gradients = (output.clone() * mix.clone()).sum().backward();
            let slopes = [input, weight].map(|tensor| host(tensor.grad(&gradients).unwrap()));
            [
                host(output),
                slopes.concat(),
                host(bias.grad(&gradients).unwrap()),
            ]
        });
        for (fused, burn) in both[0].iter().zip(&both[1]) {
            assert_eq!(fused.len(), burn.len());
            assert!(fused.iter().zip(burn).all(|(a, b)| (a - b).abs() < 1e-3));
        }
    }
}

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
        Linear::forward(self, input)
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

/// A linear layer as the runtime knows it; `weight` has the shape `[inputs, outputs]`.
pub(crate) fn frozen(weight: Vec<f32>, bias: Vec<f32>) -> FrozenLayer {
    let outputs = bias.len();
    let shape = [weight.len() / outputs.max(1), outputs];
    FrozenLayer::new("linear")
        .weight("weight", &shape, weight)
        .weight("bias", &[outputs], bias)
}

use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::tensor::Tensor;
use kernels::fixed_point::BLOCK;
use model::FrozenLayer;

use runtime::layers::FixedPointLinear;

use super::{Layer, Pass};
use crate::exact;
use crate::parameters::host;
use crate::quantized::{in_pairs, scales};

/// A linear layer that modules store with 8 bits a weight: a quarter of the size.
///
/// It learns in `f32` and predicts with the rounded weights, so that whatever is measured on
/// validation and test rows is what modules do. Each output has a scale of its own, the largest
/// weight over 127.
#[derive(Module, Debug)]
pub struct QuantizedLinear {
    /// Shape `[inputs, outputs]`.
    weight: Param<Tensor<2>>,
    /// Shape `[outputs]`; not rounded.
    bias: Option<Param<Tensor<1>>>,
    /// Whether modules take the inputs as fixed-point numbers.
    fixed_point: bool,
}

impl From<Linear> for QuantizedLinear {
    fn from(layer: Linear) -> Self {
        Self {
            weight: layer.weight,
            bias: layer.bias,
            fixed_point: false,
        }
    }
}

impl QuantizedLinear {
    /// The same for a network whose modules compute with [fixed-point numbers](kernels::fixed_point), which the layer before has to give.
    /// It predicts as the module does, on every backend. Unless the outputs are a multiple of [`BLOCK`], this changes nothing.
    #[must_use]
    pub fn fixed_point(mut self) -> Self {
        self.fixed_point = true;
        self
    }

    /// The weights as whole numbers from −127 to 127, and the scale of each output, `[1, outputs]`.
    fn rounded(&self) -> [Tensor<2>; 2] {
        let weight = self.weight.val();
        let scale = scales(weight.clone());
        [weight.div(scale.clone()).round(), scale]
    }

    fn takes_fixed_point(&self) -> bool {
        let [_, outputs] = self.weight.shape().dims();
        self.fixed_point && outputs.is_multiple_of(BLOCK)
    }

    /// The rounded weights, the scale and the bias of each output.
    fn frozen(&self) -> (Vec<i8>, Vec<f32>, Vec<f32>) {
        let [weight, scale] = self.rounded().map(host);
        let bias = match &self.bias {
            Some(bias) => host(bias.val()),
            None => vec![0.0; scale.len()],
        };
        let weight = weight.into_iter().map(|weight| weight as i8).collect();
        (weight, scale, bias)
    }
}

fn multiply(input: Tensor<2>, weight: Tensor<2>) -> Tensor<2> {
    match burn_cpu_ops::is_available(&input.device()) {
        true => burn_cpu_ops::linear(input, weight),
        false => input.matmul(weight),
    }
}

impl Layer for QuantizedLinear {
    fn describe(&self) -> String {
        let [d_input, d_output] = self.weight.shape().dims();
        let params = self.parameters();
        let bias = self.bias.is_some();
        format!(
            "Linear {{d_input: {d_input}, d_output: {d_output}, bias: {bias}, params: {params}}}"
        )
    }

    fn forward(&self, input: Tensor<2>, pass: &mut Pass<'_>) -> Tensor<2> {
        let product = match pass {
            Pass::Predict if self.takes_fixed_point() => {
                let (weight, scale, bias) = &self.frozen();
                let layer = FixedPointLinear {
                    weight: &in_pairs(weight, scale.len()),
                    scale,
                    bias,
                };
                return exact::predict(input, &[&layer]);
            }
            Pass::Train(_) => multiply(input, self.weight.val()),
            Pass::Predict => {
                let [rounded, scale] = self.rounded();
                multiply(input, rounded.mul(scale))
            }
        };
        match &self.bias {
            Some(bias) => product.add(bias.val().unsqueeze()),
            None => product,
        }
    }

    fn parameters(&self) -> usize {
        let biases = self.bias.as_ref().map(|bias| bias.shape().num_elements());
        self.weight.shape().num_elements() + biases.unwrap_or(0)
    }

    fn freeze(&self) -> Vec<FrozenLayer> {
        let (weight, scale, bias) = self.frozen();
        let outputs = scale.len();
        let inputs = weight.len() / outputs.max(1);
        let layer = if self.takes_fixed_point() {
            let weight = in_pairs(&weight, outputs).into_flattened();
            let shape = [inputs.div_ceil(2), outputs, 2];
            FrozenLayer::new("fixed_point_linear").weight("weight", &shape, weight)
        } else {
            FrozenLayer::new("quantized_linear").weight("weight", &[inputs, outputs], weight)
        };
        let layer = layer
            .weight("scale", &[outputs], scale)
            .weight("bias", &[outputs], bias);
        vec![layer]
    }
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
        let both = [true, false].map(|fused| {
            let (input, weight) = (input.clone().require_grad(), weight.clone().require_grad());
            let output = match fused {
                true => burn_cpu_ops::linear(input.clone(), weight.clone()),
                false => input.clone().matmul(weight.clone()),
            };
            let gradients = (output.clone() * mix.clone()).sum().backward();
            let slopes = [input, weight].map(|tensor| host(tensor.grad(&gradients).unwrap()));
            [host(output), slopes.concat()]
        });
        for (fused, burn) in both[0].iter().zip(&both[1]) {
            assert_eq!(fused.len(), burn.len());
            assert!(fused.iter().zip(burn).all(|(a, b)| (a - b).abs() < 1e-3));
        }
    }
}

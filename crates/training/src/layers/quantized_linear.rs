use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::tensor::Tensor;
use kernels::fixed_point::BLOCK;
use model::FrozenLayer;

use runtime::layers::FixedPointLinear;

use super::linear::affine;
use super::{Layer, Pass};
use crate::exact;
use crate::parameters::host;
use crate::quantized::{EightBits, in_pairs};

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

    fn takes_fixed_point(&self) -> bool {
        let [_, outputs] = self.weight.shape().dims();
        self.fixed_point && outputs.is_multiple_of(BLOCK)
    }

    fn rounded(&self) -> EightBits {
        EightBits::round(self.weight.val())
    }

    /// The bias of each output.
    fn biases(&self) -> Vec<f32> {
        match &self.bias {
            Some(bias) => host(bias.val()),
            None => vec![0.0; self.weight.shape().dims::<2>()[1]],
        }
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
        let weight = match pass {
            Pass::Predict if self.takes_fixed_point() => {
                let rounded = self.rounded();
                let layer = FixedPointLinear {
                    weight: &in_pairs(&rounded.weights, rounded.scales.len()),
                    scale: &rounded.scales,
                    bias: &self.biases(),
                };
                return exact::predict(input, &[&layer]);
            }
            Pass::Train(_) => self.weight.val(),
            Pass::Predict => self.rounded().tensor(&input.device()),
        };
        affine(input, weight, self.bias.as_ref())
    }

    fn parameters(&self) -> usize {
        let biases = self.bias.as_ref().map(|bias| bias.shape().num_elements());
        self.weight.shape().num_elements() + biases.unwrap_or(0)
    }

    fn freeze(&self) -> Vec<FrozenLayer> {
        let EightBits { weights, scales } = self.rounded();
        let outputs = scales.len();
        let inputs = weights.len() / outputs.max(1);
        let layer = if self.takes_fixed_point() {
            let weight = in_pairs(&weights, outputs).into_flattened();
            let shape = [inputs.div_ceil(2), outputs, 2];
            FrozenLayer::new("fixed_point_linear").weight("weight", &shape, weight)
        } else {
            FrozenLayer::new("quantized_linear").weight("weight", &[inputs, outputs], weights)
        };
        let layer =
            layer
                .weight("scale", &[outputs], scales)
                .weight("bias", &[outputs], self.biases());
        vec![layer]
    }
}

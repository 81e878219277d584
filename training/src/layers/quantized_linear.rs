use burn::module::{Module, Param};
use burn::tensor::Tensor;
use inference::frozen::FrozenLayer;

use super::{Layer, Pass};
use crate::parameters::host;
use crate::quantized::scales;

/// A linear layer without bias that modules store with 8 bits a weight: a quarter of the size, and
/// of the memory that a prediction has to read.
///
/// It learns in `f32` and predicts with the rounded weights, so that whatever is measured on
/// validation and test rows is what modules do. Each output has a scale of its own, the largest
/// weight over 127.
#[derive(Module, Debug)]
pub struct QuantizedLinear {
    /// Shape `[inputs, outputs]`.
    pub weight: Param<Tensor<2>>,
}

impl QuantizedLinear {
    /// The weights as whole numbers from −127 to 127, and the scale of each output, `[1, outputs]`.
    fn rounded(&self) -> [Tensor<2>; 2] {
        let weight = self.weight.val();
        let scale = scales(weight.clone());
        [weight.div(scale.clone()).round(), scale]
    }
}

impl Layer for QuantizedLinear {
    fn describe(&self) -> String {
        let [d_input, d_output] = self.weight.shape().dims();
        let params = self.parameters();
        format!(
            "Linear {{d_input: {d_input}, d_output: {d_output}, bias: false, params: {params}}}"
        )
    }

    fn forward(&self, input: Tensor<2>, pass: &mut Pass<'_>) -> Tensor<2> {
        match pass {
            Pass::Train(_) => input.matmul(self.weight.val()),
            Pass::Predict => {
                let [rounded, scale] = self.rounded();
                input.matmul(rounded).mul(scale)
            }
        }
    }

    fn parameters(&self) -> usize {
        self.weight.shape().num_elements()
    }

    fn freeze(&self) -> Option<Vec<FrozenLayer>> {
        let [weight, scale] = self.rounded().map(host);
        Some(vec![FrozenLayer::QuantizedLinear {
            weight: weight.into_iter().map(|weight| weight as i8).collect(),
            bias: vec![0.0; scale.len()],
            scale,
        }])
    }
}

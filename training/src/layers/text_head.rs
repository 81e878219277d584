use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{Device, Tensor};
use inference::frozen::FrozenLayer;

use super::{Dropout, Layer, Pass};
use crate::init::linear;
use crate::parameters::host;
use crate::random::Random;

/// Makes two answers of [`TextFeatures`](super::TextFeatures): the sums over n-grams are one as they
/// are, and of the windows a linear layer makes the other. Each learns by a loss of its own; what is
/// predicted is the mean of both.
#[derive(Module, Debug)]
pub struct TextHead {
    dropout: Dropout,
    linear: Linear,
}

impl TextHead {
    /// A head with fresh weights for `windows` numbers behind as many sums as there are `classes`;
    /// `dropout` is the share of the windows that are left out while it learns.
    #[must_use]
    pub fn new(
        windows: usize,
        classes: usize,
        dropout: f64,
        random: &mut Random,
        device: &Device,
    ) -> Self {
        Self {
            dropout: Dropout::new(dropout),
            linear: linear(windows, classes, random, device),
        }
    }
}

impl Layer for TextHead {
    fn describe(&self) -> String {
        format!(
            "TextHead {{dropout: {}, linear: {}}}",
            self.dropout.describe(),
            self.linear.describe()
        )
    }

    fn forward(&self, input: Tensor<2>, pass: &mut Pass<'_>) -> Tensor<2> {
        let [windows, classes] = self.linear.weight.shape().dims();
        let [rows, _] = input.dims();
        let sums = input.clone().slice([0..rows, 0..classes]);
        let found = input.slice([0..rows, classes..classes + windows]);
        let found = self.dropout.forward(found, pass);
        let found = Layer::forward(&self.linear, found, pass);
        match pass {
            Pass::Train(_) => Tensor::cat(vec![sums, found], 1),
            Pass::Predict => (sums + found).mul_scalar(0.5),
        }
    }

    fn parameters(&self) -> usize {
        self.linear.parameters()
    }

    fn freeze(&self) -> Option<Vec<FrozenLayer>> {
        let [_, classes] = self.linear.weight.shape().dims();
        let bias = self.linear.bias.as_ref().map(|bias| host(bias.val()));
        let half = |number: f32| 0.5 * number;
        // The sums pass through, each to its own class.
        let through = (0..classes * classes).map(|index| {
            let same = index / classes == index % classes;
            if same { 0.5 } else { 0.0 }
        });
        let weight = host(self.linear.weight.val()).into_iter().map(half);
        Some(vec![FrozenLayer::Linear {
            weight: through.chain(weight).collect(),
            bias: bias.unwrap_or_default().into_iter().map(half).collect(),
        }])
    }
}

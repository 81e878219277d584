use burn::nn::{Gelu, Relu};
use burn::tensor::Tensor;
use model::FrozenLayer;

use super::{Layer, Pass};

impl Layer for Relu {
    fn describe(&self) -> String {
        "Relu".into()
    }

    fn forward(&self, input: Tensor<2>, _: &mut Pass<'_>) -> Tensor<2> {
        Relu::forward(self, input)
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

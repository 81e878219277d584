use burn::nn::Relu;
use burn::tensor::Tensor;
use inference::frozen::FrozenLayer;

use super::Layer;

impl Layer for Relu {
    fn describe(&self) -> String {
        "Relu".into()
    }

    fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        Relu::forward(self, input)
    }

    fn freeze(&self) -> Option<FrozenLayer> {
        Some(FrozenLayer::Relu)
    }
}

//! Networks as lists of layers.

mod activation;
mod conv_block;
mod cosine;
mod dropout;
mod ensemble;
mod histograms;
mod linear;
mod network;
mod pool;
mod quantized_linear;
mod text_features;
mod text_head;
mod whitening;

use burn::tensor::Tensor;
use model::FrozenLayer;

use crate::random::Random;

pub use conv_block::ConvBlock;
pub(crate) use conv_block::{convolve, flat};
pub use cosine::Cosine;
pub use dropout::Dropout;
pub use ensemble::{Ensemble, TargetScaler};
pub use histograms::Histograms;
pub(crate) use linear::frozen as frozen_linear;
pub use network::{AnyLayer, Network};
pub use pool::{MaxPool, MeanOfPixels};
pub use quantized_linear::QuantizedLinear;
pub use text_features::{TextFeatures, TextSize};
pub use text_head::TextHead;
pub use whitening::Whitening;

/// What a forward pass is for.
#[derive(Debug)]
pub enum Pass<'a> {
    /// To predict, with the weights that modules will have; without autodiff.
    Predict,
    /// To learn: layers may disturb the numbers at random.
    Train(&'a mut Random),
}

/// A layer of a network.
pub trait Layer {
    /// What kind of layer it is and how large, as in `Linear {d_input: 4, d_output: 128, …}`.
    fn describe(&self) -> String;

    /// The layer's output for `input`, both of shape `[rows, numbers]`.
    fn forward(&self, input: Tensor<2>, pass: &mut Pass<'_>) -> Tensor<2>;

    /// How many numbers it learns from the data, as Burn counts them.
    fn parameters(&self) -> usize {
        0
    }

    /// Whether the layer needs to know something about its input in order to predict, such as its mean.
    fn has_statistics(&self) -> bool {
        false
    }

    /// Measures that on training rows, which are its `input`; without autodiff.
    fn measure_statistics(&self, input: &Tensor<2>) {
        let _ = input;
    }

    /// The layer as modules run it. A layer that does nothing in prediction is an empty list.
    fn freeze(&self) -> Vec<FrozenLayer>;
}

//! Networks as lists of layers.
//!
//! A network names its layers once, in order. The forward pass, the summary and the frozen model
//! all follow that list, so they cannot disagree.

mod activation;
mod linear;
mod sphering;

use burn::module::Module;
use burn::tensor::Tensor;
use inference::frozen::FrozenLayer;

pub use sphering::Sphering;

/// A layer of a network.
pub trait Layer {
    /// What kind of layer it is and how large, as in `Linear {d_input: 4, d_output: 128, …}`.
    fn describe(&self) -> String;

    /// The layer's output for `input`, both of shape `[rows, numbers]`.
    fn forward(&self, input: Tensor<2>) -> Tensor<2>;

    /// How many weights it trains.
    fn parameters(&self) -> usize {
        0
    }

    /// The layer as modules run it, or `None` if they cannot.
    fn freeze(&self) -> Option<FrozenLayer>;
}

/// A network: a Burn module that is a list of layers.
pub trait Network: Module {
    /// Name of the type, for the summary.
    const NAME: &'static str;

    /// The layers by name, in order. The last gives a score for each class.
    fn layers(&self) -> Vec<(&'static str, &dyn Layer)>;

    /// The scores for `input`, of shape `[rows, classes]`.
    fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        self.layers()
            .iter()
            .fold(input, |value, (_, layer)| layer.forward(value))
    }
}

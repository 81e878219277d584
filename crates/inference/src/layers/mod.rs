//! The layers of a frozen network. Each is a plain struct that borrows its weights, so that a
//! module links the layers that its model uses and no others.

mod convolution;
mod cosine;
mod gelu;
mod linear;
mod quantized_linear;
mod relu;
mod softmax;
mod text_features;

pub use convolution::Convolution;
pub use cosine::Cosine;
pub use gelu::Gelu;
pub use linear::Linear;
pub use quantized_linear::QuantizedLinear;
pub use relu::Relu;
pub use softmax::Softmax;
pub use text_features::{ROLES, TextFeatures, WINDOWS};

/// A step of a network: numbers in, numbers out.
pub trait Layer: Sync {
    /// How many numbers come out.
    fn outputs(&self) -> usize;

    /// Computes `output`, of length [`outputs`](Layer::outputs), from `input`, the output of the
    /// layer before.
    fn forward(&self, input: &[f32], output: &mut [f32]);
}

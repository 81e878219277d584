//! The layers of a model: each reads its weights from the file, checks them, and computes.
//!
//! A kind of layer is one file here: its struct, which borrows the weights, its entry [`LayerKind`], and
//! what it computes. Functions of each number by itself share a file. The lists at the end say which kinds a
//! program contains.

mod centre;
mod convolution;
mod elementwise;
mod linear;
mod quantized_linear;
mod softmax;
mod text_features;

use alloc::boxed::Box;

use model::ModelError;

pub use centre::Centre;
pub use convolution::Convolution;
pub use elementwise::Elementwise;
pub use linear::Linear;
pub use quantized_linear::QuantizedLinear;
pub use softmax::Softmax;
pub use text_features::TextFeatures;

/// A step of a network: numbers in, numbers out.
pub trait Layer {
    /// How many numbers come out.
    fn outputs(&self) -> usize;

    /// Computes `output`, of length [`outputs`](Layer::outputs), from `input`, the output of the
    /// layer before.
    fn forward(&self, input: &[f32], output: &mut [f32]);

    /// Whether anything in `input` is known from training.
    fn knows(&self, input: &[f32]) -> bool {
        let _ = input;
        true
    }
}

/// A kind of layer: its name in the file, and how it is read.
#[derive(Debug, Clone, Copy)]
pub struct LayerKind {
    /// Name in the file.
    pub name: &'static str,
    /// Reads a layer that takes so many inputs, and checks that its weights fit.
    pub read: for<'m, 'a> fn(&model::Layer<'m, 'a>, usize) -> Result<BoxedLayer<'a>, ModelError>,
}

/// A layer of any kind.
pub type BoxedLayer<'a> = Box<dyn Layer + 'a>;

/// More numbers than a layer of this size gives.
pub(crate) const MOST_OUTPUTS: usize = 1 << 24;

/// Kinds that every program contains.
pub const COMMON: &[LayerKind] = &[
    Centre::KIND,
    Elementwise::COSINE,
    Linear::KIND,
    Elementwise::RELU,
    Softmax::KIND,
];
/// Further kinds for images.
pub const IMAGE: &[LayerKind] = &[Convolution::KIND, Elementwise::GELU, QuantizedLinear::KIND];
/// Further kinds for texts.
pub const TEXT: &[LayerKind] = &[TextFeatures::KIND];

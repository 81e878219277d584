//! The layers of a model: each reads its weights from the file, checks them, and computes.
//!
//! A kind of layer is one file here: its struct, which borrows the weights, its entry [`LayerKind`], and
//! what it computes. Functions of each number by itself share a file. The lists at the end say which kinds a
//! program contains.

mod centre;
mod clip;
mod convolution;
mod elementwise;
mod encode;
mod fixed_point;
mod four_bits;
mod histograms;
mod linear;
mod logistic;
mod pool;
mod quantized_convolution;
mod quantized_linear;
mod softmax;
mod text_features;
mod trees;
mod weighted_ngrams;

use alloc::boxed::Box;

use model::ModelError;

pub use centre::Centre;
pub use clip::Clip;
pub use convolution::Convolution;
pub use elementwise::Elementwise;
pub use encode::{CATEGORY, Encode, NUMBER, STATISTICS};
pub use fixed_point::{FixedPointConvolution, FixedPointLinear};
pub use four_bits::{FourBits, LEVELS};
pub use histograms::Histograms;
pub use linear::Linear;
pub use logistic::Logistic;
pub use pool::{MaxPool, MeanOfPixels};
pub use quantized_convolution::QuantizedConvolution;
pub use quantized_linear::QuantizedLinear;
pub use softmax::Softmax;
pub use text_features::TextFeatures;
pub use trees::Trees;
pub use weighted_ngrams::WeightedNgrams;

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
/// Further kinds for tables with fixed fields.
pub const TABLE: &[LayerKind] = &[QuantizedLinear::KIND];
/// Further kinds for columns.
pub const COLUMNS: &[LayerKind] = &[
    Clip::KIND,
    Encode::KIND,
    Elementwise::EXP,
    Logistic::KIND,
    QuantizedLinear::KIND,
    Trees::KIND,
];
/// Further kinds for images.
pub const IMAGE: &[LayerKind] = &[
    Convolution::KIND,
    FixedPointConvolution::KIND,
    Elementwise::FIXED_POINT_GELU,
    FixedPointLinear::KIND,
    Elementwise::GELU,
    Histograms::KIND,
    MaxPool::KIND,
    MeanOfPixels::KIND,
    QuantizedConvolution::KIND,
    QuantizedLinear::KIND,
];
/// Further kinds for texts.
pub const TEXT: &[LayerKind] = &[TextFeatures::KIND];
/// Further kinds for texts as characters.
pub const CHARACTERS: &[LayerKind] = &[Logistic::KIND, WeightedNgrams::KIND];

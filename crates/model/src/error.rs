//! Why bytes are no model.

use alloc::string::String;

use thiserror::Error;

use crate::FORMAT;

/// A model file that cannot be used. Its message is one line, without a full stop.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ModelError {
    /// Not a safetensors file, or a damaged one.
    #[error("not a safetensors file: {0}")]
    Safetensors(&'static str),
    /// A safetensors file of another program.
    #[error("not a model of this project: its metadata has no entry `model`")]
    NoModel,
    /// A model of another version of the format.
    #[error(
        "the model has format {0}, and this program reads format {FORMAT}: use a program of its version, or train it again"
    )]
    Format(String),
    /// An entry of the metadata that is missing or not what it should be.
    #[error("the model's `{0}` is missing or not what it should be")]
    Entry(&'static str),
    /// A name that is empty or there twice.
    #[error("the name `{0}` is empty or there twice")]
    Name(String),
    /// A list of names that is empty or too long.
    #[error("a list of fields, parts, categories or classes is empty or too long")]
    Names,
    /// An input or output whose numbers make no sense.
    #[error("`{0}` has no usable range, transform or size")]
    Range(String),
    /// A tensor that a layer needs and the file lacks, or has in another shape or type.
    #[error("layer {layer} lacks the tensor `{tensor}`, or has it in another type or shape")]
    Tensor {
        /// Position of the layer, from 0.
        layer: usize,
        /// Name of the tensor within the layer.
        tensor: &'static str,
    },
    /// A layer that does not fit the one before, or has unusable weights.
    #[error("layer {layer} (`{kind}`) {problem}")]
    Layer {
        /// Position of the layer, from 0.
        layer: usize,
        /// Its kind.
        kind: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Layers that do not end in what the output needs.
    #[error("the last layer gives {found} numbers: expected {expected}")]
    Outputs {
        /// Numbers of the last layer.
        found: usize,
        /// As many as there are classes, or one.
        expected: usize,
    },
    /// An input of another kind than the program was built for.
    #[error("the model takes another kind of input than this program")]
    Kind,
}

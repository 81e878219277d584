//! Why bytes are no model.

use alloc::string::String;

use thiserror::Error;

use crate::FORMAT;
use crate::json::{Count, Shown};

/// A model file that cannot be used. Its message is one line, without a full stop.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ModelError {
    /// Not a safetensors file, or a damaged one.
    #[error("not a safetensors file: {}", Shown(.0))]
    Safetensors(&'static str),
    /// A safetensors file of another program.
    #[error("not a model of this project: its metadata has no entry `model`")]
    NoModel,
    /// A model of another version of the format.
    #[error(
        "the model has format {}, and this program reads format {}: use a program of its version, or train it again",
        Shown(.0), Count(FORMAT)
    )]
    Format(String),
    /// An entry of the metadata that is missing or not what it should be.
    #[error("the model's `{}` is missing or not what it should be", Shown(.0))]
    Entry(&'static str),
    /// A name that is empty or there twice.
    #[error("the name `{}` is empty or there twice", Shown(.0))]
    Name(String),
    /// A list of names that is empty or too long.
    #[error("a list of fields, parts, categories or classes is empty or too long")]
    Names,
    /// An input or output whose numbers make no sense.
    #[error("`{}` has no usable range, transform or size", Shown(.0))]
    Range(String),
    /// A tensor that a layer needs and the file lacks, or has in another shape or type.
    #[error("layer {} lacks the tensor `{}`, or has it in another type or shape", Count(*layer), Shown(tensor))]
    Tensor {
        /// Position of the layer, from 0.
        layer: usize,
        /// Name of the tensor within the layer.
        tensor: &'static str,
    },
    /// A layer that does not fit the one before, or has unusable weights.
    #[error("layer {} (`{}`) {}", Count(*layer), Shown(kind), Shown(problem))]
    Layer {
        /// Position of the layer, from 0.
        layer: usize,
        /// Its kind.
        kind: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Layers that do not end in what the output needs.
    #[error("the last layer gives {} numbers: expected {}", Count(*found), Count(*expected))]
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

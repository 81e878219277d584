use std::format;
use std::path::PathBuf;
use std::string::String;

use thiserror::Error;

use super::layer::KINDS;

/// Why a frozen model cannot be read, written or built in.
#[derive(Debug, Error)]
pub enum FrozenError {
    /// The file system said no.
    #[error("cannot read `{}`: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file system said no.
    #[error("cannot write `{}`: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Not a safetensors file.
    #[error("not a safetensors file: {0}")]
    Safetensors(#[from] safetensors::SafeTensorError),
    /// A safetensors file of another program.
    #[error("not a frozen model: its metadata has no `frozen` entry")]
    NoHeader,
    /// A header that does not parse.
    #[error("not a frozen model of this version: {0}")]
    Header(#[from] serde_json::Error),
    /// A layer that no kernel computes.
    #[error("layer {index} is of the unknown kind `{kind}`: expected {}", kinds())]
    UnknownLayer {
        /// Position in the list, from 0.
        index: usize,
        /// The kind.
        kind: String,
    },
    /// A tensor that a layer needs and the file lacks, or has in another shape or type.
    #[error(
        "layer {index} (`{kind}`) needs the {number} tensor `{tensor}` of shape {expected:?}: {found}"
    )]
    Tensor {
        /// Position in the list, from 0.
        index: usize,
        /// The kind.
        kind: String,
        /// Name of the tensor within the layer.
        tensor: &'static str,
        /// Type of its numbers.
        number: &'static str,
        /// Shape that the layer list asks for.
        expected: std::vec::Vec<usize>,
        /// What the file has.
        found: String,
    },
    /// A layer that does not fit the one before, or has unusable weights.
    #[error("layer {index} (`{kind}`) {problem}")]
    Layer {
        /// Position in the list, from 0.
        index: usize,
        /// The kind.
        kind: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// An input or output whose range is none.
    #[error("`{name}` has no range of finite numbers")]
    Range {
        /// Its name.
        name: String,
    },
    /// A text that no float and no memory has room for.
    #[error("a text of {slots} slots and {vocabulary} words is too large")]
    Text {
        /// Slots for words.
        slots: usize,
        /// Words that there are.
        vocabulary: usize,
    },
    /// Another number of outputs than there should be.
    #[error("the last layer has {outputs} outputs: expected {expected}")]
    Outputs {
        /// Outputs of the last layer.
        outputs: usize,
        /// As many as there are classes, or one.
        expected: usize,
    },
    /// A classifier must end with probabilities.
    #[error("the last layer is not a softmax")]
    NotProbabilities,
}

/// The kinds of layers that there are, each in backticks.
fn kinds() -> String {
    let kinds: std::vec::Vec<_> = KINDS.iter().map(|kind| format!("`{kind}`")).collect();
    kinds.join(", ")
}

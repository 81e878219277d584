//! What a model is, and how it is stored.
//!
//! A model is one file, `model.safetensors`: plain safetensors, which Python opens. The tensors are
//! named `layers.<index>.<name>` and hold the weights in the layout that the runtime's kernels read.
//! The metadata has one entry, `model`, a JSON object:
//!
//! | Key | What it says |
//! | --- | --- |
//! | `format` | version of this format, [`FORMAT`] |
//! | `name`, `about`, `example` | what the model is called and does, and an input for the help |
//! | `input` | [`Input`]: fields with units, ranges, categories and transforms; an image's size; a text's parts and tokenizer |
//! | `output` | [`Output`]: the classes, or the number and its interval |
//! | `layers` | the layers in order: `kind`, and the whole numbers that do not follow from the weights |
//! | `metrics`, `training` | what it reached, and what is needed to make it again |
//!
//! [`Model::read`] checks all of that and borrows the weights. It needs no standard library and
//! treats the bytes as untrusted: whatever they are, it gives a model or an error. What a layer does
//! with its weights is the crate `runtime`'s knowledge. With the feature `write`, [`ModelFile`] writes
//! the file.

#![no_std]

extern crate alloc;
#[cfg(any(test, feature = "write"))]
extern crate std;

#[cfg(target_endian = "big")]
compile_error!("model files are little-endian, and read in place");

mod aligned;
pub mod characters;
mod column;
pub mod date;
#[cfg(feature = "write")]
mod digest;
mod error;
mod excerpt;
mod field;
mod header;
pub mod json;
pub mod keys;
mod layer;
mod names;
pub mod ngrams;
mod object;
mod output;
mod safetensors;
mod schema;
pub mod tokenizer;
mod transform;
#[cfg(feature = "write")]
mod writer;

use alloc::borrow::Cow;
use alloc::string::String;

pub use ::json::SyntaxError;
pub use aligned::AlignedBytes;
pub use column::{Column, ColumnValues, DATE_PARTS, MISSING, NumberRange, UNSEEN, is_missing};
#[cfg(feature = "write")]
pub use digest::{hexadecimal, sha256};
pub use error::ModelError;
pub use excerpt::Excerpt;
pub use field::{Field, Values};
pub use layer::Layer;
pub use output::{NumberOutput, Output};
pub use safetensors::{Dtype, Number};
pub use schema::{Image, Input, InputKind, Text, TextPart};
pub use tokenizer::Tokenizer;
pub use transform::Transform;
#[cfg(feature = "write")]
pub use writer::{FrozenLayer, ModelFile, Training, Weight, Weights, WriteError};

use safetensors::Tensors;

/// The version of the format that this crate reads and writes.
pub const FORMAT: usize = 1;

/// The entry of the file's metadata.
const KEY: &str = "model";

/// A model that has been read; its weights are in the bytes that it was read from.
#[derive(Debug, Clone, PartialEq)]
pub struct Model<'a> {
    /// Name of the algorithm or data set, such as `iris`.
    pub name: String,
    /// What it does, in one sentence.
    pub about: String,
    /// An input for the help, as JSON; empty if it would be too long for that.
    pub example: String,
    /// What it takes.
    pub input: Input,
    /// What its numbers mean.
    pub output: Output,
    /// The layers in the metadata: a JSON array.
    layers: String,
    tensors: Tensors<'a>,
}

impl<'a> Model<'a> {
    /// Reads a model. Its floats have to be aligned as such in memory: see [`AlignedBytes`].
    ///
    /// # Errors
    ///
    /// If the bytes are no safetensors file, or not one with a model of this version in it, or the
    /// model contradicts itself.
    pub fn read(bytes: &'a [u8]) -> Result<Self, ModelError> {
        Self::read_as(bytes, InputKind::ALL)
    }

    /// Reads a model whose input is of one of `kinds`.
    ///
    /// # Errors
    ///
    /// Those of [`read`](Self::read), and if the input is of another kind.
    #[inline(never)]
    pub fn read_as(bytes: &'a [u8], kinds: &[InputKind]) -> Result<Self, ModelError> {
        let tensors = Tensors::read(bytes)?;
        let header = tensors.metadata(KEY).ok_or(ModelError::NoModel)?;
        let header = header::read(&header, kinds)?;
        header.output.check()?;
        Ok(Self {
            name: header.name,
            about: header.about,
            example: header.example,
            input: header.input,
            output: header.output,
            layers: header.layers,
            tensors,
        })
    }

    /// The layers, in order.
    pub fn layers(&self) -> impl Iterator<Item = Layer<'_, 'a>> {
        let layers = json::items(&self.layers).enumerate();
        layers.map(|(index, entry)| Layer::new(index, entry, &self.tensors))
    }

    /// How many weights it has.
    #[must_use]
    pub fn weights(&self) -> usize {
        self.tensors.numbers()
    }

    /// All of the metadata: a JSON object.
    #[must_use]
    pub fn header(&self) -> Cow<'a, str> {
        self.tensors.metadata(KEY).unwrap_or_default()
    }

    /// Checks what is not checked at every start, because it means to read all weights: that every
    /// float is finite. A module with other weights gives an error in place of an answer.
    ///
    /// # Errors
    ///
    /// If one is not.
    pub fn check_weights(&self) -> Result<(), ModelError> {
        match self.tensors.are_finite() {
            true => Ok(()),
            false => Err(ModelError::Range("weights".into())),
        }
    }
}

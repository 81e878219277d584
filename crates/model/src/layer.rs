//! A layer as the file holds it: a kind, a few whole numbers, and tensors. Nothing here knows what a
//! kind computes.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::error::ModelError;
use crate::safetensors::{Number, Tensors};

/// A layer in the metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerEntry {
    /// What it computes.
    pub kind: String,
    /// The numbers that do not follow from the shapes of the weights, by name.
    pub settings: Vec<(String, usize)>,
}

/// A layer with its weights.
#[derive(Debug, Clone, Copy)]
pub struct Layer<'m, 'a> {
    index: usize,
    entry: &'m LayerEntry,
    tensors: &'m Tensors<'a>,
}

impl<'m, 'a> Layer<'m, 'a> {
    pub(crate) fn new(index: usize, entry: &'m LayerEntry, tensors: &'m Tensors<'a>) -> Self {
        Self {
            index,
            entry,
            tensors,
        }
    }

    /// What it computes.
    #[must_use]
    pub fn kind(&self) -> &'m str {
        &self.entry.kind
    }

    /// The setting `name`.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn setting(&self, name: &str) -> Result<usize, ModelError> {
        let mut settings = self.entry.settings.iter();
        let setting = settings.find(|(found, _)| found == name);
        setting
            .map(|(_, value)| *value)
            .ok_or_else(|| self.problem("lacks a setting"))
    }

    /// The tensor `name`: its numbers, row-major, and its shape.
    ///
    /// # Errors
    ///
    /// If there is none of this type and number of dimensions.
    pub fn tensor<T: Number, const D: usize>(
        &self,
        name: &'static str,
    ) -> Result<(&'a [T], [usize; D]), ModelError> {
        let tensor = self.tensors.get(&tensor_name(self.index, name));
        tensor.ok_or(ModelError::Tensor {
            layer: self.index,
            tensor: name,
        })
    }

    /// The tensor `name` of shape `[length]`.
    ///
    /// # Errors
    ///
    /// If there is none of this type and shape.
    pub fn vector<T: Number>(
        &self,
        name: &'static str,
        length: usize,
    ) -> Result<&'a [T], ModelError> {
        match self.tensor(name)? {
            (numbers, [found]) if found == length => Ok(numbers),
            _ => Err(ModelError::Tensor {
                layer: self.index,
                tensor: name,
            }),
        }
    }

    /// The error that says what is wrong with the layer.
    #[must_use]
    pub fn problem(&self, problem: &'static str) -> ModelError {
        ModelError::Layer {
            layer: self.index,
            kind: self.entry.kind.clone(),
            problem,
        }
    }
}

/// The name of a tensor in the file.
pub(crate) fn tensor_name(layer: usize, name: &str) -> String {
    format!("layers.{layer}.{name}")
}

//! A layer as the file holds it: a kind, a few whole numbers, and tensors. Nothing here knows what a
//! kind computes.

use alloc::format;
use alloc::string::String;

use crate::error::ModelError;
use crate::json::{self, Count, Shown};
use crate::safetensors::{Number, Tensors};

/// A layer with its weights.
#[derive(Debug, Clone, Copy)]
pub struct Layer<'m, 'a> {
    index: usize,
    /// Its entry in the metadata: JSON.
    entry: &'m str,
    tensors: &'m Tensors<'a>,
}

impl<'m, 'a> Layer<'m, 'a> {
    pub(crate) fn new(index: usize, entry: &'m str, tensors: &'m Tensors<'a>) -> Self {
        Self {
            index,
            entry,
            tensors,
        }
    }

    /// What it computes; empty if the file does not say.
    #[must_use]
    pub fn kind(&self) -> &'m str {
        let kind = self.member("kind").unwrap_or_default();
        let word = kind
            .strip_prefix('"')
            .and_then(|kind| kind.strip_suffix('"'));
        word.unwrap_or_default()
    }

    /// The setting `name`.
    ///
    /// # Errors
    ///
    /// If there is none that is a whole number.
    pub fn setting(&self, name: &str) -> Result<usize, ModelError> {
        let setting = self.member(name).and_then(json::count);
        setting.ok_or_else(|| self.problem("lacks a setting"))
    }

    #[inline(never)]
    fn member(&self, name: &str) -> Option<&'m str> {
        let object = Some(self.entry).filter(|json| json.starts_with('{'))?;
        let member = json::members(object).find(|(found, _)| *found == name);
        member.map(|(_, value)| value)
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
        tensor.ok_or(self.missing(name))
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
            _ => Err(self.missing(name)),
        }
    }

    fn missing(&self, tensor: &'static str) -> ModelError {
        ModelError::Tensor {
            layer: self.index,
            tensor,
        }
    }

    /// The error that says what is wrong with the layer.
    #[must_use]
    pub fn problem(&self, problem: &'static str) -> ModelError {
        ModelError::Layer {
            layer: self.index,
            kind: self.kind().into(),
            problem,
        }
    }
}

/// The name of a tensor in the file.
pub(crate) fn tensor_name(layer: usize, name: &str) -> String {
    format!("layers.{}.{}", Count(layer), Shown(name))
}

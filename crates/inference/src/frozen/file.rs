use serde::{Deserialize, Serialize};
use std::borrow::ToOwned;
use std::collections::HashMap;
use std::format;
use std::path::Path;
use std::string::{String, ToString};
use std::vec::Vec;

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

use super::layer::{Shapes, Tensors, Values};
use super::{Frozen, FrozenError, FrozenLayer, Header};

/// The one key of the file's metadata. One, because the order of several would be random.
const KEY: &str = "frozen";

/// The metadata: the header and the layer list.
#[derive(Serialize, Deserialize)]
struct Metadata {
    #[serde(flatten)]
    header: Header,
    layers: Vec<Entry>,
}

/// A layer in the metadata.
#[derive(Serialize, Deserialize)]
struct Entry {
    kind: String,
    inputs: usize,
    outputs: usize,
    /// Height, width and channels of the input, if it is an image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    image: Option<[usize; 3]>,
    /// Grams, classes, readers, words, numbers of a word, and filters, if it is a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<[usize; 6]>,
}

impl Frozen {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// If there is none, or it is no frozen model, or the model is not sound.
    pub fn open(path: &Path) -> Result<Self, FrozenError> {
        let bytes = std::fs::read(path).map_err(|source| FrozenError::Read {
            path: path.to_owned(),
            source,
        })?;
        Self::from_bytes(&bytes)
    }

    /// Reads the bytes of a file.
    ///
    /// # Errors
    ///
    /// If they are no frozen model, or the model is not sound.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FrozenError> {
        let tensors = SafeTensors::deserialize(bytes)?;
        let (_, metadata) = SafeTensors::read_metadata(bytes)?;
        let metadata = metadata.metadata().as_ref().and_then(|map| map.get(KEY));
        let Metadata { header, layers } =
            serde_json::from_str(metadata.ok_or(FrozenError::NoHeader)?)?;

        let layers = (layers.into_iter().enumerate())
            .map(|(index, entry)| {
                let shapes = Shapes {
                    inputs: entry.inputs,
                    outputs: entry.outputs,
                    image: entry.image,
                    text: entry.text,
                };
                let kind = entry.kind;
                let mut file = FileTensors {
                    tensors: &tensors,
                    index,
                    kind: &kind,
                };
                FrozenLayer::read(&kind, shapes, &mut file)?
                    .ok_or(FrozenError::UnknownLayer { index, kind })
            })
            .collect::<Result<_, _>>()?;
        let frozen = Self { header, layers };
        frozen.check()?;
        Ok(frozen)
    }

    /// The bytes of the file. The same model gives the same bytes.
    ///
    /// # Errors
    ///
    /// If the model is not sound.
    pub fn to_bytes(&self) -> Result<Vec<u8>, FrozenError> {
        self.check()?;
        let mut tensors: Vec<(String, Dtype, Vec<usize>, Vec<u8>)> = Vec::new();
        let mut entries = Vec::new();
        let mut inputs = self.header.inputs.numbers();
        for (index, layer) in self.layers.iter().enumerate() {
            let outputs = layer
                .outputs(inputs)
                .map_err(|problem| FrozenError::Layer {
                    index,
                    kind: layer.kind(),
                    problem,
                })?;
            for weight in layer.weights() {
                let kind = match weight.values {
                    Values::F32(_) => Dtype::F32,
                    Values::I8(_) => Dtype::I8,
                    Values::U32(_) => Dtype::U32,
                };
                let bytes = weight.values.bytes();
                tensors.push((tensor_name(index, weight.name), kind, weight.shape, bytes));
            }
            entries.push(Entry {
                kind: layer.kind().to_string(),
                inputs,
                outputs,
                image: layer.image(),
                text: layer.text(),
            });
            inputs = outputs;
        }
        let metadata = serde_json::to_string(&Metadata {
            header: self.header.clone(),
            layers: entries,
        })?;
        let views = tensors
            .iter()
            .map(|(name, kind, shape, bytes)| {
                Ok((name, TensorView::new(*kind, shape.clone(), bytes)?))
            })
            .collect::<Result<Vec<_>, FrozenError>>()?;
        let metadata = HashMap::from([(KEY.to_string(), metadata)]);
        Ok(safetensors::serialize(views, Some(metadata))?)
    }
}

/// The values as a safetensors file stores them.
#[must_use]
pub fn little_endian(values: &[f32]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect()
}

/// The values that [`little_endian`] stored.
#[must_use]
pub fn from_little_endian(bytes: &[u8]) -> Vec<f32> {
    let (values, _) = bytes.as_chunks::<4>();
    values
        .iter()
        .map(|value| f32::from_le_bytes(*value))
        .collect()
}

fn tensor_name(index: usize, name: &str) -> String {
    format!("layers.{index}.{name}")
}

/// The tensors of one layer.
struct FileTensors<'a> {
    tensors: &'a SafeTensors<'a>,
    index: usize,
    kind: &'a str,
}

impl FileTensors<'_> {
    /// The bytes of one tensor, or an error that says what the file has in its place.
    fn bytes(
        &self,
        name: &'static str,
        expected: Dtype,
        shape: &[usize],
    ) -> Result<&[u8], FrozenError> {
        let error = |found| FrozenError::Tensor {
            index: self.index,
            kind: self.kind.to_owned(),
            tensor: name,
            number: match expected {
                Dtype::I8 => "i8",
                Dtype::U32 => "u32",
                _ => "f32",
            },
            expected: shape.to_vec(),
            found,
        };
        let view = (self.tensors.tensor(&tensor_name(self.index, name)))
            .map_err(|_| error("the file has none".to_string()))?;
        if view.dtype() != expected || view.shape() != shape {
            let (kind, shape) = (view.dtype(), view.shape());
            return Err(error(format!("the file has {kind:?} of shape {shape:?}")));
        }
        Ok(view.data())
    }
}

impl Tensors for FileTensors<'_> {
    fn f32(&mut self, name: &'static str, shape: &[usize]) -> Result<Vec<f32>, FrozenError> {
        self.bytes(name, Dtype::F32, shape).map(from_little_endian)
    }

    fn i8(&mut self, name: &'static str, shape: &[usize]) -> Result<Vec<i8>, FrozenError> {
        let bytes = self.bytes(name, Dtype::I8, shape)?;
        Ok(bytes.iter().map(|byte| byte.cast_signed()).collect())
    }

    fn u32(&mut self, name: &'static str, shape: &[usize]) -> Result<Vec<u32>, FrozenError> {
        let (values, _) = self.bytes(name, Dtype::U32, shape)?.as_chunks::<4>();
        Ok(values
            .iter()
            .map(|value| u32::from_le_bytes(*value))
            .collect())
    }
}

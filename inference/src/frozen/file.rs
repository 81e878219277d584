use serde::{Deserialize, Serialize};
use std::borrow::ToOwned;
use std::collections::HashMap;
use std::format;
use std::path::Path;
use std::string::{String, ToString};
use std::vec::Vec;

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

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

        let layers = layers
            .iter()
            .enumerate()
            .map(
                |(
                    index,
                    Entry {
                        kind,
                        inputs,
                        outputs,
                    },
                )| {
                    FrozenLayer::read(kind, *inputs, *outputs, |tensor, expected| {
                        read_tensor(&tensors, index, tensor, &expected).map_err(|found| {
                            FrozenError::Tensor {
                                index,
                                kind: kind.clone(),
                                tensor,
                                expected,
                                found,
                            }
                        })
                    })
                    .unwrap_or_else(|| {
                        let kind = kind.clone();
                        Err(FrozenError::UnknownLayer { index, kind })
                    })
                },
            )
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
        let mut tensors: Vec<(String, Vec<usize>, Vec<u8>)> = Vec::new();
        let mut entries = Vec::new();
        let mut inputs = self.header.inputs.len();
        for (index, layer) in self.layers.iter().enumerate() {
            let outputs = layer
                .outputs(inputs)
                .map_err(|problem| FrozenError::Layer {
                    index,
                    kind: layer.kind(),
                    problem,
                })?;
            for weight in layer.weights() {
                let bytes = little_endian(weight.values);
                tensors.push((tensor_name(index, weight.name), weight.shape, bytes));
            }
            entries.push(Entry {
                kind: layer.kind().to_string(),
                inputs,
                outputs,
            });
            inputs = outputs;
        }
        let metadata = serde_json::to_string(&Metadata {
            header: self.header.clone(),
            layers: entries,
        })?;
        let views = tensors
            .iter()
            .map(|(name, shape, bytes)| {
                Ok((name, TensorView::new(Dtype::F32, shape.clone(), bytes)?))
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

/// Reads one tensor, or says what the file has in its place.
fn read_tensor(
    tensors: &SafeTensors<'_>,
    index: usize,
    name: &str,
    expected: &[usize],
) -> Result<Vec<f32>, String> {
    let view = tensors
        .tensor(&tensor_name(index, name))
        .map_err(|_| "the file has none".to_string())?;
    if view.dtype() != Dtype::F32 || view.shape() != expected {
        return Err(format!(
            "the file has {:?} of shape {:?}",
            view.dtype(),
            view.shape()
        ));
    }
    Ok(from_little_endian(view.data()))
}

//! Writes model files.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use std::collections::{BTreeMap, HashMap};

use safetensors::tensor::TensorView;
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use thiserror::Error;

use crate::error::ModelError;
use crate::layer::tensor_name;
use crate::output::Output;
use crate::schema::Input;
use crate::{AlignedBytes, FORMAT, KEY, Model};

/// A model to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelFile {
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
    /// The layers, in order.
    pub layers: Vec<FrozenLayer>,
    /// What it reached on rows that neither its weights nor its epoch were chosen on.
    pub metrics: BTreeMap<String, f64>,
    /// How it was made.
    pub training: Training,
}

/// How a model was made: what is needed to make it again. The default says nothing of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Training {
    /// Version of the trainer.
    pub version: String,
    /// The Burn backend, such as `ndarray`.
    pub backend: String,
    /// What the trainer was compiled for, such as `x86_64-linux`. With `wasm32-wasi`, the same run gives the same bytes
    /// on every machine. Empty if the file does not say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub target: String,
    /// SHA-256 of the data set, in hexadecimal.
    pub data_sha256: String,
    /// Every setting of the run, the seed among them.
    pub settings: BTreeMap<String, serde_json::Value>,
    /// The epoch, from 1, whose weights these are.
    pub epoch: usize,
    /// Number of rows that the metrics were measured on.
    pub test_rows: usize,
}

/// A layer that owns its weights.
#[derive(Debug, Clone, PartialEq)]
pub struct FrozenLayer {
    /// What it computes: a kind that the runtime knows.
    pub kind: &'static str,
    /// The whole numbers that do not follow from the shapes of the weights.
    pub settings: Vec<(&'static str, usize)>,
    /// The weights.
    pub weights: Vec<Weight>,
}

/// A weight of a layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Weight {
    /// Name within the layer.
    pub name: &'static str,
    /// Shape of the row-major numbers.
    pub shape: Vec<usize>,
    /// The numbers.
    pub values: Weights,
}

/// The numbers of a weight.
#[derive(Debug, Clone, PartialEq)]
pub enum Weights {
    /// Floats.
    F32(Vec<f32>),
    /// Signed numbers of 16 bits.
    I16(Vec<i16>),
    /// Signed bytes.
    I8(Vec<i8>),
    /// Bytes.
    U8(Vec<u8>),
    /// Whole numbers from 0.
    U32(Vec<u32>),
}

impl From<Vec<f32>> for Weights {
    fn from(values: Vec<f32>) -> Self {
        Self::F32(values)
    }
}

impl From<Vec<i16>> for Weights {
    fn from(values: Vec<i16>) -> Self {
        Self::I16(values)
    }
}

impl From<Vec<i8>> for Weights {
    fn from(values: Vec<i8>) -> Self {
        Self::I8(values)
    }
}

impl From<Vec<u8>> for Weights {
    fn from(values: Vec<u8>) -> Self {
        Self::U8(values)
    }
}

impl From<Vec<u32>> for Weights {
    fn from(values: Vec<u32>) -> Self {
        Self::U32(values)
    }
}

impl Weights {
    fn dtype(&self) -> safetensors::Dtype {
        match self {
            Self::F32(_) => safetensors::Dtype::F32,
            Self::I16(_) => safetensors::Dtype::I16,
            Self::I8(_) => safetensors::Dtype::I8,
            Self::U8(_) => safetensors::Dtype::U8,
            Self::U32(_) => safetensors::Dtype::U32,
        }
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Self::F32(values) => bytemuck::cast_slice(values),
            Self::I16(values) => bytemuck::cast_slice(values),
            Self::I8(values) => bytemuck::cast_slice(values),
            Self::U8(values) => values,
            Self::U32(values) => bytemuck::cast_slice(values),
        }
    }
}

impl FrozenLayer {
    /// A layer without settings or weights.
    #[must_use]
    pub fn new(kind: &'static str) -> Self {
        Self {
            kind,
            settings: Vec::new(),
            weights: Vec::new(),
        }
    }

    /// The same with a setting.
    #[must_use]
    pub fn setting(mut self, name: &'static str, value: usize) -> Self {
        self.settings.push((name, value));
        self
    }

    /// The same with a weight.
    #[must_use]
    pub fn weight(
        mut self,
        name: &'static str,
        shape: &[usize],
        values: impl Into<Weights>,
    ) -> Self {
        self.weights.push(Weight {
            name,
            shape: shape.to_vec(),
            values: values.into(),
        });
        self
    }

    /// The floats of the weight `name`, if it has them.
    #[must_use]
    pub fn floats(&self, name: &str) -> Option<&[f32]> {
        let weight = self.weights.iter().find(|weight| weight.name == name)?;
        match &weight.values {
            Weights::F32(values) => Some(values),
            _ => None,
        }
    }
}

/// Why a model cannot be written.
#[derive(Debug, Error)]
pub enum WriteError {
    /// What was written could not be read again.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A tensor whose shape is not that of its numbers.
    #[error("a weight has another shape than its numbers: {0}")]
    Safetensors(#[from] safetensors::SafeTensorError),
    /// A number that JSON does not have.
    #[error("the model's description is no JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// The metadata, in the order that people read it.
#[derive(Serialize)]
struct Metadata<'a> {
    format: usize,
    name: &'a str,
    about: &'a str,
    example: &'a str,
    input: &'a Input,
    output: &'a Output,
    layers: Vec<Description<'a>>,
    metrics: &'a BTreeMap<String, f64>,
    training: &'a Training,
}

/// What the metadata says of a layer.
struct Description<'a>(&'a FrozenLayer);

impl Serialize for Description<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kind", self.0.kind)?;
        for (name, value) in &self.0.settings {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl ModelFile {
    /// The bytes of the file. The same model gives the same bytes.
    ///
    /// # Errors
    ///
    /// If they could not be read again: a name is there twice, a weight is not finite, and so on.
    /// What the runtime makes of the layers is not checked here.
    pub fn to_bytes(&self) -> Result<Vec<u8>, WriteError> {
        let mut views = Vec::new();
        let mut layers = Vec::new();
        for (index, layer) in self.layers.iter().enumerate() {
            for weight in &layer.weights {
                let (shape, bytes) = (weight.shape.clone(), weight.values.bytes());
                let view = TensorView::new(weight.values.dtype(), shape, bytes)?;
                views.push((tensor_name(index, weight.name), view));
            }
            layers.push(Description(layer));
        }
        let metadata = serde_json::to_string(&Metadata {
            format: FORMAT,
            name: &self.name,
            about: &self.about,
            example: &self.example,
            input: &self.input,
            output: &self.output,
            layers,
            metrics: &self.metrics,
            training: &self.training,
        })?;
        // One entry, because the order of several would be random.
        let metadata = HashMap::from([(KEY.to_string(), metadata)]);
        let bytes = safetensors::serialize(views, Some(metadata))?;
        let aligned = AlignedBytes::new(&bytes);
        Model::read(&aligned)?.check_weights()?;
        Ok(bytes)
    }
}

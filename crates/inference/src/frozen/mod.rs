//! Frozen models: the file `model.safetensors` that training ends with and a module embeds.
//!
//! The file is plain safetensors. Tensors are named `layers.<index>.<name>`, f32, i8 or u32, in the
//! layout that the kernels read. The metadata has one key, `frozen`, whose value is JSON: a
//! [`Header`] and the list of layers.

mod build;
mod digest;
mod error;
mod file;
mod layer;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::string::String;
use std::vec::Vec;

pub use build::{Source, build_script, source};
pub use digest::sha256;
pub use error::FrozenError;
pub use file::{from_little_endian, little_endian};
pub use layer::{FrozenLayer, FrozenText};

use crate::model::Network;

/// Everything about a frozen model but its weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// Name of the algorithm, such as `iris`.
    pub algorithm: String,
    /// What the model takes.
    pub inputs: Input,
    /// What its numbers mean.
    #[serde(flatten)]
    pub output: Output,
    /// How the model was made.
    pub training: Training,
    /// What it reached on rows that neither its weights nor its epoch were chosen on.
    pub metrics: BTreeMap<String, f64>,
}

/// More slots than any text has words.
const MOST_SLOTS: usize = 1 << 20;
/// Up to here floats have all whole numbers.
const MOST_WORDS: usize = 1 << 24;

/// What a frozen model takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Input {
    /// Named numbers, in order.
    Fields(Vec<InputField>),
    /// The pixels of a grey image, row by row.
    Image(InputImage),
    /// The features of a text.
    Text(InputText),
}

/// What the numbers of a frozen model mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Output {
    /// The probability of each of these classes, in order.
    Classes(Vec<String>),
    /// One number.
    Quantity(OutputQuantity),
}

impl Output {
    /// How many numbers that is.
    #[must_use]
    pub fn numbers(&self) -> usize {
        match self {
            Self::Classes(classes) => classes.len(),
            Self::Quantity(_) => 1,
        }
    }
}

/// [`Quantity`](crate::output::Quantity) as a file holds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutputQuantity {
    /// What the number is, as JSON names it.
    pub name: String,
    /// Share of all cases whose true number lies in the interval, from 0 to 1.
    pub coverage: f32,
    /// How far the interval reaches to either side.
    pub reach: f32,
}

impl Input {
    /// How many numbers that is.
    #[must_use]
    pub fn numbers(&self) -> usize {
        match self {
            Self::Fields(fields) => fields.len(),
            Self::Image(image) => image.height.saturating_mul(image.width),
            Self::Text(text) => text.slots,
        }
    }
}

impl From<&[crate::schema::Field]> for Input {
    fn from(fields: &[crate::schema::Field]) -> Self {
        Self::Fields(fields.iter().map(InputField::from).collect())
    }
}

impl From<crate::schema::Image> for Input {
    fn from(image: crate::schema::Image) -> Self {
        Self::Image(InputImage {
            height: image.height,
            width: image.width,
            unit: image.unit.into(),
            minimum: 0,
            maximum: image.maximum,
        })
    }
}

impl From<crate::schema::Text> for Input {
    fn from(text: crate::schema::Text) -> Self {
        Self::Text(InputText {
            parts: text.parts.iter().map(|part| part.name.into()).collect(),
            slots: text.slots,
            vocabulary: text.vocabulary,
        })
    }
}

/// [`Text`](crate::schema::Text) as a file holds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InputText {
    /// Names of its parts in the module's JSON input.
    pub parts: Vec<String>,
    /// How many features of a text there is room for.
    pub slots: usize,
    /// How many features there are.
    pub vocabulary: usize,
}

/// [`Image`](crate::schema::Image) as a file holds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InputImage {
    /// Height, in pixels.
    pub height: usize,
    /// Width, in pixels.
    pub width: usize,
    /// What a pixel measures.
    pub unit: String,
    /// Smallest pixel.
    pub minimum: u32,
    /// Largest pixel.
    pub maximum: u32,
}

/// One number of a frozen model's input: [`Field`](crate::schema::Field) as a file holds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InputField {
    /// Name in the module's JSON input.
    pub name: String,
    /// Unit of measurement.
    pub unit: String,
    /// Smallest value, inclusive.
    pub minimum: f32,
    /// Largest value, inclusive.
    pub maximum: f32,
}

impl From<&crate::schema::Field> for InputField {
    fn from(field: &crate::schema::Field) -> Self {
        Self {
            name: field.name.into(),
            unit: field.unit.into(),
            minimum: field.minimum,
            maximum: field.maximum,
        }
    }
}

/// How a frozen model was made: enough to make it again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Training {
    /// SHA-256 of the data set, in hexadecimal.
    pub data_sha256: String,
    /// The seed of every random choice.
    pub seed: u64,
    /// The Burn backend, such as `ndarray`.
    pub backend: String,
    /// The epoch, from 1, whose weights these are.
    pub epoch: usize,
    /// Version of the trainer.
    pub version: String,
    /// Number of rows that the metrics were measured on.
    pub test_rows: usize,
}

/// A frozen model.
#[derive(Debug, Clone, PartialEq)]
pub struct Frozen {
    /// What the model is.
    pub header: Header,
    /// The layers, in order.
    pub layers: Vec<FrozenLayer>,
}

impl Frozen {
    /// Checks that each layer fits the one before, that no weight is infinite or NaN, and that what
    /// comes out is a probability for each class, or a number.
    ///
    /// # Errors
    ///
    /// Names the layer that does not fit.
    pub fn check(&self) -> Result<(), FrozenError> {
        if let Input::Fields(fields) = &self.header.inputs {
            for InputField {
                name,
                minimum,
                maximum,
                ..
            } in fields
            {
                if !(minimum.is_finite() && maximum.is_finite() && minimum <= maximum) {
                    return Err(FrozenError::Range { name: name.clone() });
                }
            }
        }
        if let Input::Text(text) = &self.header.inputs
            && (text.slots > MOST_SLOTS || text.vocabulary > MOST_WORDS)
        {
            return Err(FrozenError::Text {
                slots: text.slots,
                vocabulary: text.vocabulary,
            });
        }
        let mut width = self.header.inputs.numbers();
        for (index, layer) in self.layers.iter().enumerate() {
            width = layer.outputs(width).map_err(|problem| FrozenError::Layer {
                index,
                kind: layer.kind(),
                problem,
            })?;
        }
        let expected = self.header.output.numbers();
        if width != expected {
            return Err(FrozenError::Outputs {
                outputs: width,
                expected,
            });
        }
        match (&self.header.output, self.layers.last()) {
            (Output::Classes(_), Some(FrozenLayer::Softmax)) => Ok(()),
            (Output::Classes(_), _) => Err(FrozenError::NotProbabilities),
            (Output::Quantity(quantity), _) => {
                let OutputQuantity {
                    name,
                    coverage,
                    reach,
                } = quantity;
                match (0.0..=1.0).contains(coverage) && (0.0..f32::INFINITY).contains(reach) {
                    true => Ok(()),
                    false => Err(FrozenError::Range { name: name.clone() }),
                }
            }
        }
    }

    /// Runs the model as a module does: the same kernels on the same weights.
    ///
    /// # Errors
    ///
    /// Those of [`check`](Frozen::check).
    pub fn with_network<R>(
        &self,
        run: impl FnOnce(&mut Network<'_>) -> R,
    ) -> Result<R, FrozenError> {
        self.check()?;
        let inputs = self.header.inputs.numbers();
        let mut width = inputs;
        let mut layers = Vec::new();
        for layer in &self.layers {
            let layer = layer.kernel(width);
            width = layer.outputs();
            layers.push(layer);
        }
        Ok(run(&mut Network::new(
            inputs,
            layers.iter().map(|layer| &**layer),
        )))
    }

    /// Number of weights.
    #[must_use]
    pub fn parameters(&self) -> usize {
        self.layers.iter().map(FrozenLayer::parameters).sum()
    }
}

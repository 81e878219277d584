//! Runs a model: the bytes of a model file and JSON in, an [`Answer`] out.
//!
//! [`Runtime::open`] checks the model and borrows its weights in place; [`Runtime::predict`] reads one
//! JSON value, as users of a module write it, and answers. There is no input or output here, no file and no
//! clock: modules, trainers, tests and other programs call the same code, so that what a trainer
//! measures is what a module answers. Nothing that is a model's or a user's makes it panic.
//!
//! A program that is built for one [`Kind`] of input contains the readers and layers of that kind and no
//! others; [`Any`] contains all.
//!
//! ```
//! use model::AlignedBytes;
//! use runtime::{Any, Prediction, Runtime};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let bytes = AlignedBytes::new(include_bytes!("../../../artifacts/iris/model.safetensors"));
//! let mut iris = Runtime::open::<Any>(&bytes)?;
//! let flower = r#"{"sepal_length": 7.0, "sepal_width": 3.2, "petal_length": 4.7, "petal_width": 1.4}"#;
//! let answer = iris.predict(flower, false)?;
//! let Prediction::Class { classes, index, .. } = answer.prediction else {
//!     panic!("Iris is a classifier");
//! };
//! assert_eq!(classes[index], "Iris-versicolor");
//! # Ok(())
//! # }
//! ```

#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod answer;
mod blend;
mod error;
mod explanation;
mod input;
pub mod layers;
mod network;

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use model::{Input, InputKind, Model, ModelError, json};

pub use answer::{Answer, Prediction, Remarks, Weight};
pub use error::{Found, InputError, PixelPlace};
pub use input::*;
pub use network::{Network, Predict};

use layers::LayerKind;

/// A model, ready to predict.
pub struct Runtime<'a> {
    model: Model<'a>,
    reader: &'static dyn Reader,
    network: Box<dyn Predict + 'a>,
    /// How many plain numbers one input is, if it is nothing else.
    values: Option<usize>,
    /// The numbers of the input at hand.
    numbers: Vec<f32>,
    /// Its words, if it is a text.
    words: Vec<String>,
    /// What is doubtful about it.
    remarks: Remarks,
}

impl<'a> Runtime<'a> {
    /// Reads a model whose input is of the kind `K`. Its floats have to be aligned as such in memory: see
    /// [`AlignedBytes`](model::AlignedBytes).
    ///
    /// # Errors
    ///
    /// If `bytes` are no sound model, or one for another kind of input.
    pub fn open<K: Kind>(bytes: &'a [u8]) -> Result<Self, ModelError> {
        Self::open_as(bytes, K::INPUTS, (K::LAYERS, K::OPEN), K::reader)
    }

    /// What is the same for all kinds: compiled here, for size, rather than where the kind is named.
    #[inline(never)]
    fn open_as(
        bytes: &'a [u8],
        inputs: &[InputKind],
        (layers, open): (&[&[LayerKind]], OpenNetwork),
        reader: fn(&Input) -> Option<&'static dyn Reader>,
    ) -> Result<Self, ModelError> {
        let model = Model::read_as(bytes, inputs)?;
        let network = open(&model, layers)?;
        Self::new(model, network, reader)
    }

    /// The same with another implementation of the network: a reference to compare with.
    ///
    /// # Errors
    ///
    /// If the model is for another kind of input.
    pub fn with_network<K: Kind>(
        model: Model<'a>,
        network: Box<dyn Predict + 'a>,
    ) -> Result<Self, ModelError> {
        Self::new(model, network, K::reader)
    }

    fn new(
        model: Model<'a>,
        network: Box<dyn Predict + 'a>,
        reader: fn(&Input) -> Option<&'static dyn Reader>,
    ) -> Result<Self, ModelError> {
        let reader = reader(&model.input).ok_or(ModelError::Kind)?;
        Ok(Self {
            numbers: vec![0.0; model.input.numbers()],
            words: Vec::new(),
            remarks: Remarks::default(),
            values: count_numbers(&model.input),
            model,
            reader,
            network,
        })
    }

    /// The model.
    #[must_use]
    pub fn model(&self) -> &Model<'a> {
        &self.model
    }

    /// What one input is, as in "expected a JSON object".
    #[must_use]
    pub fn expected(&self) -> &'static str {
        self.reader.expected()
    }

    /// How JSON calls a part of the input that is weighed in an explanation.
    #[must_use]
    pub fn part(&self) -> &'static str {
        self.reader.part()
    }

    /// Whether answers can be explained.
    #[must_use]
    pub fn explains(&self) -> bool {
        self.reader.explains()
    }

    /// Describes the input for a help text.
    pub fn describe_input(&self, output: &mut String) {
        self.reader.describe(&self.model.input, output);
    }

    /// Answers `json`, one input. With `explain`, the parts that weighed most come along, where
    /// answers can be explained.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the input, and where.
    pub fn predict(&mut self, json: &str, explain: bool) -> Result<Answer<'_>, InputError> {
        let json = self.value(json)?;
        self.answer(json, explain)
    }

    /// Answers `json`, one input or an array of them, and gives each answer to `each`, in order.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the first bad input, and which of several it is. What was given to `each`
    /// before counts for nothing then.
    pub fn predict_each(
        &mut self,
        json: &str,
        explain: bool,
        each: &mut dyn FnMut(&Answer<'_>),
    ) -> Result<(), InputError> {
        let json = self.value(json)?;
        let Some(json) = json.filter(|json| self.is_batch(json)) else {
            each(&self.answer(json, explain)?);
            return Ok(());
        };
        let mut count = 0;
        for item in json::items(json) {
            count += 1;
            let answer = self.answer(Some(item), explain);
            each(&answer.map_err(|error| InputError::Item {
                number: count,
                error: Box::new(error),
            })?);
        }
        match count {
            0 => Err(InputError::EmptyArray {
                expected: self.expected(),
            }),
            _ => Ok(()),
        }
    }

    /// How many plain numbers one input is for [`predict_numbers`](Self::predict_numbers); `None` if the model takes
    /// words or dates.
    #[must_use]
    pub fn values(&self) -> Option<usize> {
        self.values
    }

    /// Answers one input, given as plain numbers: the fields in their order, a category by its position from 0 and a
    /// missing value as NaN, or the pixels. Remarks are not made.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the input, and where.
    pub fn predict_numbers(&mut self, values: &[f32]) -> Result<Answer<'_>, InputError> {
        match self.values {
            None => Err(self.not_numbers()),
            Some(count) if count != values.len() => Err(InputError::WrongCount {
                count: values.len(),
                what: "numbers",
                expected: format!("{}", json::Count(count)),
            }),
            Some(_) => {
                self.remarks.clear();
                read_numbers(&self.model.input, values, &mut self.numbers)?;
                Ok(Answer {
                    prediction: Prediction::new(
                        &self.model.output,
                        self.network.predict(&self.numbers),
                    )?,
                    explanation: None,
                    remarks: &self.remarks,
                })
            }
        }
    }

    /// What is wrong with plain numbers for a model that takes words or dates.
    #[must_use]
    pub fn not_numbers(&self) -> InputError {
        InputError::WrongKind {
            found: Found::plain_numbers(),
            expected: self.expected(),
        }
    }

    /// Whether `json`, one valid value, is an array of inputs rather than one of them.
    #[must_use]
    pub fn is_batch(&self, json: &str) -> bool {
        json.starts_with('[') && self.reader.is_batch(&self.model.input, json)
    }

    /// Checks that `text` is JSON, and returns the value; nothing if it is an input in its most frequent form, which has
    /// been read then.
    fn value<'t>(&mut self, text: &'t str) -> Result<Option<&'t str>, InputError> {
        if (self.reader).read_frequent(&self.model.input, text, &mut self.numbers) {
            return Ok(None);
        }
        if text.trim_ascii().is_empty() {
            return Err(InputError::Empty {
                expected: self.expected(),
            });
        }
        Ok(Some(json::value(text)?))
    }

    /// Answers `json`, one valid value, or what has been read.
    fn answer(&mut self, json: Option<&str>, explain: bool) -> Result<Answer<'_>, InputError> {
        let Self {
            model,
            reader,
            network,
            numbers,
            words,
            remarks,
            ..
        } = self;
        words.clear();
        remarks.clear();
        if let Some(json) = json {
            reader.read(&model.input, json, numbers, words, remarks)?;
        }
        if !network.knows(numbers) {
            return Err(InputError::Unknown);
        }
        let explanation = (explain && reader.explains())
            .then(|| reader.explain(model, network.as_mut(), numbers, words));
        let prediction = Prediction::new(&model.output, network.predict(numbers))?;
        Ok(Answer {
            prediction,
            explanation,
            remarks,
        })
    }
}

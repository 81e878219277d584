//! What a model takes: named numbers and categories, the pixels of an image, or a text.

use alloc::string::String;
use alloc::vec::Vec;

use crate::error::ModelError;
use crate::tokenizer::Tokenizer;
use crate::transform::Transform;

/// The input of a model.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "write",
    derive(serde::Serialize),
    serde(rename_all = "snake_case")
)]
pub enum Input {
    /// The fields of a row, in the order that the network takes them.
    Table(Vec<Field>),
    /// The pixels of an image.
    Image(Image),
    /// A text.
    Text(Text),
}

/// One field of a row.
///
/// It is the single source of the module's JSON name and range check, its `--help` and `--describe`,
/// and of the numbers that trainer and module feed to the network.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "write", derive(serde::Serialize))]
pub struct Field {
    /// Name in the module's JSON input.
    pub name: String,
    /// Unit of measurement; empty if there is none.
    pub unit: String,
    /// What the field says, in a few words.
    pub description: String,
    /// The values that it can have.
    #[cfg_attr(feature = "write", serde(flatten))]
    pub values: Values,
    /// How a value becomes what the network takes.
    pub transform: Transform,
}

/// The values of a field.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "write", derive(serde::Serialize), serde(untagged))]
pub enum Values {
    /// A number.
    Number {
        /// Smallest physically possible value, inclusive.
        minimum: f32,
        /// Largest physically possible value, inclusive.
        maximum: f32,
        /// Smallest value of the rows that the model was trained on, if that is known.
        #[cfg_attr(feature = "write", serde(skip_serializing_if = "Option::is_none"))]
        training_minimum: Option<f32>,
        /// Largest value of the rows that the model was trained on, if that is known.
        #[cfg_attr(feature = "write", serde(skip_serializing_if = "Option::is_none"))]
        training_maximum: Option<f32>,
    },
    /// One of several words.
    Category {
        /// The words, in the order of their positions in a one-hot code.
        categories: Vec<String>,
    },
}

/// An image as a model's input: whole numbers from 0, row by row from the top, and of a pixel channel
/// by channel.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "write", derive(serde::Serialize))]
pub struct Image {
    /// Height, in pixels.
    pub height: usize,
    /// Width, in pixels.
    pub width: usize,
    /// Numbers of a pixel: 1 for grey, 3 for red, green and blue.
    pub channels: usize,
    /// Largest value of a pixel.
    pub maximum: u32,
    /// What a pixel measures, in a few words.
    pub unit: String,
    /// Mean of each channel over the training images, with the largest value as 1.
    pub mean: Vec<f32>,
    /// Standard deviation of the same.
    pub std_dev: Vec<f32>,
}

/// A text as a model's input: a list of tokens, as whole numbers from 0. The network takes each plus 1,
/// and 0 where there is no token.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "write", derive(serde::Serialize))]
pub struct Text {
    /// What a text consists of. A plain string is the last part, with the others empty.
    pub parts: Vec<TextPart>,
    /// How many tokens of a text are read; the rest is left out.
    pub max_tokens: usize,
    /// How a text becomes tokens.
    pub tokenizer: Tokenizer,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "write", derive(serde::Serialize))]
pub struct TextPart {
    /// Name in the module's JSON input.
    pub name: String,
    /// What it is, in a few words.
    pub description: String,
}

/// More numbers than any network of this size takes.
const MOST_NUMBERS: usize = 1 << 24;
/// More tokens than any text has that is read at once.
const MOST_TOKENS: usize = 1 << 20;

impl Input {
    /// How many numbers the network takes.
    #[must_use]
    pub fn numbers(&self) -> usize {
        match self {
            Self::Table(fields) => fields.iter().map(Field::numbers).sum(),
            Self::Image(image) => image.numbers(),
            Self::Text(text) => text.max_tokens,
        }
    }
}

/// Checks the fields of a table: names are there once, and each field makes sense.
pub(crate) fn check_fields(fields: &[Field]) -> Result<(), ModelError> {
    unique(&fields.iter().map(|field| field.name.as_str()))?;
    fields.iter().try_for_each(Field::check)
}

impl Text {
    pub(crate) fn check(&self) -> Result<(), ModelError> {
        unique(&self.parts.iter().map(|part| part.name.as_str()))?;
        if !(1..=MOST_TOKENS).contains(&self.max_tokens) {
            return Err(ModelError::Range("max_tokens".into()));
        }
        self.tokenizer.check()
    }
}

impl Field {
    /// How many numbers the network takes for it.
    #[must_use]
    pub fn numbers(&self) -> usize {
        match &self.values {
            Values::Number { .. } => 1,
            Values::Category { categories } => categories.len(),
        }
    }

    /// Whether `number` is one of its values.
    #[must_use]
    pub fn has_number(&self, number: f32) -> bool {
        match self.values {
            Values::Number {
                minimum, maximum, ..
            } => (minimum..=maximum).contains(&number),
            Values::Category { .. } => false,
        }
    }

    /// Whether `number` lies outside the range of the rows that the model was trained on.
    #[must_use]
    pub fn is_unusual(&self, number: f32) -> bool {
        match self.values {
            Values::Number {
                training_minimum,
                training_maximum,
                ..
            } => {
                training_minimum.is_some_and(|minimum| number < minimum)
                    || training_maximum.is_some_and(|maximum| number > maximum)
            }
            Values::Category { .. } => false,
        }
    }

    fn check(&self) -> Result<(), ModelError> {
        let fits = match (&self.values, &self.transform) {
            (
                Values::Number {
                    minimum, maximum, ..
                },
                transform,
            ) => {
                minimum.is_finite()
                    && maximum.is_finite()
                    && minimum <= maximum
                    && transform.is_finite_from(*minimum)
            }
            (Values::Category { categories }, Transform::OneHot) => {
                unique(&categories.iter().map(String::as_str))?;
                true
            }
            _ => false,
        };
        match fits {
            true => Ok(()),
            false => Err(ModelError::Range(self.name.clone())),
        }
    }
}

impl Image {
    /// How many numbers the network takes.
    #[must_use]
    pub fn numbers(&self) -> usize {
        let row = self.width.saturating_mul(self.channels);
        self.height.saturating_mul(row)
    }

    /// What the network takes for the value `pixel` of the channel number `channel`: mean 0 and
    /// variance 1 over the training images.
    #[must_use]
    pub fn scale(&self, pixel: f32, channel: usize) -> f32 {
        let mean = self.mean.get(channel).copied().unwrap_or(0.0);
        let std_dev = self.std_dev.get(channel).copied().unwrap_or(1.0);
        (pixel / self.maximum as f32 - mean) / std_dev
    }

    pub(crate) fn check(&self) -> Result<(), ModelError> {
        let sized = (1..=MOST_NUMBERS).contains(&self.numbers()) && self.maximum > 0;
        let finite = |numbers: &[f32]| {
            numbers.len() == self.channels && numbers.iter().all(|number| number.is_finite())
        };
        let scaled = finite(&self.mean)
            && finite(&self.std_dev)
            && self.std_dev.iter().all(|std_dev| *std_dev > 0.0);
        match sized && scaled {
            true => Ok(()),
            false => Err(ModelError::Range("image".into())),
        }
    }
}

/// More names than any list of a model of this size has; more would take long to compare.
const MOST_NAMES: usize = 4096;

/// Checks that each of `names` is something, and there once. Each is compared with those before it:
/// sorting code would be a tenth of a small module.
pub(crate) fn unique<'a>(
    names: &(impl Iterator<Item = &'a str> + Clone),
) -> Result<(), ModelError> {
    let mut count = 0;
    for name in names.clone() {
        if count == MOST_NAMES {
            return Err(ModelError::Names);
        }
        if name.is_empty() || names.clone().take(count).any(|before| before == name) {
            return Err(ModelError::Name(name.into()));
        }
        count += 1;
    }
    match count {
        0 => Err(ModelError::Names),
        _ => Ok(()),
    }
}

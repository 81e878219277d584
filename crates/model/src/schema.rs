//! What a model takes: named numbers and categories, the columns of a table, the pixels of an image, or a text.

use alloc::string::String;
use alloc::vec::Vec;

use crate::column::{self, Column};
use crate::error::ModelError;
use crate::field::{self, Field};
use crate::names::unique;
use crate::object::{list, object, variant};
use crate::tokenizer::{Splitter, Tokenizer};

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
    /// The columns of anybody's table, in the order that the network takes them.
    Columns(Vec<Column>),
    /// The pixels of an image.
    Image(Image),
    /// A text.
    Text(Text),
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
            Self::Columns(columns) => columns.iter().map(Column::numbers).sum(),
            Self::Image(image) => image.numbers(),
            Self::Text(text) => text.max_tokens,
        }
    }

    /// Reads an input of one of `kinds`.
    pub(crate) fn read(json: &str, kinds: &[InputKind]) -> Result<Self, ModelError> {
        let (name, content) = variant(json, "input")?;
        let kind = kinds.iter().find(|kind| kind.name == name);
        (kind.ok_or(ModelError::Kind)?.read)(content)
    }
}

/// A kind of input, as a program may know it. It is a value, so that a program does not contain what it does not
/// name. A closure in it would be compiled for speed, in the crate that names it; a function is compiled for size.
#[derive(Debug, Clone, Copy)]
pub struct InputKind {
    name: &'static str,
    read: fn(&str) -> Result<Input, ModelError>,
}

impl InputKind {
    /// Tables.
    pub const TABLE: Self = Self {
        name: "table",
        read: field::read,
    };
    /// Columns of any table.
    pub const COLUMNS: Self = Self {
        name: "columns",
        read: column::read,
    };
    /// Images.
    pub const IMAGE: Self = Self {
        name: "image",
        read: Image::read,
    };
    /// Texts.
    pub const TEXT: Self = Self {
        name: "text",
        read: Text::read,
    };
    /// All kinds.
    pub const ALL: &[Self] = &[Self::TABLE, Self::COLUMNS, Self::IMAGE, Self::TEXT];
}

impl Text {
    /// Fills `numbers`, of length [`max_tokens`](Self::max_tokens), with what the network takes for `words`: each token plus
    /// 1, and 0 where there is none. Returns how many words are read as a whole. The `splitter` is that of the tokenizer.
    pub fn fill(&self, splitter: Splitter, words: &[String], numbers: &mut [f32]) -> usize {
        numbers.fill(0.0);
        let mut places = numbers.iter_mut();
        for (read, word) in words.iter().enumerate() {
            let mut fits = true;
            (splitter.tokens)(self.tokenizer, word, &mut |token| match places.next() {
                // Exact: there are fewer tokens than a float has whole numbers.
                Some(place) => *place = (token + 1) as f32,
                None => fits = false,
            });
            if !fits {
                return read;
            }
        }
        words.len()
    }

    /// Reads what the metadata says of it.
    fn read(json: &str) -> Result<Input, ModelError> {
        let text = object(json, "text")?;
        let mut parts = Vec::new();
        for part in list(text.get("parts")?, "parts")? {
            let part = object(part, "parts")?;
            parts.push(TextPart {
                name: part.string("name")?,
                description: part.string("description")?,
            });
        }
        let text = Self {
            parts,
            max_tokens: text.count("max_tokens")?,
            tokenizer: Tokenizer::read(text.get("tokenizer")?)?,
        };
        text.check()?;
        Ok(Input::Text(text))
    }

    fn check(&self) -> Result<(), ModelError> {
        unique(&self.parts.iter().map(|part| part.name.as_str()))?;
        if !(1..=MOST_TOKENS).contains(&self.max_tokens) {
            return Err(ModelError::Range("max_tokens".into()));
        }
        self.tokenizer.check()
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

    /// Reads what the metadata says of it.
    fn read(json: &str) -> Result<Input, ModelError> {
        let image = object(json, "image")?;
        let image = Self {
            height: image.count("height")?,
            width: image.count("width")?,
            channels: image.count("channels")?,
            maximum: u32::try_from(image.count("maximum")?).unwrap_or(0),
            unit: image.string("unit")?,
            mean: image.numbers("mean")?,
            std_dev: image.numbers("std_dev")?,
        };
        image.check()?;
        Ok(Input::Image(image))
    }

    fn check(&self) -> Result<(), ModelError> {
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

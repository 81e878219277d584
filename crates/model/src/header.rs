//! Reads the metadata of a model.

use alloc::string::String;
use alloc::vec::Vec;

use crate::FORMAT;
use crate::error::ModelError;
use crate::json;
use crate::output::{NumberOutput, Output};
use crate::schema::{Field, Image, Input, Text, TextPart, Values, check_fields};
use crate::tokenizer::Tokenizer;
use crate::transform::Transform;

/// What the runtime needs of the metadata.
pub struct Header {
    pub name: String,
    pub about: String,
    pub example: String,
    pub input: Input,
    pub output: Output,
    /// A JSON array of objects, each with a `kind`.
    pub layers: String,
}

/// Reads the entry of the metadata of a model with an input of one of `kinds`.
#[inline(never)]
pub fn read(text: &str, kinds: &[InputKind]) -> Result<Header, ModelError> {
    let json = json::value(text).map_err(|_| ModelError::Entry("model"))?;
    let header = Object::new(json).ok_or(ModelError::Entry("model"))?;
    let format = header.get("format")?;
    if json::count(format) != Some(FORMAT) {
        return Err(ModelError::Format(format.chars().take(20).collect()));
    }
    let layers = header.get("layers")?;
    list(layers, "layers")?;
    Ok(Header {
        name: header.string("name")?,
        about: header.string("about")?,
        example: header.string("example")?,
        input: input(header.get("input")?, kinds)?,
        output: output(header.get("output")?)?,
        layers: layers.into(),
    })
}

/// The members of a JSON object.
#[derive(Clone, Copy)]
struct Object<'a>(&'a str);

impl<'a> Object<'a> {
    fn new(json: &'a str) -> Option<Self> {
        json.starts_with('{').then_some(Self(json))
    }

    #[inline(never)]
    fn get(self, name: &'static str) -> Result<&'a str, ModelError> {
        let member = json::members(self.0).find(|(found, _)| *found == name);
        member
            .map(|(_, value)| value)
            .ok_or(ModelError::Entry(name))
    }

    #[inline(never)]
    fn string(self, name: &'static str) -> Result<String, ModelError> {
        let string = json::string(self.get(name)?);
        Ok(string.ok_or(ModelError::Entry(name))?.into_owned())
    }

    #[inline(never)]
    fn number(self, name: &'static str) -> Result<f32, ModelError> {
        let value = self.get(name)?;
        let number = json::number(value).filter(|_| json::is_number(value));
        number.ok_or(ModelError::Entry(name))
    }

    #[inline(never)]
    fn count(self, name: &'static str) -> Result<usize, ModelError> {
        json::count(self.get(name)?).ok_or(ModelError::Entry(name))
    }

    #[inline(never)]
    fn numbers(self, name: &'static str) -> Result<Vec<f32>, ModelError> {
        let mut numbers = Vec::new();
        for number in list(self.get(name)?, name)? {
            numbers.push(json::number(number).ok_or(ModelError::Entry(name))?);
        }
        Ok(numbers)
    }
}

#[inline(never)]
fn list<'a>(json: &'a str, name: &'static str) -> Result<json::Items<'a>, ModelError> {
    match json.starts_with('[') {
        true => Ok(json::items(json)),
        false => Err(ModelError::Entry(name)),
    }
}

#[inline(never)]
fn strings(json: &str, name: &'static str) -> Result<Vec<String>, ModelError> {
    let mut strings = Vec::new();
    for string in list(json, name)? {
        let string = json::string(string).ok_or(ModelError::Entry(name))?;
        strings.push(string.into_owned());
    }
    Ok(strings)
}

/// A value that is one of several kinds: the name of the kind, and its content, if it has some.
#[inline(never)]
fn variant<'a>(json: &'a str, name: &'static str) -> Result<(&'a str, &'a str), ModelError> {
    let object = Object::new(json).and_then(|object| json::members(object.0).next());
    let word = json
        .strip_prefix('"')
        .and_then(|word| word.strip_suffix('"'));
    object
        .or(word.map(|word| (word, "")))
        .ok_or(ModelError::Entry(name))
}

fn object<'a>(json: &'a str, name: &'static str) -> Result<Object<'a>, ModelError> {
    Object::new(json).ok_or(ModelError::Entry(name))
}

/// A kind of input, as a program may know it. It is a value, so that a program does not contain what it does not
/// name.
#[derive(Debug, Clone, Copy)]
pub struct InputKind {
    name: &'static str,
    read: fn(&str) -> Result<Input, ModelError>,
}

impl InputKind {
    /// Tables.
    pub const TABLE: Self = Self {
        name: "table",
        read: table,
    };
    /// Images.
    pub const IMAGE: Self = Self {
        name: "image",
        read: image,
    };
    /// Texts.
    pub const TEXT: Self = Self {
        name: "text",
        read: text,
    };
    /// All kinds.
    pub const ALL: &[Self] = &[Self::TABLE, Self::IMAGE, Self::TEXT];
}

fn input(json: &str, kinds: &[InputKind]) -> Result<Input, ModelError> {
    let (name, content) = variant(json, "input")?;
    let kind = kinds.iter().find(|kind| kind.name == name);
    (kind.ok_or(ModelError::Kind)?.read)(content)
}

fn table(json: &str) -> Result<Input, ModelError> {
    let mut fields = Vec::new();
    for entry in list(json, "table")? {
        fields.push(field(entry)?);
    }
    check_fields(&fields)?;
    Ok(Input::Table(fields))
}

fn image(json: &str) -> Result<Input, ModelError> {
    let image = object(json, "image")?;
    let image = Image {
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

fn text(json: &str) -> Result<Input, ModelError> {
    let text = object(json, "text")?;
    let mut parts = Vec::new();
    for part in list(text.get("parts")?, "parts")? {
        let part = object(part, "parts")?;
        parts.push(TextPart {
            name: part.string("name")?,
            description: part.string("description")?,
        });
    }
    let text = Text {
        parts,
        max_tokens: text.count("max_tokens")?,
        tokenizer: tokenizer(text.get("tokenizer")?)?,
    };
    text.check()?;
    Ok(Input::Text(text))
}

#[inline(never)]
fn field(json: &str) -> Result<Field, ModelError> {
    let field = object(json, "table")?;
    let values = match field.get("categories") {
        Ok(categories) => Values::Category {
            categories: strings(categories, "categories")?,
        },
        Err(_) => Values::Number {
            minimum: field.number("minimum")?,
            maximum: field.number("maximum")?,
            training_minimum: field.number("training_minimum").ok(),
            training_maximum: field.number("training_maximum").ok(),
        },
    };
    Ok(Field {
        name: field.string("name")?,
        unit: field.string("unit")?,
        description: field.string("description")?,
        values,
        transform: transform(field.get("transform")?)?,
    })
}

#[inline(never)]
fn transform(json: &str) -> Result<Transform, ModelError> {
    match variant(json, "transform")? {
        ("identity", _) => Ok(Transform::Identity),
        ("log", _) => Ok(Transform::Log),
        ("standardise", numbers) => {
            let numbers = object(numbers, "transform")?;
            Ok(Transform::Standardise {
                mean: numbers.number("mean")?,
                std_dev: numbers.number("std_dev")?,
            })
        }
        ("one_hot", _) => Ok(Transform::OneHot),
        _ => Err(ModelError::Entry("transform")),
    }
}

fn tokenizer(json: &str) -> Result<Tokenizer, ModelError> {
    match variant(json, "tokenizer")? {
        ("words", settings) => Ok(Tokenizer::Words {
            hash_buckets: object(settings, "tokenizer")?
                .count("hash_buckets")?
                .try_into()
                .unwrap_or(0),
        }),
        _ => Err(ModelError::Entry("tokenizer")),
    }
}

#[inline(never)]
fn output(json: &str) -> Result<Output, ModelError> {
    match variant(json, "output")? {
        ("classes", classes) => Ok(Output::Classes(strings(classes, "classes")?)),
        ("number", number) => {
            let number = object(number, "number")?;
            Ok(Output::Number(NumberOutput {
                name: number.string("name")?,
                coverage: number.number("coverage")?,
                half_width: number.number("half_width")?,
            }))
        }
        _ => Err(ModelError::Entry("output")),
    }
}

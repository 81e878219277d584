//! Reads the metadata of a model.

use alloc::string::String;

use crate::FORMAT;
use crate::error::ModelError;
use crate::json;
use crate::object::{Object, list};
use crate::output::Output;
use crate::schema::{Input, InputKind};

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
        input: Input::read(header.get("input")?, kinds)?,
        output: Output::read(header.get("output")?)?,
        layers: layers.into(),
    })
}

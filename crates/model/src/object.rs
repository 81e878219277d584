//! Reads JSON objects of the metadata. What is missing or of another kind is an error that names the entry.

use alloc::string::String;
use alloc::vec::Vec;

use crate::error::ModelError;
use crate::json;

/// The members of a JSON object.
#[derive(Clone, Copy)]
pub struct Object<'a>(&'a str);

impl<'a> Object<'a> {
    pub fn new(json: &'a str) -> Option<Self> {
        json.starts_with('{').then_some(Self(json))
    }

    #[inline(never)]
    pub fn get(self, name: &'static str) -> Result<&'a str, ModelError> {
        let member = json::members(self.0).find(|(found, _)| *found == name);
        member
            .map(|(_, value)| value)
            .ok_or(ModelError::Entry(name))
    }

    #[inline(never)]
    pub fn string(self, name: &'static str) -> Result<String, ModelError> {
        let string = json::string(self.get(name)?);
        Ok(string.ok_or(ModelError::Entry(name))?.into_owned())
    }

    #[inline(never)]
    pub fn number(self, name: &'static str) -> Result<f32, ModelError> {
        let value = self.get(name)?;
        let number = json::number(value).filter(|_| json::is_number(value));
        number.ok_or(ModelError::Entry(name))
    }

    #[inline(never)]
    pub fn count(self, name: &'static str) -> Result<usize, ModelError> {
        json::count(self.get(name)?).ok_or(ModelError::Entry(name))
    }

    #[inline(never)]
    pub fn numbers(self, name: &'static str) -> Result<Vec<f32>, ModelError> {
        let mut numbers = Vec::new();
        for number in list(self.get(name)?, name)? {
            numbers.push(json::number(number).ok_or(ModelError::Entry(name))?);
        }
        Ok(numbers)
    }
}

#[inline(never)]
pub fn list<'a>(json: &'a str, name: &'static str) -> Result<json::Items<'a>, ModelError> {
    match json.starts_with('[') {
        true => Ok(json::items(json)),
        false => Err(ModelError::Entry(name)),
    }
}

#[inline(never)]
pub fn strings(json: &str, name: &'static str) -> Result<Vec<String>, ModelError> {
    let mut strings = Vec::new();
    for string in list(json, name)? {
        let string = json::string(string).ok_or(ModelError::Entry(name))?;
        strings.push(string.into_owned());
    }
    Ok(strings)
}

/// A value that is one of several kinds: the name of the kind, and its content, if it has some.
#[inline(never)]
pub fn variant<'a>(json: &'a str, name: &'static str) -> Result<(&'a str, &'a str), ModelError> {
    let object = Object::new(json).and_then(|object| json::members(object.0).next());
    let word = json
        .strip_prefix('"')
        .and_then(|word| word.strip_suffix('"'));
    object
        .or(word.map(|word| (word, "")))
        .ok_or(ModelError::Entry(name))
}

pub fn object<'a>(json: &'a str, name: &'static str) -> Result<Object<'a>, ModelError> {
    Object::new(json).ok_or(ModelError::Entry(name))
}

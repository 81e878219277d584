//! The fields of a table.

use alloc::string::String;
use alloc::vec::Vec;

use crate::error::ModelError;
use crate::names::unique;
use crate::object::{list, object, strings};
use crate::schema::Input;
use crate::transform::Transform;

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

    /// Reads what the metadata says of it.
    #[inline(never)]
    fn read(json: &str) -> Result<Self, ModelError> {
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
        Ok(Self {
            name: field.string("name")?,
            unit: field.string("unit")?,
            description: field.string("description")?,
            values,
            transform: Transform::read(field.get("transform")?)?,
        })
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

/// Reads the fields of a table, and checks that each makes sense and that no two have the same name.
pub(crate) fn read(json: &str) -> Result<Input, ModelError> {
    let mut fields = Vec::new();
    for entry in list(json, "table")? {
        fields.push(Field::read(entry)?);
    }
    unique(&fields.iter().map(|field| field.name.as_str()))?;
    fields.iter().try_for_each(Field::check)?;
    Ok(Input::Table(fields))
}

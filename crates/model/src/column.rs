//! The columns of anybody's table.
//!
//! Unlike a [`Field`](crate::Field), a column may lack a value, and may have a word that training has not seen.
//! The network takes its values as they are; scaling is the work of its layers.

use alloc::string::String;
use alloc::vec::Vec;

use crate::error::ModelError;
use crate::names::unique;
use crate::object::{Object, list, object, strings};
use crate::schema::Input;

/// What the network takes where there is no value.
pub const MISSING: f32 = f32::NAN;
/// What the network takes for a word that is none of a column's categories.
pub const UNSEEN: f32 = -1.0;
/// Numbers that the network takes for a date: see [`date::parts`](crate::date::parts).
pub const DATE_PARTS: usize = 5;

/// Words for a value that is missing, in lower case.
const MISSING_WORDS: [&str; 9] = ["", "na", "n/a", "nan", "null", "none", "?", "-", "."];

/// Whether a cell says that there is no value: nothing, `NA`, `N/A`, `NaN`, `null`, `None`, `?`, `-` or `.`, in
/// upper or lower case.
#[must_use]
pub fn is_missing(cell: &str) -> bool {
    cell.len() <= 4 && (MISSING_WORDS.iter()).any(|word| cell.eq_ignore_ascii_case(word))
}

/// One column of a table.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "write", derive(serde::Serialize))]
pub struct Column {
    /// Name in the module's JSON input.
    pub name: String,
    /// Unit of measurement; empty if there is none.
    pub unit: String,
    /// What the column says, in a few words; may be empty.
    pub description: String,
    /// The values that it can have.
    #[cfg_attr(feature = "write", serde(flatten))]
    pub values: ColumnValues,
    /// Whether rows of training lacked a value.
    pub missing: bool,
    /// The numbers that the network takes for a typical value, for explanations: as many as [`numbers`](Self::numbers) says.
    pub typical: Vec<f32>,
}

/// The values of a column.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "write",
    derive(serde::Serialize),
    serde(rename_all = "snake_case")
)]
pub enum ColumnValues {
    /// A number; the network takes it as it is.
    Number(NumberRange),
    /// One of these words; the network takes its position.
    Category(Vec<String>),
    /// A date, or a date with a time; the network takes its [parts](crate::date::parts).
    Date,
}

/// The range of a column of numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "write", derive(serde::Serialize))]
pub struct NumberRange {
    /// Smallest possible value, inclusive, if there is one.
    #[cfg_attr(feature = "write", serde(skip_serializing_if = "Option::is_none"))]
    pub minimum: Option<f32>,
    /// Largest possible value, inclusive, if there is one.
    #[cfg_attr(feature = "write", serde(skip_serializing_if = "Option::is_none"))]
    pub maximum: Option<f32>,
    /// Smallest value of the rows that the model was trained on.
    pub training_minimum: f32,
    /// Largest value of the rows that the model was trained on.
    pub training_maximum: f32,
}

impl NumberRange {
    /// Whether `number` is a possible value.
    #[must_use]
    pub fn has(&self, number: f32) -> bool {
        self.minimum.is_none_or(|minimum| number >= minimum)
            && self.maximum.is_none_or(|maximum| number <= maximum)
    }

    /// Whether `number` lies outside the range of the rows that the model was trained on.
    #[must_use]
    pub fn is_unusual(&self, number: f32) -> bool {
        number < self.training_minimum || number > self.training_maximum
    }
}

impl Column {
    /// How many numbers the network takes for it.
    #[must_use]
    pub fn numbers(&self) -> usize {
        match self.values {
            ColumnValues::Date => DATE_PARTS,
            _ => 1,
        }
    }

    /// Reads what the metadata says of it.
    #[inline(never)]
    fn read(json: &str) -> Result<Self, ModelError> {
        let column = object(json, "columns")?;
        Ok(Self {
            name: column.string("name")?,
            unit: column.string("unit")?,
            description: column.string("description")?,
            values: ColumnValues::read(column)?,
            missing: column.get("missing")? == "true",
            typical: column.numbers("typical")?,
        })
    }

    fn check(&self) -> Result<(), ModelError> {
        let fits = match &self.values {
            ColumnValues::Number(range) => range.training_minimum <= range.training_maximum,
            ColumnValues::Category(categories) => {
                unique(&categories.iter().map(String::as_str))?;
                true
            }
            ColumnValues::Date => true,
        };
        match fits && self.typical.len() == self.numbers() {
            true => Ok(()),
            false => Err(ModelError::Range(self.name.clone())),
        }
    }
}

impl ColumnValues {
    fn read(column: Object<'_>) -> Result<Self, ModelError> {
        if column.get("date").is_ok() {
            return Ok(Self::Date);
        }
        if let Ok(categories) = column.get("category") {
            return Ok(Self::Category(strings(categories, "category")?));
        }
        let range = object(column.get("number")?, "number")?;
        Ok(Self::Number(NumberRange {
            minimum: range.number("minimum").ok(),
            maximum: range.number("maximum").ok(),
            training_minimum: range.number("training_minimum")?,
            training_maximum: range.number("training_maximum")?,
        }))
    }
}

/// Reads the columns of a table, and checks that each makes sense and that no two have the same name.
pub(crate) fn read(json: &str) -> Result<Input, ModelError> {
    let mut columns = Vec::new();
    for entry in list(json, "columns")? {
        columns.push(Column::read(entry)?);
    }
    unique(&columns.iter().map(|column| column.name.as_str()))?;
    columns.iter().try_for_each(Column::check)?;
    Ok(Input::Columns(columns))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_cells_have_many_names() {
        assert!(
            ["", "NA", "NaN", "null", "None", "?", "N/A", "-", "."]
                .into_iter()
                .all(is_missing)
        );
        assert!(!["0", "-1", ".5", "no", "--"].into_iter().any(is_missing));
    }
}

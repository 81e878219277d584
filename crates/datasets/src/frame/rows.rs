//! The rows of a table, whatever its form.

use std::borrow::Cow;

use crate::DataError;

use super::Options;
use super::delimited::Delimited;
use super::objects::Objects;
use super::open::File;

/// A table whose rows can be gone through several times.
pub enum Rows<'a> {
    /// Text with separators.
    Delimited(Delimited<'a>),
    /// Objects of JSON.
    Objects(Objects<'a>),
}

/// Where a row is.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// The line, from 1.
    pub line: u32,
    /// The byte of the text, from 0.
    pub byte: usize,
}

/// The cells of a row.
#[derive(Debug, Clone, Copy)]
pub enum Row<'a> {
    /// Of text with separators.
    Record(&'a csv::StringRecord),
    /// Of an object; a value that it lacks is empty.
    Values(&'a [Cow<'a, str>]),
}

/// Takes each row.
pub type Visit<'a> = dyn FnMut(Place, Row<'_>) -> Result<(), DataError> + 'a;

impl<'a> Row<'a> {
    /// The cell in `column`, without space around it.
    pub fn cell(self, column: usize) -> &'a str {
        let cell = match self {
            Self::Record(record) => record.get(column),
            Self::Values(values) => values.get(column).map(AsRef::as_ref),
        };
        cell.unwrap_or_default().trim()
    }
}

impl<'a> Rows<'a> {
    /// Finds the form of `text` and the names of its columns.
    ///
    /// # Errors
    ///
    /// If it is no table.
    pub fn find(
        file: File<'_>,
        text: &'a str,
        options: &Options,
        notes: &mut Vec<String>,
    ) -> Result<Self, DataError> {
        if text.trim().is_empty() {
            return Err(file.bad(None, "is empty"));
        }
        let rows = match Objects::is_json(text) {
            true => Self::Objects(Objects::find(file, text, notes)?),
            false => Self::Delimited(Delimited::find(file, text, options, notes)?),
        };
        file.check_columns(rows.names().len())?;
        Ok(rows)
    }

    /// The names of the columns.
    pub fn names(&self) -> &[String] {
        match self {
            Self::Delimited(table) => &table.names,
            Self::Objects(objects) => &objects.names,
        }
    }

    /// The whole text.
    pub fn text(&self) -> &'a str {
        match self {
            Self::Delimited(table) => table.text,
            Self::Objects(objects) => objects.text,
        }
    }

    /// Whether a comma separates the cells, so that it hardly separates decimals.
    pub fn has_commas(&self) -> bool {
        matches!(self, Self::Delimited(table) if table.separator == b',')
    }

    /// Hands all rows to `visit`. Each has as many cells as there are names.
    ///
    /// # Errors
    ///
    /// If a row is broken or of another length, and those of `visit`.
    pub fn visit(&self, file: File<'_>, visit: &mut Visit<'_>) -> Result<(), DataError> {
        match self {
            Self::Delimited(table) => table.visit(file, visit),
            Self::Objects(objects) => objects.visit(file, visit),
        }
    }
}

//! What is in a file, before anything is learnt from it.

use datasets::frame::{Frame, Schema};
use serde::Serialize;
use training::console::print;
use training::report::pretty;

use crate::error::TabularError;
use crate::names::model_name;
use crate::options::{Columns, Options};
use crate::prepare::{notes, prepare, target_name};
use crate::progress::Console;
use crate::report::Summary;
use crate::run::{NAMELESS, read, schema};

/// What is in a file.
#[derive(Debug, Serialize)]
struct Inspection {
    /// What a model of it would be called.
    name: String,
    /// Rows of the file; with a target, those that have one.
    rows: usize,
    /// SHA-256 of the file, in hexadecimal.
    sha256: String,
    /// What is to be predicted, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<Summary>,
    /// All columns of the file; with a target, those that are learnt from.
    columns: Vec<Summary>,
    /// What was decided, and what is peculiar, in sentences.
    notes: Vec<String>,
}

impl Inspection {
    fn new(
        name: String,
        frame: Frame,
        wishes: &Columns,
        schema: Option<&Schema>,
    ) -> Result<Self, TabularError> {
        match target_name(wishes, schema) {
            Some(_) => Self::with_target(name, frame, wishes, schema),
            None => Self::of_file(name, frame, wishes, schema),
        }
    }

    fn with_target(
        name: String,
        frame: Frame,
        wishes: &Columns,
        schema: Option<&Schema>,
    ) -> Result<Self, TabularError> {
        let sha256 = frame.sha256.clone();
        let prepared = prepare(frame, wishes, schema)?;
        let table = &prepared.table;
        Ok(Self {
            name,
            rows: table.rows(),
            sha256,
            target: Some(Summary::of_target(&table.target)),
            columns: table.inputs.iter().map(Summary::of_input).collect(),
            notes: prepared.notes,
        })
    }

    fn of_file(
        name: String,
        frame: Frame,
        wishes: &Columns,
        schema: Option<&Schema>,
    ) -> Result<Self, TabularError> {
        let notes = notes(&frame, wishes)?;
        let found = Schema::of(&frame, None).columns;
        let known = schema.map_or(&[][..], |schema| &schema.columns);
        // A frame and its schema have the same columns in the same order.
        let columns = found.into_iter().zip(frame.columns);
        let columns = columns.map(|(found, column)| {
            let known = known.iter().find(|known| known.name == column.name);
            Summary::of_column(known.cloned().unwrap_or(found), column.cells)
        });
        Ok(Self {
            name,
            rows: frame.rows,
            sha256: frame.sha256,
            target: None,
            columns: columns.collect(),
            notes,
        })
    }
}

/// Prints what is in the file, as JSON.
///
/// # Errors
///
/// If it cannot be read, or a column that is named is not there or cannot be used.
pub fn inspect(options: &Options, console: &Console) -> Result<(), TabularError> {
    let schema = schema(options)?;
    let frame = read(options, &options.data, schema.clone(), console)?;
    let name = model_name(&options.data, options.name.as_deref(), NAMELESS);
    let inspection = Inspection::new(name, frame, &options.columns, schema.as_ref())?;
    let text = pretty(&inspection)?;
    Ok(print(&String::from_utf8_lossy(&text))?)
}

#[cfg(test)]
mod tests;

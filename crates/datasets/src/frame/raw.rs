//! The rows of a file as they are written.

use std::path::Path;

use crate::DataError;

use super::open::{self, File};
use super::rows::Rows;
use super::{MOST_BYTES, Options};

/// Hands the names of all columns of the file `path` to `header`, and then the cells of each row to `row`, in their order. They
/// are the rows of the [`Frame`](super::Frame) that the same `options` give.
///
/// # Errors
///
/// Those of [`Frame::read`](super::Frame::read) that are not about values.
pub fn visit(
    path: &Path,
    options: &Options,
    header: &mut dyn FnMut(&[String]),
    row: &mut dyn FnMut(&[&str]),
) -> Result<(), DataError> {
    let file = File { path };
    let bytes = file.unpack(open::read(path, MOST_BYTES)?, MOST_BYTES)?;
    let rows = Rows::find(file, file.text(&bytes)?, options, &mut Vec::new())?;
    let width = rows.names().len();
    header(rows.names());
    rows.visit(file, &mut |_, cells| {
        let cells: Vec<&str> = (0..width).map(|column| cells.cell(column)).collect();
        row(&cells);
        Ok(())
    })
}

//! Any table of a user as typed columns.
//!
//! A table is text separated by commas, semicolons, tabs, bars or spaces, or JSON: one object a line, or one array of
//! objects. It is read twice: first to find the type of each column, then to fill the columns.

mod decision;
mod delimited;
mod fill;
mod findings;
mod formats;
mod names;
mod number;
mod objects;
pub(crate) mod open;
mod plan;
mod raw;
mod records;
mod rows;
mod schema;
mod tally;
#[cfg(test)]
mod tests;
mod wanted;

use std::path::Path;

use model::DATE_PARTS;

use crate::DataError;

pub use findings::{Finding, Reason};
pub use raw::visit;
pub use schema::{ColumnSchema, Kind, Schema};

use open::File;
use rows::Rows;

/// The code of a missing cell in [`Cells::Categories`].
pub const MISSING: u32 = u32::MAX;

/// Most bytes of a file, unpacked.
const MOST_BYTES: usize = 2 << 30;
/// Most cells of a table. A number takes 4 bytes, and a date [`DATE_CELLS`] times as many.
const MOST_CELLS: usize = 300_000_000;
/// Most columns of a table: each needs some kilobytes while its type is found.
const MOST_COLUMNS: usize = 50_000;
/// How many numbers take as much memory as one date.
const DATE_CELLS: usize = size_of::<Option<[f32; DATE_PARTS]>>() / size_of::<f32>();

/// A table of typed columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// The columns, in the order of the file, without those that the schema ignores.
    pub columns: Vec<Column>,
    /// The number of rows: the length of every column.
    pub rows: usize,
    /// SHA-256 of the file as it is stored, in hexadecimal.
    pub sha256: String,
    /// The line of each row in the file, from 1.
    pub lines: Vec<u32>,
    /// What was decided without being asked for, a sentence each, with the option that decides otherwise.
    pub notes: Vec<String>,
}

/// A named column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The name as the file spells it, without spaces around it. Names are unique.
    pub name: String,
    /// The values.
    pub cells: Cells,
    /// Whether every cell is a whole number larger than the one before. Found before the numbers were rounded to 32
    /// bits, which cannot tell the numbers of many rows apart.
    pub is_ascending: bool,
}

/// The values of a column, one a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cells {
    /// Numbers; NaN is a missing one. All others are finite.
    Numbers(Vec<f32>),
    /// Words of a few kinds.
    Categories {
        /// The position in `names`; [`MISSING`] is a missing word.
        codes: Vec<u32>,
        /// The distinct words: the most frequent first, equally frequent ones by name.
        names: Vec<String>,
    },
    /// Dates by their [parts](model::date::parts), if there is one.
    Dates(Vec<Option<[f32; DATE_PARTS]>>),
    /// Words of too many kinds to be categories: free text, or identifiers. They are kept only where [`Options::texts`]
    /// names the column.
    Texts {
        /// The number of distinct texts.
        distinct: usize,
        /// The number of rows without one.
        missing: usize,
        /// A hash of all cells in order: equal columns have equal ones.
        fingerprint: u64,
        /// The cells, empty ones included, if they are kept; none otherwise.
        cells: Vec<String>,
    },
}

/// How a table is to be read. The default finds out everything.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Whether the first row has the names of the columns.
    pub header: Option<bool>,
    /// What separates the cells of a row.
    pub separator: Option<u8>,
    /// Names of columns that are categories, whatever is in them.
    pub categorical: Vec<String>,
    /// Names of columns that are numbers; words in them count as missing.
    pub numeric: Vec<String>,
    /// Names of columns that are free text, whose cells are kept.
    pub texts: Vec<String>,
    /// Types and limits of columns. `categorical` and `numeric` have precedence.
    pub schema: Option<Schema>,
}

/// Takes the bytes that have been read, and how many are to be read. Both passes count.
pub type Progress<'a> = dyn Fn(u64, u64) + 'a;

impl Frame {
    /// Reads the file `path`, packed with gzip or not.
    ///
    /// Cells that are empty, `NA`, `N/A`, `NaN`, `null`, `None`, `?`, `-` or `.`, in upper or lower case, are missing, in
    /// columns of words too: `None` cannot be told from a value that nobody wrote down.
    ///
    /// # Errors
    ///
    /// If it cannot be read, is another format or encoding or too large, has rows of unequal length, two columns of the
    /// same name, a number that is not finite, or does not fit `options`.
    pub fn read(
        path: &Path,
        options: &Options,
        progress: &Progress<'_>,
    ) -> Result<Self, DataError> {
        Self::parse(path, open::read(path, MOST_BYTES)?, options, progress)
    }

    /// Reads `bytes`, the contents of the file `path`, as [`read`](Self::read) does.
    ///
    /// # Errors
    ///
    /// Those of [`read`](Self::read).
    pub fn parse(
        path: &Path,
        bytes: Vec<u8>,
        options: &Options,
        progress: &Progress<'_>,
    ) -> Result<Self, DataError> {
        let file = File { path };
        let sha256 = model::sha256(&bytes);
        let bytes = file.unpack(bytes, MOST_BYTES)?;
        let text = file.text(&bytes)?;
        let mut notes = Vec::new();
        let rows = Rows::find(file, text, options, &mut notes)?;
        let total = 2 * text.len() as u64;
        let wanted = wanted::find(file, rows.names(), options)?;
        let (tallies, count) = tally::pass(file, &rows, &wanted, &|at| progress(at, total))?;
        let plans = plan::decide(file, &rows, &wanted, tallies, &mut notes)?;
        let cells: usize = plans.iter().map(plan::Plan::weight).sum();
        file.check_size(count, cells, text)?;
        let at_half = |at| progress(total / 2 + at, total);
        let (columns, lines) = fill::pass(file, &rows, plans, count, &at_half)?;
        progress(total, total);
        Ok(Self {
            columns,
            rows: count,
            sha256,
            lines,
            notes,
        })
    }

    /// The position of the column `name`, if there is one.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// What is peculiar about columns. See [`Finding`]. `target` is the column to be predicted, if it is known.
    #[must_use]
    pub fn findings(&self, target: Option<usize>) -> Vec<Finding> {
        findings::findings(self, target)
    }
}

impl Cells {
    /// How many cells are missing.
    #[must_use]
    pub fn missing(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.iter().filter(|number| number.is_nan()).count(),
            Self::Categories { codes, .. } => codes.iter().filter(|c| **c == MISSING).count(),
            Self::Dates(dates) => dates.iter().filter(|date| date.is_none()).count(),
            Self::Texts { missing, .. } => *missing,
        }
    }
}

//! Why a linear model cannot be fitted.

use thiserror::Error;

/// Input that a linear model cannot be fitted to. Rows and columns are counted from 0.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum LinearError {
    /// The design is no matrix with a row for each target.
    #[error("the design has {values} values, expected {rows} rows of {columns} columns")]
    DesignSize {
        /// Values of the design.
        values: usize,
        /// Rows, as many as there are targets.
        rows: usize,
        /// Columns of the design.
        columns: usize,
    },
    /// A list with an entry for each row has another length.
    #[error("there are {found} {what}, expected {expected}, one for each row")]
    Length {
        /// What the list holds.
        what: &'static str,
        /// Its length.
        found: usize,
        /// Number of rows.
        expected: usize,
    },
    /// A feature that is infinite or no number.
    #[error("row {row}, column {column} of the design is `{value}`, expected a finite number")]
    Feature {
        /// The row.
        row: usize,
        /// The column.
        column: usize,
        /// What is there.
        value: f32,
    },
    /// A target that is infinite, no number, or no class.
    #[error("the target of row {row} is `{value}`, expected {expected}")]
    Target {
        /// The row.
        row: usize,
        /// What is there.
        value: f32,
        /// What a target is.
        expected: String,
    },
    /// A weight that is negative, infinite or no number.
    #[error("the weight of row {row} is `{value}`, expected a finite number of at least 0")]
    Weight {
        /// The row.
        row: usize,
        /// What is there.
        value: f32,
    },
    /// A row number beyond the last row.
    #[error("there is no row {row}, expected a number below {rows}")]
    Row {
        /// The number.
        row: u32,
        /// Number of rows.
        rows: usize,
    },
    /// Rows without any weight.
    #[error(
        "there is nothing to fit: the rows {place}have no weight; use rows with a weight above 0"
    )]
    NoWeight {
        /// Which rows, with a space at the end, or nothing.
        place: String,
    },
    /// Too few folds.
    #[error("the rows are in {found} folds, expected at least 2")]
    Folds {
        /// Number of folds.
        found: usize,
    },
    /// Too few classes.
    #[error("there are {found} classes, expected at least 2")]
    Classes {
        /// Number of classes.
        found: usize,
    },
    /// A penalty that does not make the solution unique.
    #[error("the penalty is `{value}`, expected a finite number above 0")]
    Penalty {
        /// The penalty.
        value: f64,
    },
    /// No penalty to choose from.
    #[error("there are no penalties to choose from, expected at least one")]
    NoPenalties,
}

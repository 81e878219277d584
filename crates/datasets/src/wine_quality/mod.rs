//! The Wine Quality data: Portuguese Vinho Verde, eleven measurements of each wine and the quality
//! that tasters found (UCI Machine Learning Repository no. 186; P. Cortez, A. Cerdeira, F. Almeida,
//! T. Matos, J. Reis, "Modeling wine preferences by data mining from physicochemical properties",
//! Decision Support Systems 47(4), 2009; CC BY 4.0).

mod columns;
mod fields;
pub mod remote;

use std::path::Path;

use model::{is_missing, sha256};

use crate::DataError;
use crate::input;
use crate::text_table::{Row, TextTable, plain};

pub use fields::{FIELDS, QUALITY};

use columns::Columns;

/// The red wines, which come with the crate. The numbers are those of UCI's file; between them are
/// commas in place of semicolons.
const EMBEDDED: &[u8] = include_bytes!("../../../../wine-quality/datasets/winequality-red.csv");
const EMBEDDED_PATH: &str = "wine-quality/datasets/winequality-red.csv";

/// The white wines, as UCI calls the file.
const WHITE: &str = "winequality-white.csv";

/// The colours of wine.
const COLOURS: [&str; 2] = ["red", "white"];

/// Fewest wines. Cross-validation with five folds leaves forty of fifty to train on, and of those a
/// few for validation, on which the range of a prediction's errors is measured as well.
const FEWEST: usize = 50;

/// Wines, measured and tasted.
#[derive(Debug, Clone, PartialEq)]
pub struct Wines {
    /// In the order of [`FIELDS`].
    pub measurements: Vec<[f32; 11]>,
    /// The median of the grades that at least three tasters gave, 0 (very bad) to 10 (excellent).
    pub quality: Vec<f32>,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// `red` or `white`, if that is known.
    pub colour: Option<&'static str>,
    /// What a person should know of the file, if anything.
    pub notes: Vec<String>,
}

impl Wines {
    /// Reads the file `path`, or the white wines if that is a folder. The red ones come with the
    /// program, and are read without a path.
    ///
    /// # Errors
    ///
    /// If there is no such file, or it is not in UCI's form; names the line.
    pub fn load(path: Option<&Path>) -> Result<Self, DataError> {
        let Some(path) = path else {
            return Self::parse(Path::new(EMBEDDED_PATH), EMBEDDED);
        };
        let white = path.join(WHITE);
        let file = match path.is_dir() {
            true if white.is_file() => white.as_path(),
            true => {
                let problem = format!("expected {WHITE} in this folder; name another, or a file");
                return Err(bad(path, None, problem));
            }
            false => path,
        };
        let bytes = input::read(file, u64::MAX).map_err(|source| DataError::ReadData {
            path: file.into(),
            source,
        })?;
        Self::parse(file, &bytes)
    }

    /// Reads the contents of the file `path`: a line with the names of the columns, in any order,
    /// and one for each wine, with any separator. Rows with missing cells are left out, and of a file with both
    /// colours the rarer one.
    ///
    /// # Errors
    ///
    /// If anything in it is not as expected; names the line.
    pub fn parse(path: &Path, bytes: &[u8]) -> Result<Self, DataError> {
        let is_known =
            |name: &str| name == QUALITY || FIELDS.iter().any(|field| plain(field.name) == name);
        let table = TextTable::read(path, bytes, is_known)?;
        let columns = Columns::find(&table)?;
        let mut wines = Self {
            measurements: Vec::new(),
            quality: Vec::new(),
            sha256: sha256(bytes),
            colour: colour(path),
            notes: Vec::new(),
        };
        let colour_of = |row: &Row| {
            let cell = row.cell(columns.colour?);
            COLOURS
                .iter()
                .position(|colour| cell.eq_ignore_ascii_case(colour))
        };
        let counts = [0, 1].map(|colour| {
            let rows = table.rows.iter();
            rows.filter(|row| colour_of(row) == Some(colour)).count()
        });
        let most = usize::from(counts[1] > counts[0]);
        let fewer = 1 - most;
        if counts[most] > 0 {
            wines.colour = Some(COLOURS[most]);
        }
        if counts[fewer] > 0 {
            wines.notes.push(format!(
                "a model is of one colour: the {} {} wines of the file are read, and its {} {} ones left out",
                counts[most], COLOURS[most], counts[fewer], COLOURS[fewer]
            ));
        }
        let kept = |row: &&Row| counts[fewer] == 0 || colour_of(row) == Some(most);
        let mut incomplete = 0;
        for row in table.rows.iter().filter(kept) {
            if columns.all().any(|column| is_missing(row.cell(column))) {
                incomplete += 1;
                continue;
            }
            let (numbers, quality) = columns
                .read(&table, row)
                .map_err(|problem| table.bad_row(row.line, problem))?;
            wines.measurements.push(numbers);
            wines.quality.push(quality);
        }
        if incomplete > 0 {
            let note = format!("{incomplete} rows with missing cells are left out");
            wines.notes.push(note);
        }
        let count = wines.quality.len();
        if count < FEWEST {
            let problem = format!("{count} wines; expected at least {FEWEST}");
            return Err(table.bad(problem));
        }
        Ok(wines)
    }
}

/// What the name of a file says of the wines.
fn colour(path: &Path) -> Option<&'static str> {
    let name = path.file_name()?.to_string_lossy().to_lowercase();
    let words = || name.split(|character: char| !character.is_alphanumeric());
    let mut colours = (COLOURS.into_iter()).filter(|colour| words().any(|word| word == *colour));
    colours.next().filter(|_| colours.next().is_none())
}

fn bad(path: &Path, line: Option<u64>, problem: String) -> DataError {
    DataError::BadData {
        path: path.into(),
        line,
        problem,
    }
}

#[cfg(test)]
mod tests;

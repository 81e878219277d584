//! Fisher's iris data: 150 flowers of three species (R. A. Fisher, "The use of multiple
//! measurements in taxonomic problems", Annals of Eugenics 7, 1936), in the form published on
//! Kaggle (`uciml/iris`, CC0).

use std::borrow::Cow;

use std::path::Path;

use model::{Excerpt, Transform, sha256};

use crate::input;
use crate::measurement::Measurement;
use crate::text_table::{Row, TextTable, plain};
use crate::{DataError, FEWEST_ROWS};

/// The species, in the order of the labels.
pub const SPECIES: [&str; 3] = ["Iris-setosa", "Iris-versicolor", "Iris-virginica"];

/// The measurements, in the order of the data set.
///
/// The flowers of the data set lie between 0.1 and 7.9 cm. The limits leave room for any iris that
/// grows, and refuse what can only be another unit or a slip.
pub const FIELDS: [Measurement; 4] = [
    length("sepal_length", "length of an outer petal, the sepal"),
    length("sepal_width", "width of the sepal"),
    length("petal_length", "length of an inner petal"),
    length("petal_width", "width of the petal"),
];

const fn length(name: &'static str, description: &'static str) -> Measurement {
    Measurement {
        name,
        unit: "cm",
        range: [0.1, 20.0],
        description,
        transform: Transform::Identity,
    }
}

/// The data set that comes with the crate.
const EMBEDDED: &[u8] = include_bytes!("../../../../iris/datasets/Iris.csv");
const EMBEDDED_PATH: &str = "iris/datasets/Iris.csv";

const EXPECTED_COLUMNS: &str = "expected the columns sepal_length, sepal_width, petal_length, \
     petal_width and species, in cm";

/// Plain names of the column with the species.
const SPECIES_COLUMNS: [&str; 5] = ["species", "class", "variety", "label", "target"];

/// Measured flowers.
#[derive(Debug, Clone, PartialEq)]
pub struct Flowers {
    /// In the order of [`FIELDS`].
    pub measurements: Vec<[f32; 4]>,
    /// The species of each, as an index into [`SPECIES`].
    pub labels: Vec<usize>,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// What a person should know of the file, if anything.
    pub notes: Vec<String>,
}

impl Flowers {
    /// Reads `path`, or the data set that comes with the crate.
    ///
    /// # Errors
    ///
    /// If there is no such file, or it is in none of the forms that circulate; names the line.
    pub fn load(path: Option<&Path>) -> Result<Self, DataError> {
        let (path, bytes) = match path {
            None => (Path::new(EMBEDDED_PATH), Cow::Borrowed(EMBEDDED)),
            Some(path) => match input::read(path, u64::MAX) {
                Ok(bytes) => (path, Cow::Owned(bytes)),
                Err(source) => {
                    let path = path.into();
                    return Err(DataError::ReadData { path, source });
                }
            },
        };
        Self::parse(path, &bytes)
    }

    /// Reads the contents `bytes` of the file `path`: UCI's form without a header, and those of Kaggle,
    /// scikit-learn, seaborn and R, with any separator.
    ///
    /// # Errors
    ///
    /// If anything in it is not as expected; names the line.
    pub fn parse(path: &Path, bytes: &[u8]) -> Result<Self, DataError> {
        let is_known = |name: &str| {
            SPECIES_COLUMNS.contains(&name) || FIELDS.iter().any(|field| plain(field.name) == name)
        };
        let table = TextTable::read(path, bytes, is_known)?;
        let (columns, species_column) = columns(&table)?;
        let mut flowers = Self {
            measurements: Vec::new(),
            labels: Vec::new(),
            sha256: sha256(bytes),
            notes: Vec::new(),
        };
        // The numbers of scikit-learn begin with 0, some with 1.
        let is_zero = |row: &Row| row.cell(species_column).parse() == Ok(0.0_f32);
        let from_one = !table.rows.iter().any(is_zero);
        for row in table.rows.iter().filter(|row| !is_class_names(row)) {
            let bad = |problem| table.bad_row(row.line, problem);
            let mut measurements = [0.0; 4];
            for ((place, column), field) in measurements.iter_mut().zip(columns).zip(FIELDS) {
                *place = field.read(&table, row.cell(column)).map_err(bad)?;
            }
            let species = row.cell(species_column);
            let label = label(species, from_one).ok_or_else(|| {
                let species = Excerpt::new(species);
                bad(format!(
                    "unknown species `{species}`; expected one of {}",
                    SPECIES.join(", ")
                ))
            })?;
            flowers.measurements.push(measurements);
            flowers.labels.push(label);
        }
        for (label, species) in SPECIES.iter().enumerate() {
            let count = flowers.labels.iter().filter(|l| **l == label).count();
            if count < FEWEST_ROWS {
                let problem = format!(
                    "{count} rows of {species}; expected at least {FEWEST_ROWS} of each species"
                );
                return Err(table.bad(problem));
            }
        }
        let is_odd = |[sepal, _, length, width]: &&[f32; 4]| length > sepal || width > length;
        let odd = flowers.measurements.iter().filter(is_odd).count();
        let count = flowers.measurements.len();
        if 2 * odd > count {
            flowers.notes.push(format!(
                "in {odd} of {count} rows a petal is longer than the sepal, or wider than long: are the columns in \
                 the right order?"
            ));
        }
        Ok(flowers)
    }
}

/// The columns of the measurements, in the order of [`FIELDS`], and of the species.
fn columns(table: &TextTable) -> Result<([usize; 4], usize), DataError> {
    if table.names().is_empty() {
        return match table.rows.first().map(|row| row.cells.len()) {
            Some(5) => Ok(([0, 1, 2, 3], 4)),
            _ => Err(table.bad_header(format!("there is no header; {EXPECTED_COLUMNS}"))),
        };
    }
    let find = |names: &[&str], shown: &str| {
        let problem =
            || table.bad_header(format!("the column {shown} is missing; {EXPECTED_COLUMNS}"));
        table.column(names)?.ok_or_else(problem)
    };
    let mut columns = [0; 4];
    for (place, field) in columns.iter_mut().zip(FIELDS) {
        *place = find(&[&plain(field.name)], field.name)?;
    }
    Ok((columns, find(&SPECIES_COLUMNS, "species")?))
}

/// Whether `row` is scikit-learn's first one: how many flowers and columns there are, and the classes.
fn is_class_names(row: &Row) -> bool {
    row.line == 1
        && row.cells.iter().skip(2).map(|cell| species_of(cell)).eq([
            "setosa",
            "versicolor",
            "virginica",
        ])
}

/// `setosa` for `Iris-setosa`, `iris setosa` and `Setosa`.
fn species_of(cell: &str) -> String {
    let plain = plain(cell);
    plain.strip_prefix("iris").unwrap_or(&plain).to_owned()
}

/// The species that `cell` names, or numbers from 0 or 1, as an index into [`SPECIES`].
fn label(cell: &str, from_one: bool) -> Option<usize> {
    let named = SPECIES
        .iter()
        .position(|species| species_of(species) == species_of(cell));
    named.or_else(|| {
        let number = cell.parse::<f32>().ok()?;
        let label = number as usize;
        let label = if from_one {
            label.checked_sub(1)?
        } else {
            label
        };
        (number.fract() == 0.0 && number >= 0.0 && label < SPECIES.len()).then_some(label)
    })
}

#[cfg(test)]
mod tests;

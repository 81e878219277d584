//! Fisher's iris data: 150 flowers of three species (R. A. Fisher, "The use of multiple
//! measurements in taxonomic problems", Annals of Eugenics 7, 1936), in the form published on
//! Kaggle (`uciml/iris`, CC0).

use std::borrow::Cow;
use std::format;
use std::fs;
use std::path::{Path, PathBuf};
use std::string::{String, ToString};
use std::vec::Vec;

use crate::DataError;
use crate::FEWEST_ROWS;
use model::{Transform, sha256};
use serde::Deserialize;

use crate::measurement::Measurement;

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
const EMBEDDED: &[u8] = include_bytes!("../../../iris/datasets/Iris.csv");
const EMBEDDED_PATH: &str = "iris/datasets/Iris.csv";

const EXPECTED_COLUMNS: &str = "expected the columns SepalLengthCm, SepalWidthCm, \
     PetalLengthCm, PetalWidthCm and Species";

/// A line of the file.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Record {
    sepal_length_cm: f32,
    sepal_width_cm: f32,
    petal_length_cm: f32,
    petal_width_cm: f32,
    species: String,
}

/// Measured flowers.
#[derive(Debug, Clone, PartialEq)]
pub struct Flowers {
    /// In the order of [`FIELDS`].
    pub measurements: Vec<[f32; 4]>,
    /// The species of each, as an index into [`SPECIES`].
    pub labels: Vec<usize>,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
}

impl Flowers {
    /// Reads `path`, or the data set that comes with the crate.
    ///
    /// # Errors
    ///
    /// If there is no such file, or it is not in the Kaggle form; names the line.
    pub fn load(path: Option<&Path>) -> Result<Self, DataError> {
        let (path, bytes) = match path {
            None => (Path::new(EMBEDDED_PATH), Cow::Borrowed(EMBEDDED)),
            Some(path) => match fs::read(path) {
                Ok(bytes) => (path, Cow::Owned(bytes)),
                Err(source) => {
                    let path = path.into();
                    return Err(DataError::ReadData { path, source });
                }
            },
        };
        Self::parse(path, &bytes)
    }

    fn parse(path: &Path, bytes: &[u8]) -> Result<Self, DataError> {
        let bad = |line, problem| DataError::BadData {
            path: PathBuf::from(path),
            line,
            problem,
        };
        let mut flowers = Self {
            measurements: Vec::new(),
            labels: Vec::new(),
            sha256: sha256(bytes),
        };
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(bytes);
        let unreadable = |error: csv::Error| {
            let line = error.position().map(csv::Position::line);
            let problem = match error.kind() {
                csv::ErrorKind::Deserialize { err, .. } => err.to_string(),
                _ => error.to_string(),
            };
            bad(line, format!("{problem}; {EXPECTED_COLUMNS}"))
        };
        let headers = reader.headers().map_err(unreadable)?.clone();
        for row in reader.records() {
            let row = row.map_err(unreadable)?;
            let line = row.position().map(|position| line_at(bytes, position));
            let record: Record = row.deserialize(Some(&headers)).map_err(unreadable)?;
            flowers
                .push(&record)
                .map_err(|problem| bad(line, problem))?;
        }
        for (label, species) in SPECIES.iter().enumerate() {
            let count = flowers.labels.iter().filter(|l| **l == label).count();
            if count < FEWEST_ROWS {
                let problem = format!(
                    "{count} rows of {species}; expected at least {FEWEST_ROWS} of each species"
                );
                return Err(bad(None, problem));
            }
        }
        Ok(flowers)
    }

    fn push(&mut self, record: &Record) -> Result<(), String> {
        let measurements = [
            record.sepal_length_cm,
            record.sepal_width_cm,
            record.petal_length_cm,
            record.petal_width_cm,
        ];
        for (value, field) in measurements.iter().zip(FIELDS) {
            // Written so that a NaN fails as well.
            let [minimum, maximum] = field.range;
            if !(minimum..=maximum).contains(value) {
                return Err(format!(
                    "{} is {value}; expected {minimum} to {maximum} {}",
                    field.name, field.unit
                ));
            }
        }
        let label = SPECIES
            .iter()
            .position(|species| *species == record.species);
        let label = label.ok_or_else(|| {
            format!(
                "unknown species {:?}; expected one of {SPECIES:?}",
                record.species
            )
        })?;
        self.measurements.push(measurements);
        self.labels.push(label);
        Ok(())
    }
}

/// The line of the row that starts at `position`: the reader counts from where it began to look,
/// which may be a blank line before.
fn line_at(bytes: &[u8], position: &csv::Position) -> u64 {
    let rest = bytes.get(position.byte() as usize..).unwrap_or_default();
    let blank = rest.iter().take_while(|byte| b"\r\n".contains(byte));
    position.line() + blank.filter(|byte| **byte == b'\n').count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "Id,SepalLengthCm,SepalWidthCm,PetalLengthCm,PetalWidthCm,Species\n";

    #[test]
    fn the_embedded_data_is_fishers() {
        let flowers = Flowers::load(None).unwrap();
        assert_eq!(flowers.measurements.len(), 150);
        for label in 0..3 {
            assert_eq!(flowers.labels.iter().filter(|l| **l == label).count(), 50);
        }
        assert_eq!(flowers.measurements[0], [5.1, 3.5, 1.4, 0.2]);
        assert_eq!(flowers.measurements[149], [5.9, 3.0, 5.1, 1.8]);
        // Fisher's table of means, times 50: 292.2 for the petals of Iris setosa's neighbours.
        let mean = |column: usize| -> f32 {
            flowers.measurements.iter().map(|m| m[column]).sum::<f32>() / 150.0
        };
        for (column, expected) in [5.843_333, 3.054, 3.758_667, 1.198_667].iter().enumerate() {
            assert!((mean(column) - expected).abs() < 1e-4, "column {column}");
        }
    }

    #[test]
    fn bad_files_are_refused_with_the_line() {
        for (rows, message) in [
            (
                "1,5.1,3.5,1.4,0.2,Iris-rosa\n",
                "`flowers.csv`, line 2: unknown species \"Iris-rosa\"; expected one of [\"Iris-setosa\", \"Iris-versicolor\", \"Iris-virginica\"]",
            ),
            (
                "1,5.1,3.5,1.4,0.2,Iris-setosa\n2,51,3.5,1.4,0.2,Iris-setosa\n",
                "`flowers.csv`, line 3: sepal_length is 51; expected 0.1 to 20 cm",
            ),
            (
                "1,5.1,3.5,1.4,0.2,Iris-setosa\n\n2,51,3.5,1.4,0.2,Iris-setosa\n",
                "`flowers.csv`, line 4: sepal_length is 51; expected 0.1 to 20 cm",
            ),
            (
                "1,NaN,3.5,1.4,0.2,Iris-setosa\n",
                "`flowers.csv`, line 2: sepal_length is NaN; expected 0.1 to 20 cm",
            ),
            (
                "1,5.1,3.5,1.4,0.2,Iris-setosa\n",
                "`flowers.csv`: 1 rows of Iris-setosa; expected at least 10 of each species",
            ),
        ] {
            let text = HEADER.to_string() + rows;
            let error = Flowers::parse(Path::new("flowers.csv"), text.as_bytes()).unwrap_err();
            assert_eq!(error.to_string(), message);
        }
        for (text, part) in [
            (
                HEADER.to_string() + "1,x,3.5,1.4,0.2,Iris-setosa\n",
                "line 2: field 1: invalid float literal",
            ),
            (HEADER.to_string() + "1,5.1,3.5\n", "line 2: CSV error"),
            ("a,b\n1,2\n".to_string(), "missing field"),
            (String::new(), "0 rows of Iris-setosa"),
        ] {
            let error = Flowers::parse(Path::new("flowers.csv"), text.as_bytes()).unwrap_err();
            assert!(error.to_string().contains(part), "{error}");
        }
    }
}

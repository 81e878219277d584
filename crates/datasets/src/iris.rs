//! Fisher's iris data: 150 flowers of three species (R. A. Fisher, "The use of multiple
//! measurements in taxonomic problems", Annals of Eugenics 7, 1936), in the form published on
//! Kaggle (`uciml/iris`, CC0).

use std::borrow::Cow;
use std::fs;
use std::path::Path;

use model::{Excerpt, Transform, sha256};

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
const EMBEDDED: &[u8] = include_bytes!("../../../iris/datasets/Iris.csv");
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
                "`flowers.csv`, line 2: unknown species `Iris-rosa`; expected one of Iris-setosa, Iris-versicolor, Iris-virginica",
            ),
            (
                "1,5.1,3.5,1.4,0.2,Iris-setosa\n2,51,3.5,1.4,0.2,Iris-setosa\n",
                "`flowers.csv`, line 3: sepal_length is `51`; expected a number from 0.1 to 20 cm",
            ),
            (
                "1,5.1,3.5,1.4,0.2,Iris-setosa\n\n2,51,3.5,1.4,0.2,Iris-setosa\n",
                "`flowers.csv`, line 4: sepal_length is `51`; expected a number from 0.1 to 20 cm",
            ),
            (
                "1,NaN,3.5,1.4,0.2,Iris-setosa\n",
                "`flowers.csv`, line 2: sepal_length is `NaN`; expected a number from 0.1 to 20 cm",
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
                "line 2: sepal_length is `x`; expected a number",
            ),
            (
                HEADER.to_string() + "1,5.1,3.5\n",
                "line 2: 3 fields; expected 6",
            ),
            (
                "a,b\n1,2\n".to_string(),
                "line 1: the column sepal_length is missing",
            ),
            (String::new(), "is empty"),
        ] {
            let error = Flowers::parse(Path::new("flowers.csv"), text.as_bytes()).unwrap_err();
            assert!(error.to_string().contains(part), "{error}");
        }
    }

    /// The flowers of the data set, written by `row` from their measurements and label.
    fn rewritten(header: &str, row: impl Fn(usize, [f32; 4], usize) -> String) -> String {
        let flowers = Flowers::load(None).unwrap();
        let rows = flowers.measurements.iter().zip(&flowers.labels).enumerate();
        let rows = rows.map(|(index, (m, label))| row(index, *m, *label) + "\n");
        header.to_owned() + &rows.collect::<String>()
    }

    #[test]
    fn every_circulating_form_is_the_same_data() {
        let expected = Flowers::load(None).unwrap();
        let short = |label: usize| SPECIES[label].trim_start_matches("Iris-");
        for text in [
            rewritten("", |_, [a, b, c, d], l| {
                format!("{a},{b},{c},{d},{}", SPECIES[l])
            }),
            rewritten(
                "sepal_length,sepal_width,petal_length,petal_width,species\n",
                |_, [a, b, c, d], l| format!("{a},{b},{c},{d},{}", short(l)),
            ),
            rewritten(
                "150,4,setosa,versicolor,virginica\n",
                |_, [a, b, c, d], l| format!("{a},{b},{c},{d},{l}"),
            ),
            rewritten(
                ",sepal length (cm),sepal width (cm),petal length (cm),petal width (cm),target\n",
                |i, [a, b, c, d], l| format!("{i},{a},{b},{c},{d},{l}.0"),
            ),
            rewritten(
                "\"Sepal.Length\" \"Sepal.Width\" \"Petal.Length\" \"Petal.Width\" \"Species\"\n",
                |i, [a, b, c, d], l| format!("\"{}\" {a} {b} {c} {d} \"{}\"", i + 1, short(l)),
            ),
            rewritten(
                "#Label\tSepal length\tSepal width\tPetal length\tPetal width\n",
                |_, [a, b, c, d], l| format!("{}\t{a}\t{b}\t{c}\t{d}", l + 1),
            ),
            rewritten(
                "Id;SepalLengthCm;SepalWidthCm;PetalLengthCm;PetalWidthCm;Species\n",
                |i, [a, b, c, d], l| {
                    format!("{i};{a};{b};{c};{d};{}", SPECIES[l]).replace('.', ",")
                },
            ),
        ] {
            let flowers = Flowers::parse(Path::new("flowers.csv"), text.as_bytes()).unwrap();
            assert!(
                flowers.measurements == expected.measurements,
                "{}",
                &text[..90]
            );
            assert!(flowers.labels == expected.labels, "{}", &text[..90]);
            assert!(flowers.notes.is_empty());
        }
    }

    #[test]
    fn columns_that_cannot_be_are_noted() {
        let text = rewritten(HEADER, |i, [a, b, c, d], l| {
            format!("{i},{b},{c},{d},{a},{}", SPECIES[l])
        });
        let header = HEADER.replace("PetalLengthCm,PetalWidthCm", "PetalWidthCm,PetalLengthCm");
        let text = text.replace(HEADER, &header);
        let flowers = Flowers::parse(Path::new("flowers.csv"), text.as_bytes()).unwrap();
        assert!(
            flowers.notes[0].contains("right order"),
            "{:?}",
            flowers.notes
        );
    }
}

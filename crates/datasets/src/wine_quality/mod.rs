//! The Wine Quality data: Portuguese Vinho Verde, eleven measurements of each wine and the quality
//! that tasters found (UCI Machine Learning Repository no. 186; P. Cortez, A. Cerdeira, F. Almeida,
//! T. Matos, J. Reis, "Modeling wine preferences by data mining from physicochemical properties",
//! Decision Support Systems 47(4), 2009; CC BY 4.0).

pub mod remote;

use std::format;
use std::fs;
use std::path::Path;
use std::string::{String, ToString};
use std::vec::Vec;

use crate::DataError;
use csv::StringRecord;
use model::Excerpt;
use model::{Transform, sha256};

use crate::measurement::Measurement;

/// The measurements, in the order of the data set.
///
/// The limits leave room for any wine, and refuse what can only be another unit or a slip: the wines
/// of the data sets, red and white, lie well inside.
pub const FIELDS: [Measurement; 11] = [
    field(
        "fixed_acidity",
        "g/L of tartaric acid",
        [1.0, 30.0],
        "acids that do not evaporate",
        Transform::Identity,
    ),
    field(
        "volatile_acidity",
        "g/L of acetic acid",
        [0.01, 5.0],
        "acids that do, as in vinegar",
        Transform::Log,
    ),
    field(
        "citric_acid",
        "g/L",
        [0.0, 5.0],
        "citric acid",
        Transform::Identity,
    ),
    field(
        "residual_sugar",
        "g/L",
        [0.1, 300.0],
        "sugar that is left after fermentation",
        Transform::Log,
    ),
    field(
        "chlorides",
        "g/L of sodium chloride",
        [0.001, 2.0],
        "salt",
        Transform::Log,
    ),
    field(
        "free_sulfur_dioxide",
        "mg/L",
        [0.5, 500.0],
        "sulfur dioxide that is not bound",
        Transform::Log,
    ),
    field(
        "total_sulfur_dioxide",
        "mg/L",
        [0.5, 1000.0],
        "sulfur dioxide, free and bound",
        Transform::Identity,
    ),
    field(
        "density",
        "g/cm³",
        [0.95, 1.1],
        "density",
        Transform::Identity,
    ),
    field(
        "pH",
        "on the pH scale",
        [2.0, 5.0],
        "acidity",
        Transform::Identity,
    ),
    field(
        "sulphates",
        "g/L of potassium sulphate",
        [0.05, 5.0],
        "sulphates",
        Transform::Log,
    ),
    field(
        "alcohol",
        "% by volume",
        [5.0, 20.0],
        "alcohol",
        Transform::Identity,
    ),
];

const fn field(
    name: &'static str,
    unit: &'static str,
    range: [f32; 2],
    description: &'static str,
    transform: Transform,
) -> Measurement {
    Measurement {
        name,
        unit,
        range,
        description,
        transform,
    }
}

/// The column with the target.
pub const QUALITY: &str = "quality";

/// The red wines, which come with the crate. The numbers are those of UCI's file; between them are
/// commas in place of semicolons.
const EMBEDDED: &[u8] = include_bytes!("../../../../wine-quality/datasets/winequality-red.csv");
const EMBEDDED_PATH: &str = "wine-quality/datasets/winequality-red.csv";

/// The white wines, as UCI calls the file.
const WHITE: &str = "winequality-white.csv";

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
        let bytes = fs::read(file).map_err(|source| DataError::ReadData {
            path: file.into(),
            source,
        })?;
        Self::parse(file, &bytes)
    }

    /// Reads the contents of the file `path`: a line with the names of the columns, in any order,
    /// and one for each wine, separated by semicolons or commas. Blank lines do not count.
    ///
    /// # Errors
    ///
    /// If anything in it is not as expected; names the line.
    pub fn parse(path: &Path, bytes: &[u8]) -> Result<Self, DataError> {
        let text = str::from_utf8(bytes).map_err(|error| {
            let before = bytes.iter().take(error.valid_up_to());
            let line = 1 + before.filter(|byte| **byte == b'\n').count() as u64;
            bad(path, Some(line), "no text; expected UTF-8".to_string())
        })?;
        // Spreadsheets put a byte order mark in front. The reader passes over it by itself.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let first = text.lines().find(|line| !line.trim().is_empty());
        let is_uci = first.is_some_and(|line| line.contains(';'));
        let reader = csv::ReaderBuilder::new()
            .delimiter(if is_uci { b';' } else { b',' })
            .terminator(csv::Terminator::Any(b'\n'))
            .has_headers(false)
            .flexible(true)
            .from_reader(bytes);
        // The reader makes a row of each line that has a byte. A row of several lines has a line
        // feed in a field, with which it is no name or number.
        let lines = (1_u64..).zip(text.split('\n'));
        let mut rows = (lines.filter(|(_, line)| !line.is_empty()))
            .zip(reader.into_records())
            .filter(|((_, line), _)| !line.trim().is_empty())
            .map(|((line, _), row)| (line, row.map_err(|error| error.to_string())));

        let Some((line, header)) = rows.next() else {
            let problem = format!("is empty; {}", expected_columns());
            return Err(bad(path, None, problem));
        };
        let columns = header
            .and_then(|header| Columns::find(&header))
            .map_err(|problem| bad(path, Some(line), problem))?;
        let (mut measurements, mut targets) = (Vec::new(), Vec::new());
        for (line, row) in rows {
            let (numbers, target) = row
                .and_then(|row| columns.read(&row))
                .map_err(|problem| bad(path, Some(line), problem))?;
            measurements.push(numbers);
            targets.push(target);
        }
        let count = targets.len();
        if count < FEWEST {
            let problem = format!("{count} wines; expected at least {FEWEST}");
            return Err(bad(path, None, problem));
        }
        Ok(Self {
            measurements,
            quality: targets,
            sha256: sha256(bytes),
            colour: colour(path),
        })
    }
}

/// What the name of a file says of the wines.
fn colour(path: &Path) -> Option<&'static str> {
    let name = path.file_name()?.to_string_lossy().to_lowercase();
    let words = || name.split(|character: char| !character.is_alphanumeric());
    let mut colours =
        (["red", "white"].into_iter()).filter(|colour| words().any(|word| word == *colour));
    colours.next().filter(|_| colours.next().is_none())
}

/// In which column of a file each number stands.
struct Columns {
    /// In the order of [`FIELDS`].
    measurements: [usize; 11],
    quality: usize,
}

impl Columns {
    fn find(header: &StringRecord) -> Result<Self, String> {
        let names: Vec<_> = header
            .iter()
            .map(|name| trim(name).replace(' ', "_"))
            .collect();
        let is_known = |name: &str| name == QUALITY || FIELDS.iter().any(|f| f.name == name);
        if let Some(name) = names.iter().find(|name| !is_known(name)) {
            let name = Excerpt::new(name);
            return Err(format!("unknown column `{name}`; {}", expected_columns()));
        }
        let column = |expected: &str| {
            let mut found = (0..).zip(&names).filter(|(_, name)| *name == expected);
            let problem = match (found.next(), found.next()) {
                (Some((column, _)), None) => return Ok(column),
                (None, _) => "is missing",
                (Some(_), Some(_)) => "is there twice",
            };
            Err(format!(
                "the column {expected} {problem}; {}",
                expected_columns()
            ))
        };
        let mut measurements = [0; 11];
        for (place, field) in measurements.iter_mut().zip(&FIELDS) {
            *place = column(field.name)?;
        }
        Ok(Self {
            measurements,
            quality: column(QUALITY)?,
        })
    }

    /// The measurements of a row, in the order of [`FIELDS`], and the quality.
    fn read(&self, row: &StringRecord) -> Result<([f32; 11], f32), String> {
        let expected = FIELDS.len() + 1;
        if row.len() != expected {
            let found = row.len();
            return Err(format!(
                "{found} fields; expected {expected}, separated as in the header"
            ));
        }
        let mut measurements = [0.0; 11];
        let places = measurements.iter_mut().zip(self.measurements);
        for ((place, column), field) in places.zip(&FIELDS) {
            *place = measurement(trim(row.get(column).unwrap_or_default()), field)?;
        }
        let quality = grade(trim(row.get(self.quality).unwrap_or_default()))?;
        Ok((measurements, quality))
    }
}

fn measurement(text: &str, field: &Measurement) -> Result<f32, String> {
    let Measurement {
        name,
        unit,
        range: [minimum, maximum],
        ..
    } = field;
    // No range has a NaN or an infinity in it.
    let number = text.parse::<f32>().ok();
    let in_range = number.filter(|number| (*minimum..=*maximum).contains(number));
    in_range.ok_or_else(|| {
        let text = Excerpt::new(text);
        let problem =
            format!("{name} is `{text}`; expected a number from {minimum} to {maximum} {unit}");
        // A pH has no unit.
        problem.trim_end().to_string()
    })
}

fn grade(text: &str) -> Result<f32, String> {
    let mut grades = (0..=10_u8).map(f32::from);
    let number = text.parse::<f32>().ok();
    let grade = number.and_then(|number| grades.find(|grade| *grade == number));
    grade.ok_or_else(|| {
        let text = Excerpt::new(text);
        format!("{QUALITY} is `{text}`; expected a whole number from 0 to 10")
    })
}

/// A field without what may stand around it. A line feed may not: rows are lines.
fn trim(field: &str) -> &str {
    field.trim_matches([' ', '\t', '\r'])
}

fn expected_columns() -> String {
    let names: Vec<_> = FIELDS.iter().map(|field| field.name).collect();
    format!("expected the columns {} and {QUALITY}", names.join(", "))
}

fn bad(path: &Path, line: Option<u64>, problem: String) -> DataError {
    DataError::BadData {
        path: path.into(),
        line,
        problem,
    }
}

#[cfg(test)]
mod tests {
    use crate::source::VARIABLE;

    use super::*;

    const HEADER: &str = "fixed acidity;volatile acidity;citric acid;residual sugar;chlorides;\
         free sulfur dioxide;total sulfur dioxide;density;pH;sulphates;alcohol;quality\n";
    const WINE: &str = "7.4;0.7;0;1.9;0.076;11;34;0.9978;3.51;0.56;9.4;5\n";
    const COLUMNS: &str = "expected the columns fixed_acidity, volatile_acidity, citric_acid, \
         residual_sugar, chlorides, free_sulfur_dioxide, total_sulfur_dioxide, density, pH, \
         sulphates, alcohol and quality";

    fn embedded() -> &'static str {
        str::from_utf8(EMBEDDED).unwrap()
    }

    fn parse(text: &str) -> Result<Wines, DataError> {
        Wines::parse(Path::new("wines.csv"), text.as_bytes())
    }

    /// How many wines have each of the qualities 0 to 10.
    fn counts(wines: &Wines) -> [usize; 11] {
        let targets = &wines.quality;
        core::array::from_fn(|quality| targets.iter().filter(|t| **t == quality as f32).count())
    }

    #[test]
    fn the_embedded_data_is_ucis() {
        let wines = Wines::load(None).unwrap();
        assert_eq!(wines.measurements.len(), 1599);
        assert_eq!(
            wines.measurements[0],
            [
                7.4, 0.7, 0.0, 1.9, 0.076, 11.0, 34.0, 0.9978, 3.51, 0.56, 9.4
            ]
        );
        assert_eq!(wines.quality[0], 5.0);
        assert_eq!(counts(&wines), [0, 0, 0, 10, 53, 681, 638, 199, 18, 0, 0]);
        let published = embedded().replace(',', ";");
        assert_eq!(parse(&published).unwrap().sha256, remote::FILES[0].sha256);
    }

    #[test]
    fn the_white_wines_have_their_known_counts() {
        let folder = std::env::var_os(VARIABLE).map(|data| Path::new(&data).join("wine-quality"));
        let Some(folder) = folder.filter(|folder| folder.is_dir()) else {
            std::println!("skipped: {VARIABLE} names no folder with wine-quality in it");
            return;
        };
        let wines = Wines::load(Some(&folder)).unwrap();
        assert_eq!(wines.measurements.len(), 4898);
        assert_eq!(
            counts(&wines),
            [0, 0, 0, 20, 163, 1457, 2198, 880, 175, 5, 0]
        );
        assert_eq!(wines.sha256, remote::FILES[1].sha256);
    }

    #[test]
    fn every_form_gives_the_same_wines() {
        let expected = parse(embedded()).unwrap();
        let reversed: String = embedded()
            .lines()
            .map(|line| line.split(',').rev().collect::<Vec<_>>().join(",") + "\n")
            .collect();
        for text in [
            embedded().replace(',', ";"),
            embedded().replace('"', ""),
            embedded().replace(' ', "_"),
            embedded().replace('"', "").replace(',', " ,\t"),
            embedded().replace('\n', "\r\n"),
            embedded().replace('\n', "\n\r\n \n\n"),
            "\u{feff}".to_string() + embedded(),
            "\n".to_string() + embedded().trim_end(),
            reversed,
        ] {
            let wines = parse(&text).unwrap();
            assert!(wines.measurements == expected.measurements);
            assert_eq!(wines.quality, expected.quality);
        }
    }

    #[test]
    fn bad_headers_are_refused() {
        for (header, problem) in [
            (HEADER.replace("pH", "ph"), "line 1: unknown column `ph`"),
            (
                "\n\r\n".to_string() + &HEADER.replace('\n', ";\n"),
                "line 3: unknown column ``",
            ),
            (
                HEADER.replace("pH;", ""),
                "line 1: the column pH is missing",
            ),
            (
                HEADER.replace("density", "quality"),
                "line 1: the column density is missing",
            ),
            (
                HEADER.replace("pH", "pH;pH"),
                "line 1: the column pH is there twice",
            ),
            (
                HEADER.replace("quality", "\"quality\n\""),
                "line 1: unknown column `quality `",
            ),
            (String::new(), "line 1: unknown column `7.4`"),
        ] {
            let error = parse(&(header + &WINE.repeat(50))).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("`wines.csv`, {problem}; {COLUMNS}")
            );
        }
        for text in ["", "\u{feff}", "\n \r\n"] {
            let error = parse(text).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("`wines.csv`: is empty; {COLUMNS}")
            );
        }
    }

    #[test]
    fn bad_rows_are_refused_with_the_line() {
        for (rows, problem) in [
            (
                WINE.to_string() + "7.4;0.7\n",
                "line 3: 2 fields; expected 12, separated as in the header",
            ),
            (
                WINE.replace(';', ","),
                "line 2: 1 fields; expected 12, separated as in the header",
            ),
            (
                "\r\n \n\n5;".to_string() + WINE,
                "line 5: 13 fields; expected 12, separated as in the header",
            ),
            (
                WINE.replace(";5\n", ";11\n"),
                "line 2: quality is `11`; expected a whole number from 0 to 10",
            ),
            (
                WINE.to_string() + &WINE.replace(";5\n", ";5.5"),
                "line 3: quality is `5.5`; expected a whole number from 0 to 10",
            ),
            (
                WINE.replace(";5\n", ";\r\n"),
                "line 2: quality is ``; expected a whole number from 0 to 10",
            ),
        ] {
            let error = parse(&(HEADER.to_string() + &rows)).unwrap_err();
            assert_eq!(error.to_string(), format!("`wines.csv`, {problem}"));
        }
    }

    #[test]
    fn bad_numbers_are_refused_with_the_range() {
        let long = "1".repeat(90);
        let cut = format!("{}…", "1".repeat(40));
        let numbers: [(&str, &str); 8] = [
            ("1e9", "1e9"),
            ("-1", "-1"),
            ("NaN", "NaN"),
            ("inf", "inf"),
            ("7,4", "7,4"),
            ("", ""),
            ("\"7.4\n\"", "7.4 "),
            (&long, &cut),
        ];
        for (number, shown) in numbers {
            for (column, field) in FIELDS.iter().enumerate() {
                let mut fields: Vec<_> = WINE.split(';').collect();
                fields[column] = number;
                let text = HEADER.to_string() + WINE + &fields.join(";");
                let error = parse(&text).unwrap_err();
                let expected = format!(
                    "`wines.csv`, line 3: {} is `{shown}`; expected a number from {} to {} {}",
                    field.name, field.range[0], field.range[1], field.unit
                );
                assert_eq!(error.to_string(), expected.trim_end());
            }
        }
    }

    #[test]
    fn few_wines_and_other_bytes_are_refused() {
        let few = HEADER.to_string() + &WINE.repeat(FEWEST - 1);
        let latin = [HEADER.as_bytes(), WINE.as_bytes(), b"\xb5"].concat();
        for (bytes, message) in [
            (
                few.as_bytes(),
                "`wines.csv`: 49 wines; expected at least 50",
            ),
            (
                latin.as_slice(),
                "`wines.csv`, line 3: no text; expected UTF-8",
            ),
        ] {
            let error = Wines::parse(Path::new("wines.csv"), bytes).unwrap_err();
            assert_eq!(error.to_string(), message);
        }
        assert!(parse(&(few + WINE)).is_ok());
    }

    #[test]
    fn a_folder_stands_for_the_white_wines() {
        let folder = tempfile::tempdir().unwrap();
        let error = Wines::load(Some(folder.path())).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "`{}`: expected winequality-white.csv in this folder; name another, or a file",
                folder.path().display()
            )
        );
        let path = folder.path().join(WHITE);
        let error = Wines::load(Some(&path)).unwrap_err();
        assert!(matches!(&error, DataError::ReadData { path: named, .. } if *named == path));
        fs::write(&path, HEADER.to_string() + &WINE.repeat(60)).unwrap();
        for path in [folder.path(), &path] {
            let wines = Wines::load(Some(path)).unwrap();
            assert_eq!(wines.measurements.len(), 60);
        }
    }
}

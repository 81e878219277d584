//! The Wine Quality data: Portuguese Vinho Verde, eleven measurements of each wine and the quality
//! that tasters found (UCI Machine Learning Repository no. 186; P. Cortez, A. Cerdeira, F. Almeida,
//! T. Matos, J. Reis, "Modeling wine preferences by data mining from physicochemical properties",
//! Decision Support Systems 47(4), 2009; CC BY 4.0).

pub mod remote;

use std::fs;
use std::path::Path;

use model::{Excerpt, Transform, sha256};

use crate::DataError;

use crate::measurement::Measurement;
use crate::text_table::{Row, TextTable, is_missing, plain};

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
        let bytes = fs::read(file).map_err(|source| DataError::ReadData {
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

/// In which column of a file each number stands.
struct Columns {
    /// In the order of [`FIELDS`].
    measurements: [usize; 11],
    quality: usize,
    /// Whether the wine is red or white, where that is said.
    colour: Option<usize>,
}

impl Columns {
    fn find(table: &TextTable) -> Result<Self, DataError> {
        if table.names().is_empty() {
            let problem = format!("there is no header; {}", expected_columns());
            return Err(table.bad_header(problem));
        }
        if table.column(&["proline"])?.is_some() {
            let problem = "this is the data set of wines of three cultivars (UCI no. 109); expected Wine Quality \
                           (UCI no. 186)";
            return Err(table.bad_header(problem.into()));
        }
        let column = |name: &str| {
            let problem = || {
                table.bad_header(format!(
                    "the column {name} is missing; {}",
                    expected_columns()
                ))
            };
            table.column(&[&plain(name)])?.ok_or_else(problem)
        };
        let mut measurements = [0; 11];
        for (place, field) in measurements.iter_mut().zip(&FIELDS) {
            *place = column(field.name)?;
        }
        let columns = Self {
            measurements,
            quality: column(QUALITY)?,
            colour: table.column(&["type", "color", "colour"])?,
        };
        let known: Vec<_> = columns.all().chain(columns.colour).collect();
        match table.unknown_column(&known) {
            Some(name) => {
                let name = Excerpt::new(name);
                Err(table.bad_header(format!("unknown column `{name}`; {}", expected_columns())))
            }
            None => Ok(columns),
        }
    }

    /// Of the measurements and the quality.
    fn all(&self) -> impl Iterator<Item = usize> {
        self.measurements.into_iter().chain([self.quality])
    }

    /// The measurements of a row, in the order of [`FIELDS`], and the quality.
    fn read(&self, table: &TextTable, row: &Row) -> Result<([f32; 11], f32), String> {
        let mut measurements = [0.0; 11];
        let places = measurements.iter_mut().zip(self.measurements);
        for ((place, column), field) in places.zip(&FIELDS) {
            *place = field.read(table, row.cell(column))?;
        }
        Ok((measurements, grade(row.cell(self.quality))?))
    }
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
    fn numberings_missing_cells_and_colours_are_dealt_with() {
        let expected = parse(embedded()).unwrap();
        let lines = |first: &str, rest: &dyn Fn(usize, &str) -> String| {
            let mut lines = embedded().lines();
            let header = first.to_owned() + lines.next().unwrap() + "\n";
            header
                + &lines
                    .enumerate()
                    .map(|(index, line)| rest(index, line))
                    .collect::<String>()
        };
        for text in [
            lines("Id,", &|index, line| format!("{index},{line}\n")),
            lines("\"\",", &|index, line| format!("\"{index}\",{line}\n"))
                .replace("fixed acidity", "fixed.acidity"),
            lines("", &|index, line| format!("{index},{line}\n")),
            embedded().replace("volatile acidity", "Volatile Acidity"),
            embedded().replace(',', ";").replace('.', ","),
        ] {
            let wines = parse(&text).unwrap();
            assert!(wines.measurements == expected.measurements);
            assert_eq!((wines.notes.len(), wines.colour), (0, None));
        }
        let missing = lines("", &|index, line| match index % 100 {
            0 => line.replacen("7.4", "NA", 1) + "\n",
            _ => line.to_owned() + "\n",
        });
        let wines = parse(&missing).unwrap();
        assert!(wines.notes[0].ends_with("rows with missing cells are left out"));
        assert!(wines.measurements.len() < 1599);
        let both = lines("type,", &|index, line| {
            format!("{},{line}\n", if index < 1000 { "Red" } else { "white" })
        });
        let wines = parse(&both).unwrap();
        assert_eq!(
            (wines.measurements.len(), wines.colour),
            (1000, Some("red"))
        );
        assert!(wines.notes[0].contains("1000 red wines") && wines.notes[0].contains("599 white"));
        let named =
            Wines::parse(Path::new("winequality-white.csv"), embedded().as_bytes()).unwrap();
        assert_eq!(named.colour, Some("white"));
    }

    #[test]
    fn bad_headers_are_refused() {
        for (header, problem) in [
            (
                HEADER.replace("pH", "acid"),
                "line 1: the column pH is missing",
            ),
            (
                "\n\r\n".to_string() + &HEADER.replace("quality", "taste"),
                "line 3: the column quality is missing",
            ),
            (
                HEADER.replace("pH;", ""),
                "line 1: the column pH is missing",
            ),
            (
                HEADER.replace("density", "quality"),
                "line 1: the column density is missing",
            ),
            (String::new(), "line 1: there is no header"),
        ] {
            let error = parse(&(header + &WINE.repeat(50))).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("`wines.csv`, {problem}; {COLUMNS}")
            );
        }
        for text in ["", "\u{feff}", "\n \r\n"] {
            let error = parse(text).unwrap_err();
            assert_eq!(error.to_string(), "`wines.csv`: is empty");
        }
        let row = WINE.replace('\n', ";3\n").repeat(50);
        for (column, problem) in [
            ("pH", "the column pH is there twice"),
            ("ash", "unknown column `ash`"),
        ] {
            let error = parse(&(HEADER.replace('\n', &format!(";{column}\n")) + &row)).unwrap_err();
            let expected = format!("`wines.csv`, line 1: {problem}");
            assert!(error.to_string().starts_with(&expected), "{error}");
        }
        let cultivars = parse(&("class,alcohol,proline\n".to_owned() + &"1,14.2,3\n".repeat(50)));
        assert!(
            cultivars
                .unwrap_err()
                .to_string()
                .contains("three cultivars")
        );
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
                WINE.to_string() + "\r\n \n\n5;" + WINE,
                "line 6: 13 fields; expected 12, separated as in the header",
            ),
            (
                WINE.replace(";5\n", ";11\n"),
                "line 2: quality is `11`; expected a whole number from 0 to 10",
            ),
            (
                WINE.to_string() + &WINE.replace(";5\n", ";5.5"),
                "line 3: quality is `5.5`; expected a whole number from 0 to 10",
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
        let numbers: [(&str, &str); 6] = [
            ("1e9", "1e9"),
            ("-1", "-1"),
            ("inf", "inf"),
            ("7,4", "7,4"),
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
                "`wines.csv`, line 3: is not UTF-8; if it is of Windows, `iconv -f WINDOWS-1252 -t UTF-8` converts it",
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

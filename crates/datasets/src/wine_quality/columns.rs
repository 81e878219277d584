//! Where each number of a wine stands in a file.

use model::Excerpt;

use super::{FIELDS, QUALITY};
use crate::DataError;
use crate::text_table::{Row, TextTable, plain};

/// In which column of a file each number stands.
pub struct Columns {
    /// In the order of [`FIELDS`].
    pub measurements: [usize; 11],
    pub quality: usize,
    /// Whether the wine is red or white, where that is said.
    pub colour: Option<usize>,
}

impl Columns {
    pub fn find(table: &TextTable) -> Result<Self, DataError> {
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
    pub fn all(&self) -> impl Iterator<Item = usize> {
        self.measurements.into_iter().chain([self.quality])
    }

    /// The measurements of a row, in the order of [`FIELDS`], and the quality.
    pub fn read(&self, table: &TextTable, row: &Row) -> Result<([f32; 11], f32), String> {
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

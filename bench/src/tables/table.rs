//! A CSV file as its cells, and its rows as a user gives them to a module.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use csv::StringRecord;
use serde_json::Number;

/// A table with a header; the target is the last column.
pub struct Table {
    /// Name of the file, without `.csv`.
    pub name: String,
    header: StringRecord,
    rows: Vec<StringRecord>,
}

impl Table {
    /// Reads a CSV file.
    pub fn read(path: &Path) -> Result<Self> {
        let read = || -> Result<_, csv::Error> {
            let mut reader = csv::Reader::from_path(path)?;
            let header = reader.headers()?.clone();
            let rows = reader.into_records().collect::<Result<Vec<_>, _>>()?;
            Ok((header, rows))
        };
        let (header, rows) = read().with_context(|| format!("cannot read `{}`", path.display()))?;
        ensure!(
            header.len() > 1,
            "`{}` needs two columns or more",
            path.display()
        );
        Ok(Self {
            name: name(path),
            header,
            rows,
        })
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// Number of columns, that of the target left out.
    pub fn columns(&self) -> usize {
        self.header.len() - 1
    }

    /// Name of the column to be predicted.
    pub fn target(&self) -> &str {
        last(&self.header)
    }

    /// The true values of those rows for which `is_chosen` is true of their number.
    pub fn truths(&self, is_chosen: impl Fn(usize) -> bool) -> Vec<&str> {
        self.chosen(is_chosen).map(last).collect()
    }

    /// Writes the chosen rows as a CSV file.
    pub fn write(&self, path: &Path, is_chosen: impl Fn(usize) -> bool) -> Result<()> {
        let mut writer = csv::Writer::from_path(path)?;
        writer.write_record(&self.header)?;
        for row in self.chosen(is_chosen) {
            writer.write_record(row)?;
        }
        writer.flush()?;
        Ok(())
    }

    /// The chosen rows as JSON objects with the fields `wanted`, one a line: numbers as they are written, anything
    /// else as a string; an empty cell is left out.
    pub fn lines(&self, wanted: &[String], is_chosen: impl Fn(usize) -> bool) -> Result<String> {
        let mut lines = String::new();
        for row in self.chosen(is_chosen) {
            let cells = self.header.iter().zip(row);
            let given = cells.filter(|(name, cell)| {
                !cell.is_empty() && wanted.iter().any(|wanted| wanted == name)
            });
            lines.push('{');
            for (index, (name, cell)) in given.enumerate() {
                if index > 0 {
                    lines.push_str(", ");
                }
                lines += &serde_json::to_string(name)?;
                lines.push_str(": ");
                match serde_json::from_str::<Number>(cell) {
                    Ok(_) => lines.push_str(cell),
                    Err(_) => lines += &serde_json::to_string(cell)?,
                }
            }
            lines.push_str("}\n");
        }
        Ok(lines)
    }

    fn chosen(&self, is_chosen: impl Fn(usize) -> bool) -> impl Iterator<Item = &StringRecord> {
        let rows = self.rows.iter().enumerate();
        rows.filter(move |(row, _)| is_chosen(*row))
            .map(|(_, cells)| cells)
    }
}

/// What the table in the file `path` is called.
pub fn name(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

fn last(record: &StringRecord) -> &str {
    record.iter().next_back().unwrap_or_default()
}

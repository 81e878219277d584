//! Tables of text in the forms that circulate: separated by commas, semicolons, tabs or spaces, with or without
//! a header, row names, a byte order mark, and with a comma or a point for decimals.

use std::path::{Path, PathBuf};

use model::Excerpt;

use crate::DataError;
use crate::text::decode;

/// A table: named columns of cells.
#[derive(Debug, Clone)]
pub struct TextTable {
    path: PathBuf,
    /// Names as they stand in the file; none if it has no header.
    names: Vec<String>,
    /// The line of the header, from 1.
    header_line: u64,
    /// The rows; each has as many cells as there are names.
    pub rows: Vec<Row>,
    decimal_comma: bool,
}

/// A row of a table.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its line, from 1.
    pub line: u64,
    /// The cells, without spaces around them.
    pub cells: Vec<String>,
}

impl Row {
    /// The cell in `column`; empty if there is none.
    #[must_use]
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// Rows in which the form of the numbers is looked for.
const LOOKED_AT: usize = 200;

impl TextTable {
    /// Reads the contents `bytes` of the file `path`. The first row is a header if `is_known` is true of the
    /// [`plain`] form of one of its cells, or if no cell is a number.
    ///
    /// # Errors
    ///
    /// If it is no table: empty, another format or encoding, or with rows of different lengths.
    pub fn read(
        path: &Path,
        bytes: &[u8],
        is_known: impl Fn(&str) -> bool,
    ) -> Result<Self, DataError> {
        let bad = |line, problem: String| DataError::BadData {
            path: path.into(),
            line,
            problem,
        };
        let text = decode(bytes).map_err(|(line, problem)| bad(line, problem))?;
        let first = text.lines().find(|line| !line.trim().is_empty());
        let Some(first) = first else {
            return Err(bad(None, "is empty".into()));
        };
        // Excel's own way to name the separator.
        let excel = first.trim().strip_prefix("sep=");
        let excel = excel.and_then(|rest| rest.bytes().next());
        let separator = excel.unwrap_or_else(|| separator(first));
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| bad(None, error.to_string()))?;
            let line = record
                .position()
                .map_or(1, |at| line_of_row(text.as_bytes(), at));
            let cells: Vec<_> = record.iter().map(|cell| trim(cell).to_owned()).collect();
            let blank = cells.iter().all(String::is_empty);
            let names_separator =
                rows.is_empty() && cells.iter().any(|cell| cell.starts_with("sep="));
            if !(blank || names_separator && excel.is_some()) {
                rows.push(Row { line, cells });
            }
        }
        let Some(first) = rows.first() else {
            return Err(bad(None, "is empty".into()));
        };
        let is_number = |cell: &String| cell.replace(',', ".").parse::<f32>().is_ok();
        let has_header = first.cells.iter().any(|cell| is_known(&plain(cell)))
            || !first.cells.iter().any(is_number);
        let (mut names, mut header_line) = (Vec::new(), 1);
        if has_header {
            let header = rows.remove(0);
            (names, header_line) = (header.cells, header.line);
        }
        let width = rows.first().map_or(names.len(), |row| row.cells.len());
        // R leaves the column of row names without one.
        let is_longer = |row: &Row| row.cells.len() == names.len() + 1;
        if has_header && rows.iter().all(is_longer) {
            names.insert(0, String::new());
        }
        let expected = if has_header { names.len() } else { width };
        if let Some(row) = rows.iter().find(|row| row.cells.len() != expected) {
            let found = row.cells.len();
            let problem = match has_header {
                true => format!("{found} fields; expected {expected}, separated as in the header"),
                false => format!("{found} fields; expected {expected}, as in the first line"),
            };
            return Err(bad(Some(row.line), problem));
        }
        let cells = || rows.iter().take(LOOKED_AT).flat_map(|row| &row.cells);
        let decimal_comma = separator != b','
            && cells().any(|cell| cell.contains(',') && is_number(cell))
            && !cells().any(|cell| cell.contains('.') && is_number(cell));
        Ok(Self {
            path: path.into(),
            names,
            header_line,
            rows,
            decimal_comma,
        })
    }

    /// The names of the columns as they stand in the file; none if it has no header.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The column whose [`plain`] name is one of `names`; nothing if there is none.
    ///
    /// # Errors
    ///
    /// If there are two.
    pub fn column(&self, names: &[&str]) -> Result<Option<usize>, DataError> {
        let mut found = (0..)
            .zip(&self.names)
            .filter(|(_, name)| names.contains(&plain(name).as_str()));
        match (found.next(), found.next()) {
            (Some((_, name)), Some(_)) => {
                let name = Excerpt::new(name);
                Err(self.bad_header(format!("the column {name} is there twice")))
            }
            (first, _) => Ok(first.map(|(column, _)| column)),
        }
    }

    /// The first column that is none of `columns` and no numbering of the rows.
    #[must_use]
    pub fn unknown_column(&self, columns: &[usize]) -> Option<&str> {
        let mut names = (0..).zip(&self.names);
        let unknown = names.find(|(column, name)| {
            let plain = plain(name);
            !columns.contains(column) && !NUMBERINGS.contains(&plain.as_str())
        });
        unknown.map(|(_, name)| name.as_str())
    }

    /// The number in `cell`, with a point or a comma as the table has them.
    #[must_use]
    pub fn number(&self, cell: &str) -> Option<f32> {
        match self.decimal_comma {
            true => cell.replace(',', ".").parse().ok(),
            false => cell.parse().ok(),
        }
    }

    /// The error that says what is wrong with the header.
    #[must_use]
    pub fn bad_header(&self, problem: String) -> DataError {
        self.bad_row(self.header_line, problem)
    }

    /// The error that says what is wrong with a row.
    #[must_use]
    pub fn bad_row(&self, line: u64, problem: String) -> DataError {
        DataError::BadData {
            path: self.path.clone(),
            line: Some(line),
            problem,
        }
    }

    /// The error that says what is wrong with the whole file.
    #[must_use]
    pub fn bad(&self, problem: String) -> DataError {
        DataError::BadData {
            path: self.path.clone(),
            line: None,
            problem,
        }
    }
}

/// Plain names of columns that only number the rows.
const NUMBERINGS: [&str; 6] = ["", "id", "index", "rownames", "unnamed0", "x"];

/// A name in the form that its spellings have in common: `Sepal.Length`, `SepalLengthCm`, `sepal_length` and
/// `sepal length (cm)` are all `sepallength`.
#[must_use]
pub fn plain(name: &str) -> String {
    let name = name.to_lowercase();
    let letters: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
    match letters.strip_suffix("cm") {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => letters,
    }
}

/// What separates the cells of `line`.
pub(crate) fn separator(line: &str) -> u8 {
    let count = |separator: u8| {
        let (mut count, mut quoted, mut before) = (0, false, 0);
        for byte in line.bytes() {
            quoted ^= byte == b'"';
            // A tab after a comma is space.
            let space = byte == b'\t' && before == b',';
            count += usize::from(byte == separator && !quoted && !space);
            before = byte;
        }
        count
    };
    let mut best = (b',', 0);
    // Where there are as many commas, these are in decimals.
    for separator in [b';', b'\t', b',', b'|'] {
        let count = count(separator);
        if count > best.1 {
            best = (separator, count);
        }
    }
    match best {
        (_, 0) if count(b' ') > 0 => b' ',
        (separator, _) => separator,
    }
}

/// A cell without what may stand around it. A line feed may not: rows are lines.
fn trim(cell: &str) -> &str {
    cell.trim_matches([' ', '\t', '\r'])
}

/// The line of the row that starts at `position`: the reader counts from where it began to look,
/// which may be a blank line before.
pub(crate) fn line_of_row(bytes: &[u8], position: &csv::Position) -> u64 {
    let rest = bytes.get(position.byte() as usize..);
    let blank = rest.unwrap_or_default().iter();
    let blank = blank.take_while(|byte| b"\r\n".contains(byte));
    position.line() + blank.filter(|byte| **byte == b'\n').count() as u64
}

#[cfg(test)]
mod tests;

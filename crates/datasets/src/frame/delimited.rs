//! Text with separators: which one, whether there is a header, and the rows.

use csv::StringRecord;

use crate::DataError;
use crate::text_table::separator;
use model::is_missing;

use super::number::Style;
use super::open::File;
use super::records::Records;
use super::rows::{Place, Row, Visit};
use super::{Options, names};

/// Rows in which the form of a table is looked for.
const LOOKED_AT: usize = 200;
/// Fewest numbers below a word that make it a name.
const FEWEST_NUMBERS: usize = 5;

/// A table of text with separators.
pub struct Delimited<'a> {
    /// The whole text.
    pub text: &'a str,
    /// What separates the cells of a row.
    pub separator: u8,
    /// The names of the columns.
    pub names: Vec<String>,
    has_header: bool,
    /// Lines before `text`.
    before: u32,
}

impl<'a> Delimited<'a> {
    /// Finds the form of `text`.
    ///
    /// # Errors
    ///
    /// If there are no rows, or two columns have the same name.
    pub fn find(
        file: File<'_>,
        text: &'a str,
        options: &Options,
        notes: &mut Vec<String>,
    ) -> Result<Self, DataError> {
        let (named, text) = named_separator(text);
        let mut table = Self {
            text,
            separator: options.separator.or(named).unwrap_or(b','),
            names: Vec::new(),
            has_header: false,
            before: u32::from(named.is_some()),
        };
        if options.separator.or(named).is_none() {
            table.separator = table.find_separator(file)?;
        }
        let sample = table.sample(file, LOOKED_AT)?;
        let Some(((place, first), rows)) = sample.split_first() else {
            return Err(file.bad(None, "is empty"));
        };
        table.has_header = options.header.unwrap_or_else(|| is_header(first, rows));
        if !table.has_header {
            let count = first.len();
            file.check_columns(count)?;
            table.names = (1..=count).map(names::numbered).collect();
            if options.header.is_none() {
                let last = names::numbered(count);
                notes.push(format!(
                    "the first row has values, no names: the columns are `column_1` to `{last}`"
                ));
            }
            return Ok(table);
        }
        let Some((_, row)) = rows.first() else {
            return Err(file.bad(None, "has names of columns, but no rows"));
        };
        let mut header: Vec<_> = first.iter().map(str::to_owned).collect();
        if row.len() == header.len() + 1 {
            // Either every row ends with a separator, or R has left the column of row names without one.
            let is_ended = row.iter().next_back().is_some_and(str::is_empty);
            let at = if is_ended { header.len() } else { 0 };
            header.insert(at, String::new());
        }
        file.check_columns(header.len())?;
        table.names = names::complete(file, Some(place.line), header, notes)?;
        Ok(table)
    }

    /// The separator that gives the first rows the same length, or the one that the first row suggests.
    fn find_separator(&mut self, file: File<'_>) -> Result<u8, DataError> {
        let lines = self.text.split(['\n', '\r']);
        let mut lines = lines.filter(|line| !line.trim().is_empty());
        let (first, second) = (lines.next().unwrap_or_default(), lines.next());
        // A comma comes last: it may stand before decimals.
        for separator in [b';', b'\t', b'|', b','] {
            // A tab after a comma is space.
            if separator == b'\t' && first.contains(",\t") {
                continue;
            }
            self.separator = separator;
            let lengths = self.sample(file, 20)?;
            let mut lengths = lengths.iter().map(|(_, row)| row.len());
            let (header, row) = (lengths.next(), lengths.next());
            let (header, row) = (header.unwrap_or(1), row.or(header).unwrap_or(1));
            let same = lengths.all(|length| length == row);
            if header > 1 && same && (row == header || row == header + 1) {
                return Ok(separator);
            }
        }
        Ok(match separator(first) {
            // One column, with a name of two words.
            b' ' if second.is_some_and(|line| !line.trim().contains(' ')) => b',',
            separator => separator,
        })
    }

    fn records(&self) -> Records<'a> {
        Records::new(self.text, self.separator, self.before)
    }

    /// The first `count` rows, with the header if there is one.
    fn sample(
        &self,
        file: File<'_>,
        count: usize,
    ) -> Result<Vec<(Place, StringRecord)>, DataError> {
        let mut records = self.records();
        let mut sample = Vec::new();
        while sample.len() < count
            && let Some(place) = records.next(file)?
        {
            sample.push((place, records.record.clone()));
        }
        Ok(sample)
    }

    /// Hands all rows to `visit`.
    ///
    /// # Errors
    ///
    /// If a row has another length than there are names, and those of `visit`.
    pub fn visit(&self, file: File<'_>, visit: &mut Visit<'_>) -> Result<(), DataError> {
        let mut records = self.records();
        if self.has_header {
            records.next(file)?;
        }
        let mut last = None;
        while let Some(place) = records.next(file)? {
            if records.record.len() != self.names.len() {
                return Err(self.unequal(file, place, &records.record));
            }
            visit(place, Row::Record(&records.record))?;
            last = Some(place);
        }
        match last {
            Some(place) if self.is_open(place) => {
                let problem =
                    "a quote begins here and has no end, so that all that follows is one cell";
                Err(file.bad(Some(place.line), problem))
            }
            _ => Ok(()),
        }
    }

    /// Whether a quote in the row at `place`, the last one, has no end. The reader takes the end of the text for it.
    fn is_open(&self, place: Place) -> bool {
        let row = self.text.get(place.byte..).unwrap_or_default().trim();
        let quotes = row.bytes().filter(|byte| *byte == b'"').count();
        row.contains('\n') && quotes % 2 == 1
    }

    #[cold]
    fn unequal(&self, file: File<'_>, place: Place, row: &StringRecord) -> DataError {
        let (found, expected) = (row.len(), self.names.len());
        let like = match self.has_header {
            true => "separated as in the header",
            false => "as in the first row",
        };
        let mut problem = format!("{found} cells; expected {expected}, {like}");
        if row.iter().any(|cell| cell.contains('\n')) {
            problem += "; the quote that begins here may lack its end";
        }
        file.bad(Some(place.line), problem)
    }
}

/// The separator that Excel's own line `sep=;` names, and the text after it.
fn named_separator(text: &str) -> (Option<u8>, &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let named = first.trim_matches(['"', '\r', ' ']).strip_prefix("sep=");
    match named.map(str::as_bytes) {
        Some([separator]) => (Some(*separator), rest),
        _ => (None, text),
    }
}

/// Whether `first` has names. They are no numbers, unless another one is a word above numbers only; and they do not all
/// come again in `rows`, as values would.
fn is_header(first: &StringRecord, rows: &[(Place, StringRecord)]) -> bool {
    let comes_again = |(column, cell): (usize, &str)| {
        let mut rows = rows.iter();
        is_missing(cell.trim()) || rows.any(|(_, row)| row.get(column) == Some(cell))
    };
    let is_above_numbers = |(column, cell): (usize, &str)| {
        let below = rows.iter().filter_map(|(_, row)| row.get(column));
        let mut below = below.filter(|cell| !is_missing(cell.trim()));
        let is_word = !is_missing(cell.trim()) && !is_value(cell);
        is_word && below.clone().count() >= FEWEST_NUMBERS && below.all(is_value)
    };
    let has_values = rows.len() > 1 && first.iter().enumerate().all(comes_again);
    let has_numbers = first.iter().any(is_value);
    !has_values && (!has_numbers || first.iter().enumerate().any(is_above_numbers))
}

/// Whether `cell` is a number or a date.
fn is_value(cell: &str) -> bool {
    let cell = cell.trim();
    Style::Point.number(cell).is_some()
        || Style::Comma.number(cell).is_some()
        || model::date::parts(cell).is_some()
}

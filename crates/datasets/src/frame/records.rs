//! The rows of a text with separators, one after the other.

use csv::StringRecord;

use crate::DataError;
use crate::text_table::line_of_row;

use super::open::File;
use super::rows::Place;

/// Goes through the rows that are not blank.
pub struct Records<'a> {
    text: &'a str,
    reader: csv::Reader<&'a [u8]>,
    /// The cells of the last row that was read.
    pub record: StringRecord,
    /// Whether several separators count as one.
    joins: bool,
    /// Whether lines end with a line feed. The reader counts these.
    has_feeds: bool,
    before: u32,
    count: u32,
}

impl<'a> Records<'a> {
    /// Goes through `text`, which stands behind `before` lines.
    pub fn new(text: &'a str, separator: u8, before: u32) -> Self {
        let reader = csv::ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        Self {
            text,
            reader,
            record: StringRecord::new(),
            joins: separator == b' ',
            has_feeds: text.contains('\n'),
            before,
            count: 0,
        }
    }

    /// Reads the next row into `record`.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn next(&mut self, file: File<'_>) -> Result<Option<Place>, DataError> {
        loop {
            let read = self.reader.read_record(&mut self.record);
            if !read.map_err(|error| file.bad(None, error.to_string()))? {
                return Ok(None);
            }
            self.count = self.count.saturating_add(1);
            if self.record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let position = self.record.position();
            let place = position.map_or(Place { line: 1, byte: 0 }, |at| {
                let line = match self.has_feeds {
                    true => u32::try_from(line_of_row(self.text.as_bytes(), at)),
                    false => Ok(self.count),
                };
                let line = line.unwrap_or(u32::MAX).saturating_add(self.before);
                let byte = at.byte() as usize;
                Place { line, byte }
            });
            if self.joins {
                let cells = self.record.iter().filter(|cell| !cell.is_empty());
                self.record = cells.collect();
            }
            return Ok(Some(place));
        }
    }
}

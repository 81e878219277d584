//! Reads MNIST from two files of comma-separated values, as it circulates on Kaggle: a row for each
//! image, its label first, and then its pixels row by row. A header and a byte order mark do no harm.

use std::format;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::string::{String, ToString};
use std::vec::Vec;

use csv::{ByteRecord, ReaderBuilder};

use crate::DataError;

use super::file::bad;
use super::idx::Image;
use super::{Part, Progress, SIDE};

/// The most rows that a file may have. MNIST's training part has 60,000.
const MOST_ROWS: usize = 1_000_000;

/// Rows between two reports of progress.
const STEP: usize = 1000;

/// Images in both parts, for the progress: as many as are published.
const USUAL_TOTAL: usize = 70_000;

/// Reads the training part and the test part.
///
/// # Errors
///
/// Names the file and the line that is wrong.
pub fn read_parts(files: &[PathBuf; 2], progress: &Progress<'_>) -> Result<[Part; 2], DataError> {
    let [train, test] = files;
    let mut done = 0;
    let mut step = || {
        done += STEP;
        progress(done, USUAL_TOTAL.max(done));
    };
    Ok([read_part(train, &mut step)?, read_part(test, &mut step)?])
}

fn read_part(path: &Path, step: &mut dyn FnMut()) -> Result<Part, DataError> {
    let file = File::open(path).map_err(|source| DataError::ReadData {
        path: path.into(),
        source,
    })?;
    let mut reader = (ReaderBuilder::new().has_headers(false).flexible(true)).from_reader(file);
    let mut part = Part {
        images: Vec::new(),
        labels: Vec::new(),
    };
    let mut record = ByteRecord::new();
    let damaged = |error: csv::Error| bad(path, error.to_string());
    while reader.read_byte_record(&mut record).map_err(damaged)? {
        let line = record.position().map_or(1, csv::Position::line);
        let wrong = |problem| DataError::BadData {
            path: path.into(),
            line: Some(line),
            problem,
        };
        // The csv crate takes a byte order mark for a part of the first cell of a row of bytes.
        let is_header = line == 1 && record.iter().all(|cell| number(cell).is_none());
        if is_header || record.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        if part.images.len() == MOST_ROWS {
            return Err(bad(path, format!("more than {MOST_ROWS} rows")));
        }
        let (label, image) = row(&record).map_err(wrong)?;
        part.labels.push(label);
        part.images.push(image);
        if part.images.len().is_multiple_of(STEP) {
            step();
        }
    }
    Ok(part)
}

/// The label and the pixels of a row.
fn row(record: &ByteRecord) -> Result<(u8, Image), String> {
    const PIXELS: usize = SIDE * SIDE;
    if record.len() == PIXELS {
        let problem = "784 values; expected a label and 784 pixels; Kaggle's test.csv has no \
                       labels and cannot be used";
        return Err(problem.to_string());
    }
    if record.len() != PIXELS + 1 {
        let problem = format!(
            "{} values; expected a label and {PIXELS} pixels, with commas between them",
            record.len()
        );
        return Err(problem);
    }
    let cell = |index: usize| record.get(index).unwrap_or_default();
    let written = |index: usize| String::from_utf8_lossy(cell(index)).into_owned();
    let label = number(cell(0)).filter(|label| *label <= 9);
    let label = label.ok_or_else(|| format!("the label is `{}`; expected 0 to 9", written(0)))?;
    let mut image = [0; PIXELS];
    for (index, pixel) in image.iter_mut().enumerate() {
        *pixel = number(cell(index + 1)).ok_or_else(|| {
            let written = written(index + 1);
            format!("pixel {index} is `{written}`; expected a whole number from 0 to 255")
        })?;
    }
    Ok((label, image))
}

fn number(cell: &[u8]) -> Option<u8> {
    str::from_utf8(cell.trim_ascii()).ok()?.parse().ok()
}

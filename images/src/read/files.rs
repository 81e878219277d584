//! Decodes files on all cores.

use std::fs::File;
use std::path::Path;

use datasets::DataError;
use pictures::DecodeError;
use rayon::prelude::*;

use super::folders::Labelled;
use super::{Progress, bad};

/// Files between two reports of progress.
const STEP: usize = 256;
/// Files that are looked at to choose a size, at most.
const SAMPLE: usize = 2000;
/// Broken files that are listed.
const LISTED: usize = 20;
/// Colours of a pixel.
const COLOURS: usize = 3;

/// What has come of files.
pub struct Decoded {
    /// The pixels of those that could be read, red, green and blue of each, one picture after the other.
    pub pixels: Vec<u8>,
    /// The positions of the others, in rising order.
    pub broken: Vec<usize>,
    errors: Vec<DataError>,
}

impl Decoded {
    /// What is wrong with the first broken file.
    pub fn first_error(self) -> DataError {
        let first = self.errors.into_iter().next();
        let first = first.unwrap_or_else(|| DataError::BadPaths("no file is broken".into()));
        match first {
            DataError::BadData {
                path,
                line,
                problem,
            } => DataError::BadData {
                path,
                line,
                problem: format!("{problem}; --skip-broken leaves such files out"),
            },
            other => other,
        }
    }

    /// The broken files in words.
    pub fn listed(&self) -> Vec<String> {
        let count = self.errors.len();
        let mut notes: Vec<String> = (self.errors.iter().take(LISTED))
            .map(|error| format!("left out: {error}"))
            .collect();
        if count > LISTED {
            notes.push(format!("left out: {} more files", count - LISTED));
        }
        notes
    }
}

/// Widths and heights of some of the files, as far as they can be read.
pub fn sizes(files: &[Labelled], progress: &Progress<'_>) -> Vec<[usize; 2]> {
    progress(0, files.len());
    // From all classes alike.
    let every = files.len().div_ceil(SAMPLE).max(1);
    let sample: Vec<&Labelled> = files.iter().step_by(every).collect();
    let size = |file: &&Labelled| {
        let bytes = read(&file.path).ok()?;
        pictures::dimensions(&bytes).ok()
    };
    sample.par_iter().filter_map(size).collect()
}

/// Decodes all files at the size `[width, height]`.
///
/// # Errors
///
/// If there is no memory for them.
pub fn decode(
    files: &[Labelled],
    size: [usize; 2],
    progress: &Progress<'_>,
) -> Result<Decoded, DataError> {
    let numbers = size[0] * size[1] * COLOURS;
    let mut found = Decoded {
        pixels: Vec::new(),
        broken: Vec::new(),
        errors: Vec::new(),
    };
    if found
        .pixels
        .try_reserve_exact(numbers * files.len())
        .is_err()
    {
        let problem = format!(
            "{} pictures of {}x{} pixels do not fit into memory; try a smaller --pixels",
            files.len(),
            size[0],
            size[1]
        );
        return Err(DataError::BadPaths(problem));
    }
    for (step, part) in files.chunks(STEP).enumerate() {
        let results: Vec<_> = part
            .par_iter()
            .map(|file| prepare(&file.path, size))
            .collect();
        for (index, result) in results.into_iter().enumerate() {
            match result {
                Ok(pixels) => found.pixels.extend(pixels),
                Err(error) => {
                    found.broken.push(step * STEP + index);
                    found.errors.push(error);
                }
            }
        }
        progress((step * STEP + part.len()).min(files.len()), files.len());
    }
    Ok(found)
}

fn prepare(path: &Path, size: [usize; 2]) -> Result<Vec<u8>, DataError> {
    let decoded = read(path).and_then(|bytes| pictures::prepare(&bytes, size));
    decoded.map_err(|error| bad(path, error.to_string()))
}

fn read(path: &Path) -> Result<Vec<u8>, DecodeError> {
    // Opening a pipe would wait for somebody to write to it.
    match path.is_file() {
        true => pictures::bytes(File::open(path).map_err(DecodeError::Read)?),
        false => Err(DecodeError::Read(std::io::Error::other("is not a file"))),
    }
}

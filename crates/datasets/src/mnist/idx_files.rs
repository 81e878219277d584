//! Reads MNIST from its four IDX files.

use std::format;
use std::path::Path;
use std::string::ToString;
use std::vec::Vec;

use crate::DataError;
use crate::gzip::unpack;

use super::file::{bad, read};
use super::idx::{self, IdxError};
use super::locate::IdxFiles;
use super::{Part, Progress};

/// The most that a file may have, packed or not: 85,000 images.
const LIMIT: usize = 64 << 20;

/// Reads the training part and the test part.
///
/// # Errors
///
/// If a file cannot be read, or two do not belong together.
pub fn read_parts(
    [train, test]: &[IdxFiles; 2],
    progress: &Progress<'_>,
) -> Result<[Part; 2], DataError> {
    // The labels first: they are soon read, and say how much there is to do.
    let train_labels = parse(&train.labels, idx::labels)?;
    let test_labels = parse(&test.labels, idx::labels)?;
    let total = train_labels.len() + test_labels.len();
    progress(0, total);
    let train = part(train, train_labels)?;
    progress(train.labels.len(), total);
    let test = part(test, test_labels)?;
    progress(total, total);
    Ok([train, test])
}

fn part(files: &IdxFiles, labels: Vec<u8>) -> Result<Part, DataError> {
    let images = parse(&files.images, idx::images)?;
    if images.len() != labels.len() {
        let problem = format!(
            "{} images, but `{}` has {} labels",
            images.len(),
            files.labels.display(),
            labels.len()
        );
        return Err(bad(&files.images, problem));
    }
    let mut part = Part { images, labels };
    if is_emnist(&files.images) {
        part.transpose();
    }
    Ok(part)
}

/// Whether a file is EMNIST's, by its name: EMNIST stores images column by column
/// (<https://arxiv.org/abs/1702.05373>).
fn is_emnist(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.to_lowercase().contains("emnist")
}

fn parse<T>(path: &Path, parser: fn(&[u8]) -> Result<T, IdxError>) -> Result<T, DataError> {
    let bytes = unpack(read(path, LIMIT)?, LIMIT).map_err(|error| bad(path, error.to_string()))?;
    parser(&bytes).map_err(|error| bad(path, error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emnist_is_told_by_its_name() {
        assert!(is_emnist(Path::new(
            "a/EMNIST-digits-train-images-idx3-ubyte.gz"
        )));
        assert!(!is_emnist(Path::new("emnist/train-images-idx3-ubyte.gz")));
    }
}

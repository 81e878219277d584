//! IDX, the format that MNIST is published in (<http://yann.lecun.com/exdb/mnist/>): a magic number
//! that says the type and the number of dimensions, the size of each, all big-endian, and then one
//! byte a value.

use std::vec::Vec;

use thiserror::Error;

use super::SIDE;

/// An image: row after row from the top, 0 for background to 255 for ink.
pub type Image = [u8; SIDE * SIDE];

/// Unsigned bytes in three dimensions: images, rows, columns.
const IMAGES: u32 = 0x0000_0803;
/// Unsigned bytes in one dimension.
const LABELS: u32 = 0x0000_0801;

/// Why bytes are no IDX file of MNIST's.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IdxError {
    /// Nothing at all.
    #[error("is empty: the download has failed; fetch it anew")]
    Empty,
    /// HTML, as servers send it in place of a file.
    #[error("is a web page: the download has failed; fetch it anew")]
    WebPage,
    /// Fewer bytes than a header has.
    #[error("the header is cut off: {found} bytes, expected at least {expected}")]
    Header {
        /// Bytes that are there.
        found: usize,
        /// Bytes of the header.
        expected: usize,
    },
    /// Not IDX, or of another type or number of dimensions.
    #[error(
        "starts with {found:#010x}; expected {expected:#010x}, which IDX files of {what} start with"
    )]
    Magic {
        /// The first four bytes.
        found: u32,
        /// What they should be.
        expected: u32,
        /// What was to be read: images or labels.
        what: &'static str,
    },
    /// Images where labels were expected, or the reverse.
    #[error("holds {found}, but {expected} were expected; are two files swapped?")]
    Swapped {
        /// What the file holds.
        found: &'static str,
        /// What was to be read.
        expected: &'static str,
    },
    /// Images of another size.
    #[error("images of {rows}x{columns} pixels; expected {SIDE}x{SIDE}")]
    Shape {
        /// Rows of an image.
        rows: u32,
        /// Columns of an image.
        columns: u32,
    },
    /// Another length than the header says.
    #[error("{found} bytes, but the header says {count} {what}, which take {expected}")]
    Length {
        /// Number of images or labels.
        count: u32,
        /// Which of the two.
        what: &'static str,
        /// Bytes of a file with that many.
        expected: u64,
        /// Bytes that are there.
        found: usize,
    },
    /// A label that is no digit.
    #[error("label {label} at index {index}, counted from 0; expected 0 to 9; are these letters?")]
    Label {
        /// Its index, from 0.
        index: usize,
        /// The label.
        label: u8,
    },
}

/// Reads an unpacked file of images.
///
/// # Errors
///
/// If it is anything but complete IDX with images of 28x28 bytes. Nothing is allocated then,
/// whatever the header says.
pub fn images(bytes: &[u8]) -> Result<Vec<Image>, IdxError> {
    let ([magic, count, rows, columns], pixels) = header(bytes)?;
    check_magic(magic, IMAGES)?;
    if [rows, columns] != [SIDE as u32; 2] {
        return Err(IdxError::Shape { rows, columns });
    }
    let (images, rest) = pixels.as_chunks();
    if images.len() as u64 != u64::from(count) || !rest.is_empty() {
        let size = (SIDE * SIDE) as u64;
        return Err(wrong_length(count, "images", size, bytes, pixels));
    }
    Ok(images.to_vec())
}

/// Reads an unpacked file of labels, 0 to 9.
///
/// # Errors
///
/// If it is anything but complete IDX with digits. Nothing is allocated then, whatever the header
/// says.
pub fn labels(bytes: &[u8]) -> Result<Vec<u8>, IdxError> {
    let ([magic, count], labels) = header(bytes)?;
    check_magic(magic, LABELS)?;
    if labels.len() as u64 != u64::from(count) {
        return Err(wrong_length(count, "labels", 1, bytes, labels));
    }
    match labels.iter().enumerate().find(|(_, label)| **label > 9) {
        Some((index, &label)) => Err(IdxError::Label { index, label }),
        None => Ok(labels.to_vec()),
    }
}

/// Splits `bytes` into the `N` numbers of a header and the rest.
fn header<const N: usize>(bytes: &[u8]) -> Result<([u32; N], &[u8]), IdxError> {
    if bytes.is_empty() {
        return Err(IdxError::Empty);
    }
    if bytes.trim_ascii_start().starts_with(b"<") {
        return Err(IdxError::WebPage);
    }
    let (numbers, _) = bytes.as_chunks();
    match (numbers.first_chunk::<N>(), bytes.get(4 * N..)) {
        (Some(numbers), Some(rest)) => Ok((numbers.map(u32::from_be_bytes), rest)),
        _ => Err(IdxError::Header {
            found: bytes.len(),
            expected: 4 * N,
        }),
    }
}

fn check_magic(found: u32, expected: u32) -> Result<(), IdxError> {
    let name = |magic| if magic == IMAGES { "images" } else { "labels" };
    match found {
        _ if found == expected => Ok(()),
        IMAGES | LABELS => Err(IdxError::Swapped {
            found: name(found),
            expected: name(expected),
        }),
        _ => Err(IdxError::Magic {
            found,
            expected,
            what: name(expected),
        }),
    }
}

/// `rest` is what follows the header in `bytes`; each item takes `size` bytes.
fn wrong_length(count: u32, what: &'static str, size: u64, bytes: &[u8], rest: &[u8]) -> IdxError {
    let header = (bytes.len() - rest.len()) as u64;
    IdxError::Length {
        count,
        what,
        expected: header + u64::from(count) * size,
        found: bytes.len(),
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    fn file(header: &[u32], rest: &[u8]) -> Vec<u8> {
        let header = header.iter().flat_map(|number| number.to_be_bytes());
        header.chain(rest.iter().copied()).collect()
    }

    #[test]
    fn images_are_read_in_order() {
        let pixels: Vec<u8> = (0..2 * 784).map(|i| (i % 251) as u8).collect();
        let images = images(&file(&[0x803, 2, 28, 28], &pixels)).unwrap();
        assert_eq!(images.as_flattened(), pixels);
        assert_eq!(
            super::images(&file(&[0x803, 0, 28, 28], &[])),
            Ok(Vec::new())
        );
    }

    #[test]
    fn labels_are_read_in_order() {
        let labels = labels(&file(&[0x801, 3], &[9, 0, 5]));
        assert_eq!(labels, Ok([9, 0, 5].to_vec()));
        assert_eq!(super::labels(&file(&[0x801, 0], &[])), Ok(Vec::new()));
    }

    #[test]
    fn bad_images_are_refused() {
        for (bytes, message) in [
            (
                Vec::new(),
                "is empty: the download has failed; fetch it anew",
            ),
            (
                file(&[0x803, 1, 28], &[0, 0, 0]),
                "the header is cut off: 15 bytes, expected at least 16",
            ),
            (
                file(&[0x8950_4e47, 1, 28, 28], &[0; 784]),
                "starts with 0x89504e47; expected 0x00000803, which IDX files of images start with",
            ),
            (
                file(&[0x801, 20], &[7; 20]),
                "holds labels, but images were expected; are two files swapped?",
            ),
            (
                file(&[0x803, 1, 32, 28], &[0; 32 * 28]),
                "images of 32x28 pixels; expected 28x28",
            ),
            (
                file(&[0x803, 2, 28, 28], &[0; 784]),
                "800 bytes, but the header says 2 images, which take 1584",
            ),
            (
                file(&[0x803, 1, 28, 28], &[0; 785]),
                "801 bytes, but the header says 1 images, which take 800",
            ),
            (
                file(&[0x803, u32::MAX, 28, 28], &[0; 784]),
                "800 bytes, but the header says 4294967295 images, which take 3367254359296",
            ),
        ] {
            assert_eq!(images(&bytes).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn bad_labels_are_refused() {
        for (bytes, message) in [
            (
                file(&[0x801], &[0]),
                "the header is cut off: 5 bytes, expected at least 8",
            ),
            (
                file(&[0x803, 1, 28, 28], &[0; 784]),
                "holds images, but labels were expected; are two files swapped?",
            ),
            (
                file(&[0x1f8b_0808, 1], &[0]),
                "starts with 0x1f8b0808; expected 0x00000801, which IDX files of labels start with",
            ),
            (
                file(&[0x801, 3], &[1, 2]),
                "10 bytes, but the header says 3 labels, which take 11",
            ),
            (
                file(&[0x801, u32::MAX], &[1, 2]),
                "10 bytes, but the header says 4294967295 labels, which take 4294967303",
            ),
            (
                file(&[0x801, 3], &[1, 2, 10]),
                "label 10 at index 2, counted from 0; expected 0 to 9; are these letters?",
            ),
        ] {
            assert_eq!(labels(&bytes).unwrap_err().to_string(), message);
        }
    }
}

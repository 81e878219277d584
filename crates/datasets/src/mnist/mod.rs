//! MNIST: 70,000 handwritten digits ("Gradient-based learning applied to document recognition",
//! Proceedings of the IEEE 86(11), 1998), in the form published at
//! <http://yann.lecun.com/exdb/mnist/> or as it circulates: as tables, or as a tree
//! of PNG or JPEG files.

mod csv_files;
mod file;
pub mod idx;
mod idx_files;
pub mod jpeg;
mod locate;
pub mod png;
pub mod remote;
#[cfg(test)]
mod tests;
mod tree;

use std::format;
use std::path::Path;
use std::string::String;
use std::vec;
use std::vec::Vec;

use crate::DataError;
use crate::FEWEST_ROWS;
use model::{Image as ImageSchema, hexadecimal};
use sha2::{Digest, Sha256};

use file::bad;
use locate::{Files, locate};

pub use idx::Image;

/// Names of the classes, in the order of the labels.
pub const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// Side of an image, in pixels.
pub const SIDE: usize = 28;

/// Largest value of a pixel.
pub const MAXIMUM: u8 = 255;

/// Mean of all pixels of the 60,000 training images, with the largest as 1.
const MEAN: f32 = 0.1307;
/// Standard deviation of the same.
const STD_DEV: f32 = 0.3081;

/// What an image is.
#[must_use]
pub fn schema() -> ImageSchema {
    ImageSchema {
        height: SIDE,
        width: SIDE,
        channels: 1,
        maximum: MAXIMUM.into(),
        unit: "ink, from none (black background) to full (white)".into(),
        mean: vec![MEAN],
        std_dev: vec![STD_DEV],
    }
}

/// Is told how many images have been read, and how many there are.
pub type Progress<'a> = dyn Fn(usize, usize) + Sync + 'a;

/// Images of handwritten digits, as bytes. Their order does not depend on the form that they were
/// read from: each part is sorted by label, and then by pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digits {
    /// Row after row from the top, 0 for background to 255 for ink.
    pub images: Vec<Image>,
    /// What they show, 0 to 9.
    pub labels: Vec<usize>,
    /// Images before this index are the training part, the others the test part.
    pub train: usize,
    /// SHA-256, in hexadecimal, over each part in turn: the number of its images as a little-endian
    /// `u64`, the labels, a byte each, and the pixels of all images.
    pub sha256: String,
}

/// One of the two parts, in the order of its files.
struct Part {
    images: Vec<Image>,
    labels: Vec<u8>,
}

impl Digits {
    /// Reads the data set in `folder`, or below it in `mnist_png`, `mnist` or `MNIST/raw`: the four
    /// IDX files, packed with gzip or not, the tables `mnist_train.csv` and `mnist_test.csv`, or a
    /// tree `train/<digit>/*.png`, `valid/<digit>/*.png`, or of JPEG files. Tells `progress` how far
    /// it is. Images that are stored column by column are `transposed`.
    ///
    /// # Errors
    ///
    /// If there is no data set, it is not whole, a file is not what it should be, or a part has too
    /// few images of a digit; names the file or folder.
    pub fn load(
        folder: &Path,
        transposed: bool,
        progress: &Progress<'_>,
    ) -> Result<Self, DataError> {
        let place = locate(folder)?;
        let mut parts = match &place.files {
            Files::Idx(files) => idx_files::read_parts(files, progress)?,
            Files::Csv(files) => csv_files::read_parts(files, progress)?,
            Files::Tree(folders) => tree::read_parts(folders, progress)?,
        };
        if transposed {
            parts.iter_mut().for_each(Part::transpose);
        }
        let [train, test] = parts;
        for (part, name) in [(&train, "training"), (&test, "test")] {
            if let Some((digit, count)) = part.scarce_digit() {
                let problem = format!(
                    "{count} images of a {digit} in the {name} part; expected at least \
                     {FEWEST_ROWS} of each digit"
                );
                return Err(bad(&place.folder, problem));
            }
        }
        Ok(Self::from_parts(train, test))
    }

    fn from_parts(train: Part, test: Part) -> Self {
        let rows = train.images.len() + test.images.len();
        let mut digits = Self {
            images: Vec::with_capacity(rows),
            labels: Vec::with_capacity(rows),
            train: train.images.len(),
            sha256: String::new(),
        };
        let mut digest = Sha256::new();
        for part in [train, test] {
            let mut rows: Vec<_> = part.labels.iter().zip(&part.images).collect();
            rows.sort_unstable();
            digest.update((rows.len() as u64).to_le_bytes());
            for (label, _) in &rows {
                digest.update([**label]);
            }
            for (label, image) in rows {
                digest.update(image);
                digits.images.push(*image);
                digits.labels.push(usize::from(*label));
            }
        }
        digits.sha256 = hexadecimal(&digest.finalize());
        digits
    }
}

impl Part {
    /// Makes rows of columns, in each image.
    fn transpose(&mut self) {
        for image in &mut self.images {
            *image = transposed(image);
        }
    }

    /// The first digit of which there are too few images, and how many there are.
    fn scarce_digit(&self) -> Option<(usize, usize)> {
        let mut counts = [0; 10];
        for label in &self.labels {
            if let Some(count) = counts.get_mut(usize::from(*label)) {
                *count += 1;
            }
        }
        let mut counts = counts.into_iter().enumerate();
        counts.find(|(_, count)| *count < FEWEST_ROWS)
    }
}

/// The image with rows for columns.
fn transposed(image: &Image) -> Image {
    core::array::from_fn(|pixel| {
        let (row, column) = (pixel / SIDE, pixel % SIDE);
        image.get(column * SIDE + row).copied().unwrap_or_default()
    })
}

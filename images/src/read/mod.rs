//! Reads pictures with a class each.

mod files;
mod folders;
mod idx;
mod size;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use datasets::DataError;
use pictures::{grey, is_grey};

use crate::options::Options;

/// Fewest pictures of a class that can be split into training, validation and test pictures.
const FEWEST: usize = 4;
/// Fewest pictures of all classes.
const FEWEST_PICTURES: usize = 20;

/// Called with how many files have been read, and of how many.
pub type Progress<'a> = dyn Fn(usize, usize) + 'a;

/// Pictures of one size, with a class each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pictures {
    /// Height, in pixels.
    pub height: usize,
    /// Width, in pixels.
    pub width: usize,
    /// 1 for grey, 3 for red, green and blue.
    pub channels: usize,
    /// The pixels of all pictures, one after the other: row by row from the top, channel by channel, from 0 to 255.
    pub pixels: Vec<u8>,
    /// What each picture is called: its file, from the folder of the data.
    pub names: Vec<String>,
    /// The class of each picture, as an index into the names.
    pub labels: Vec<usize>,
    /// Names of the classes.
    pub classes: Vec<String>,
    /// The first picture to test on, if the data says which they are; those before it are to train on.
    pub first_of_test: Option<usize>,
    /// What a person should know of the data.
    pub notes: Vec<String>,
}

impl Pictures {
    /// Reads the folder `data`: a folder for each class, `train/` and `test/` with such folders, or IDX files. Those may be
    /// stored column by column, if `transposed`.
    ///
    /// # Errors
    ///
    /// If there are no classes, or a file cannot be read and `skip_broken` is not set. It is named.
    pub fn read(
        data: &Path,
        options: &Options,
        transposed: bool,
        progress: &Progress<'_>,
    ) -> Result<Self, DataError> {
        let pictures = match idx::find(data)? {
            Some(_) if options.test.is_some() || options.pixels.is_some() => {
                let problem = "has IDX files, which say themselves what to test on and how large pictures are; \
                               --test and --pixels are for folders of pictures";
                return Err(bad(data, problem));
            }
            Some(files) => idx::read(&files, transposed)?,
            None => Self::from_folders(data, options, progress)?,
        };
        pictures.check(data)?;
        Ok(pictures)
    }

    fn from_folders(
        data: &Path,
        options: &Options,
        progress: &Progress<'_>,
    ) -> Result<Self, DataError> {
        let mut tree = folders::find(data, options.test.as_deref())?;
        let sizes = files::sizes(&tree.files, progress);
        let [width, height] = match options.pixels {
            Some(side) => [side.into(); 2],
            None => size::choose(&sizes, tree.files.len()),
        };
        let found = files::decode(&tree.files, [width, height], progress)?;
        if !found.broken.is_empty() {
            if !options.skip_broken {
                return Err(found.first_error());
            }
            tree.leave_out(&found.broken);
            tree.notes.extend(found.listed());
        }
        let mut pixels = found.pixels;
        let channels = match is_grey(&pixels) {
            true => {
                pixels = grey(&pixels);
                1
            }
            false => 3,
        };
        tree.notes.push(format!(
            "{} pictures of {} classes, seen as {width}x{height} pixels{}",
            tree.files.len(),
            tree.classes.len(),
            if channels == 1 {
                ", grey"
            } else {
                ", in colour"
            }
        ));
        Ok(Self {
            height,
            width,
            channels,
            pixels,
            names: tree.files.iter().map(|file| file.name(data)).collect(),
            labels: tree.files.iter().map(|file| file.class).collect(),
            first_of_test: tree.first_of_test,
            classes: tree.classes,
            notes: tree.notes,
        })
    }

    /// How many pictures there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// How many numbers a picture is.
    #[must_use]
    pub fn numbers(&self) -> usize {
        self.height * self.width * self.channels
    }

    /// The pixels of the picture number `row`; none if there is no such picture.
    #[must_use]
    pub fn picture(&self, row: usize) -> &[u8] {
        let numbers = self.numbers();
        let picture = self.pixels.get(row * numbers..(row + 1) * numbers);
        picture.unwrap_or_default()
    }

    fn check(&self, data: &Path) -> Result<(), DataError> {
        let to_train = self.first_of_test.unwrap_or(self.len());
        let mut counts = vec![0; self.classes.len()];
        for label in self.labels.iter().take(to_train) {
            if let Some(count) = counts.get_mut(*label) {
                *count += 1;
            }
        }
        let few = self
            .classes
            .iter()
            .zip(&counts)
            .find(|(_, count)| **count < FEWEST);
        if let Some((name, count)) = few {
            let problem = format!(
                "the class `{name}` has {count} pictures to train on; expected at least {FEWEST}: add some, or move the folder away"
            );
            return Err(bad(data, problem));
        }
        if to_train < FEWEST_PICTURES {
            let problem =
                format!("{to_train} pictures to train on; expected at least {FEWEST_PICTURES}");
            return Err(bad(data, problem));
        }
        Ok(())
    }
}

/// The error for a file or folder with something wrong in it.
fn bad(path: &Path, problem: impl Into<String>) -> DataError {
    DataError::BadData {
        path: PathBuf::from(path),
        line: None,
        problem: problem.into(),
    }
}

/// The error for a file or folder that cannot be read.
fn unreadable(path: &Path) -> impl Fn(std::io::Error) -> DataError {
    move |source| DataError::ReadData {
        path: path.into(),
        source,
    }
}

//! Reads MNIST from a tree of PNG or JPEG files: a folder for each part, in it one for each digit.

use std::ffi::OsString;
use std::format;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::string::ToString;
use std::vec;
use std::vec::Vec;

use crate::DataError;
use rayon::prelude::*;

use super::SIDE;
use super::file::{bad, read, unlisted};
use super::idx::Image;
use super::{Part, Progress, jpeg, png};

/// The most that a file may have. MNIST's have a few hundred bytes.
const LIMIT: usize = 1 << 20;

/// Files between two reports of progress.
const STEP: usize = 1000;

/// What a JPEG starts with (ITU-T T.81).
const JPEG: [u8; 2] = [0xFF, 0xD8];

/// A file and the digit that it shows.
type Labelled = (u8, PathBuf);

/// Reads the training part and the test part, on all cores.
///
/// # Errors
///
/// If a digit has no files, or a file is no PNG of a digit. Of several files that are wrong, the
/// first is named: by part, digit and name.
pub fn read_parts(
    [train, test]: &[PathBuf; 2],
    progress: &Progress<'_>,
) -> Result<[Part; 2], DataError> {
    let (train, test) = (list(train)?, list(test)?);
    let total = train.len() + test.len();
    progress(0, total);
    let first_of_test = train.len();
    let train = read_part(&train, |done| progress(done, total))?;
    let test = read_part(&test, |done| progress(first_of_test + done, total))?;
    Ok([train, test])
}

/// The files of a part, sorted by digit and name.
fn list(folder: &Path) -> Result<Vec<Labelled>, DataError> {
    let mut files = Vec::new();
    check_names(folder)?;
    for digit in 0..=9_u8 {
        let folder = folder.join(digit.to_string());
        let entries = fs::read_dir(&folder).map_err(|error| match error.kind() {
            ErrorKind::NotFound => {
                bad(&folder, format!("expected a folder of images of a {digit}"))
            }
            _ => unlisted(&folder)(error),
        })?;
        let mut names = Vec::new();
        for entry in entries {
            let name = entry.map_err(unlisted(&folder))?.file_name();
            if is_image(&name) {
                names.push(name);
            }
        }
        if names.is_empty() {
            return Err(bad(&folder, "no .png or .jpg files in this folder"));
        }
        names.sort_unstable();
        files.extend(names.iter().map(|name| (digit, folder.join(name))));
    }
    Ok(files)
}

/// Refuses a part that has images, or folders of other classes, in place of a folder for each digit.
fn check_names(folder: &Path) -> Result<(), DataError> {
    let is_digit = |name: &OsString| name.len() == 1 && name.as_encoded_bytes()[0].is_ascii_digit();
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(unlisted(folder))? {
        let entry = entry.map_err(unlisted(folder))?;
        let name = entry.file_name();
        if is_digit(&name) {
            return Ok(());
        }
        if is_image(&name) || entry.path().is_dir() {
            names.push(name);
        }
    }
    names.sort_unstable();
    match names.first() {
        None => Ok(()),
        Some(name) => {
            let name = name.to_string_lossy();
            let problem = format!(
                "found `{}`; expected a folder for each digit, 0 to 9, with the images in it",
                name.escape_debug()
            );
            Err(bad(folder, problem))
        }
    }
}

/// Whether a name is an image's, and not one of what file managers leave behind.
fn is_image(name: &OsString) -> bool {
    const ENDINGS: [&str; 3] = ["png", "jpg", "jpeg"];
    let end = Path::new(name).extension();
    let known = |end: &std::ffi::OsStr| ENDINGS.iter().any(|known| end.eq_ignore_ascii_case(known));
    end.is_some_and(known) && !name.as_encoded_bytes().starts_with(b".")
}

fn read_part(files: &[Labelled], progress: impl Fn(usize)) -> Result<Part, DataError> {
    let mut images = vec![[0; SIDE * SIDE]; files.len()];
    let mut done = 0;
    for (images, files) in images.chunks_mut(STEP).zip(files.chunks(STEP)) {
        if let Some(error) = fill(images, files) {
            return Err(error);
        }
        done += files.len();
        progress(done);
    }
    let labels = files.iter().map(|(digit, _)| *digit).collect();
    Ok(Part { images, labels })
}

/// Reads each of `files` into its image. The error is the first file's that is wrong, whichever thread is
/// faster.
fn fill(images: &mut [Image], files: &[Labelled]) -> Option<DataError> {
    let pairs = images.par_iter_mut().zip(files);
    let results: Vec<_> = pairs
        .map(|(image, (_, path))| read_image(path, image))
        .collect();
    results.into_iter().find_map(Result::err)
}

fn read_image(path: &Path, image: &mut Image) -> Result<(), DataError> {
    let bytes = read(path, LIMIT)?;
    // By the contents, as a name may say anything.
    *image = match bytes.starts_with(&JPEG) {
        true => jpeg::decode(&bytes).map_err(|error| bad(path, error.to_string()))?,
        false => png::decode(&bytes).map_err(|error| bad(path, error.to_string()))?,
    };
    Ok(())
}

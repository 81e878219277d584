//! Finds out in which form a folder holds MNIST.

use std::format;
use std::fs;
use std::iter::once;
use std::path::{Path, PathBuf};
use std::string::String;
use std::vec::Vec;

use crate::DataError;

use super::file::{bad, unlisted};

/// Where the data set may be below the folder that was named.
const BELOW: [&str; 3] = ["mnist_png", "mnist", "MNIST/raw"];

/// The names of a tree's folders.
const TRAINING_FOLDERS: [&str; 3] = ["train", "training", "trainingSet"];
const TEST_FOLDERS: [&str; 4] = ["valid", "testing", "test", "testSet"];

/// What to do with a file of `NumPy`'s.
const NPZ: &str = "; write an .npz file anew as tables, in Python: `import numpy as np; \
                   d = np.load('mnist.npz'); [np.savetxt(f'mnist_{p}.csv', np.column_stack(\
                   [d['y_'+p], d['x_'+p].reshape(-1, 784)]), '%d', ',') for p in ('train', 'test')]`";

/// How many names of a folder's contents a message has.
const NAMES_SHOWN: usize = 8;

/// The files of a data set, and the folder they are in.
#[derive(Debug, PartialEq, Eq)]
pub struct Place {
    pub folder: PathBuf,
    pub files: Files,
}

/// The files of the training part and of the test part.
#[derive(Debug, PartialEq, Eq)]
pub enum Files {
    Idx([IdxFiles; 2]),
    /// A table for each part.
    Csv([PathBuf; 2]),
    /// A folder for each part, with a folder for each digit.
    Tree([PathBuf; 2]),
}

/// A part in IDX.
#[derive(Debug, PartialEq, Eq)]
pub struct IdxFiles {
    pub images: PathBuf,
    pub labels: PathBuf,
}

/// Looks in `folder`, and then where archives and other programs put the data set below it.
///
/// # Errors
///
/// If there is none, or only some of its files.
pub fn locate(folder: &Path) -> Result<Place, DataError> {
    let found = names(folder)?;
    let folders = once(PathBuf::from(folder)).chain(BELOW.map(|name| folder.join(name)));
    let mut incomplete = None;
    for folder in folders {
        match inspect(&folder) {
            Ok(Some(files)) => return Ok(Place { folder, files }),
            Ok(None) => {}
            Err(error) => {
                incomplete.get_or_insert(error);
            }
        }
    }
    Err(incomplete.unwrap_or_else(|| {
        let problem = format!(
            "no MNIST here, nor below in {}; looked for train-images-idx3-ubyte.gz and the three \
             files with it, for mnist_train.csv and mnist_test.csv, or for PNG or JPEG files in \
             train/0 to train/9 and valid/0 to valid/9; the folder {}{}",
            BELOW.join(", "),
            contents(found.clone()),
            if found.iter().any(|name| ends_with(name, "npz")) {
                NPZ
            } else {
                ""
            }
        );
        bad(folder, problem)
    }))
}

/// The data set in `folder` itself, if there is one.
fn inspect(folder: &Path) -> Result<Option<Files>, DataError> {
    // In several forms: a whole one is worth more than a stray file beside it.
    match (idx(folder), tree(folder), csv(folder)) {
        (Ok(Some(files)), ..) => Ok(Some(Files::Idx(files))),
        (_, Ok(Some(files)), _) => Ok(Some(Files::Tree(files))),
        (.., Ok(Some(files))) => Ok(Some(Files::Csv(files))),
        (Err(error), ..) | (_, Err(error), _) | (.., Err(error)) => Err(error),
        (Ok(None), Ok(None), Ok(None)) => Ok(None),
    }
}

fn idx(folder: &Path) -> Result<Option<[IdxFiles; 2]>, DataError> {
    let kinds = [
        "train-images-idx3",
        "train-labels-idx1",
        "t10k-images-idx3",
        "t10k-labels-idx1",
    ];
    match kinds.map(|kind| idx_file(folder, kind)) {
        [
            Some(images),
            Some(labels),
            Some(test_images),
            Some(test_labels),
        ] => {
            let train = IdxFiles { images, labels };
            let test = IdxFiles {
                images: test_images,
                labels: test_labels,
            };
            Ok(Some([train, test]))
        }
        files => {
            let missing = kinds.iter().zip(&files).find(|(_, file)| file.is_none());
            match missing {
                Some((kind, _)) if files.iter().any(Option::is_some) => {
                    let problem =
                        format!("{kind}-ubyte.gz is missing; others of the four files are here");
                    Err(bad(folder, problem))
                }
                _ => Ok(None),
            }
        }
    }
}

/// The file called `kind` in one of its spellings: packed or not, and with a dot in place of a
/// hyphen, as some programs unpack it. Else the only file whose name has the parts of `kind` in it, such as
/// EMNIST's `emnist-digits-test-images-idx3-ubyte`.
fn idx_file(folder: &Path, kind: &str) -> Option<PathBuf> {
    let dotted = kind.replace("-idx", ".idx");
    let usual = [".gz", ""]
        .iter()
        .flat_map(|end| [kind, &dotted].map(|kind| folder.join(format!("{kind}-ubyte{end}"))))
        .find(|path| path.is_file());
    let is_kind = |name: &str| {
        (kind.split('-')).all(|part| name.contains(part) || part == "t10k" && name.contains("test"))
    };
    let mut others = names(folder).ok()?.into_iter().filter(|name| is_kind(name));
    usual.or_else(|| {
        let only = others.next().filter(|_| others.next().is_none())?;
        Some(folder.join(only)).filter(|path| path.is_file())
    })
}

fn ends_with(name: &str, ending: &str) -> bool {
    (Path::new(name).extension()).is_some_and(|end| end.eq_ignore_ascii_case(ending))
}

/// The tables whose names say that they are of the training part and of the test part.
fn csv(folder: &Path) -> Result<Option<[PathBuf; 2]>, DataError> {
    let names = names(folder).unwrap_or_default();
    let is_table = |name: &&String| ends_with(name, "csv");
    let table_of = |part: &str| {
        let mut tables = names.iter().filter(is_table);
        tables.find(|name| name.to_lowercase().contains(part))
    };
    match (table_of("train"), table_of("test")) {
        (Some(train), Some(test)) => Ok(Some([train, test].map(|name| folder.join(name)))),
        (None, None) => Ok(None),
        (found, _) => {
            let (there, missing) = match found {
                Some(train) => (train.as_str(), "test"),
                None => ("the table of the test part", "training"),
            };
            let problem = format!("{there} is here; expected a table of the {missing} part too");
            Err(bad(folder, problem))
        }
    }
}

fn tree(folder: &Path) -> Result<Option<[PathBuf; 2]>, DataError> {
    let train = part_folder(folder, &TRAINING_FOLDERS)?;
    let test = part_folder(folder, &TEST_FOLDERS)?;
    let missing = |names: &[&str]| {
        let problem = format!("there is no folder {}", names.join(" or "));
        Err(bad(folder, problem))
    };
    match (train, test) {
        (Some(train), Some(test)) => Ok(Some([train, test])),
        (Some(_), None) => missing(&TEST_FOLDERS),
        (None, Some(_)) => missing(&TRAINING_FOLDERS),
        (None, None) => Ok(None),
    }
}

/// The one of the folders `names` that exists.
fn part_folder(folder: &Path, names: &[&str]) -> Result<Option<PathBuf>, DataError> {
    let mut found = names.iter().filter(|name| folder.join(name).is_dir());
    match (found.next(), found.next()) {
        // To choose would be to leave data out without a word.
        (Some(one), Some(other)) => {
            let problem = format!("both {one} and {other} are here; expected one of them");
            Err(bad(folder, problem))
        }
        (found, _) => Ok(found.map(|name| folder.join(name))),
    }
}

/// What is in `folder`, sorted.
fn names(folder: &Path) -> Result<Vec<String>, DataError> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(unlisted(folder))? {
        let name = entry.map_err(unlisted(folder))?.file_name();
        // A name may hold what would garble a terminal.
        names.push(format!("{}", name.to_string_lossy().escape_debug()));
    }
    names.sort_unstable();
    Ok(names)
}

fn contents(mut names: Vec<String>) -> String {
    let more = names.len().saturating_sub(NAMES_SHOWN);
    names.truncate(NAMES_SHOWN);
    match (names.is_empty(), more) {
        (true, _) => String::from("is empty"),
        (_, 0) => format!("contains {}", names.join(", ")),
        _ => format!("contains {} and {more} more", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    /// A folder with empty files, and with folders where a name ends in a slash.
    fn folder(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            let path = folder.path().join(name);
            if name.ends_with('/') {
                fs::create_dir_all(path).unwrap();
            } else {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, b"").unwrap();
            }
        }
        folder
    }

    fn idx_names(place: &Place) -> Vec<String> {
        let Files::Idx(parts) = &place.files else {
            panic!("{place:?}")
        };
        (parts.iter())
            .flat_map(|part| [&part.images, &part.labels])
            .map(|path| {
                path.strip_prefix(&place.folder)
                    .unwrap()
                    .display()
                    .to_string()
            })
            .collect()
    }

    fn problem(folder: &tempfile::TempDir) -> String {
        let error = locate(folder.path()).unwrap_err().to_string();
        let start = format!("`{}`: ", folder.path().display());
        error.strip_prefix(&start).unwrap().to_string()
    }

    #[test]
    fn idx_files_are_found_in_all_spellings() {
        for names in [
            [
                "train-images-idx3-ubyte.gz",
                "train-labels-idx1-ubyte.gz",
                "t10k-images-idx3-ubyte.gz",
                "t10k-labels-idx1-ubyte.gz",
            ],
            [
                "train-images-idx3-ubyte",
                "train-labels.idx1-ubyte",
                "t10k-images.idx3-ubyte.gz",
                "t10k-labels-idx1-ubyte",
            ],
            [
                "emnist-digits-train-images-idx3-ubyte.gz",
                "emnist-digits-train-labels-idx1-ubyte.gz",
                "emnist-digits-test-images-idx3-ubyte.gz",
                "emnist-digits-test-labels-idx1-ubyte.gz",
            ],
            [
                "train-images -idx3-ubyte",
                "train-labels.idx1",
                "test-images-idx3.idx",
                "t10k-labels -idx1-ubyte",
            ],
        ] {
            let folder = folder(&names);
            let place = locate(folder.path()).unwrap();
            assert_eq!(place.folder, folder.path());
            assert_eq!(idx_names(&place), names);
            for below in BELOW {
                let names = names.map(|name| format!("{below}/{name}"));
                let folder = self::folder(&names.each_ref().map(String::as_str));
                let place = locate(folder.path()).unwrap();
                assert_eq!(place.folder, folder.path().join(below));
            }
        }
    }

    #[test]
    fn trees_are_found_in_all_spellings() {
        for (train, test) in [
            ("train", "valid"),
            ("training", "testing"),
            ("train", "test"),
            ("trainingSet", "testSet"),
        ] {
            for below in ["", "mnist_png/"] {
                let names = [train, test].map(|name| format!("{below}{name}/"));
                // A file with a part's name does no harm.
                let folder = folder(&[&names[0], &names[1], "MNIST/raw/training"]);
                let place = locate(folder.path()).unwrap();
                let paths = [train, test].map(|name| folder.path().join(below).join(name));
                assert_eq!(place.files, Files::Tree(paths));
            }
        }
    }

    #[test]
    fn a_whole_data_set_comes_before_parts_of_another() {
        let folder = folder(&[
            "train-images-idx3-ubyte",
            "train/",
            "mnist/train/",
            "mnist/test/",
        ]);
        let place = locate(folder.path()).unwrap();
        assert_eq!(place.folder, folder.path().join("mnist"));
    }

    #[test]
    fn what_is_missing_is_said() {
        for (names, message) in [
            (
                &["train-images-idx3-ubyte", "t10k-labels-idx1-ubyte.gz"][..],
                "train-labels-idx1-ubyte.gz is missing; others of the four files are here",
            ),
            (
                &["train/"],
                "there is no folder valid or testing or test or testSet",
            ),
            (
                &["test/"],
                "there is no folder train or training or trainingSet",
            ),
            (
                &["train/", "valid/", "test/"],
                "both valid and test are here; expected one of them",
            ),
        ] {
            assert!(problem(&folder(names)).ends_with(message));
        }
    }

    #[test]
    fn a_folder_of_other_things_is_described() {
        let looked = "no MNIST here, nor below in mnist_png, mnist, MNIST/raw; looked for \
                      train-images-idx3-ubyte.gz and the three files with it, for mnist_train.csv \
                      and mnist_test.csv, or for PNG or JPEG files in train/0 to train/9 and \
                      valid/0 to valid/9; the folder ";
        for (names, contents) in [
            (&[][..], "is empty"),
            (&["b.txt", "a/"], "contains a, b.txt"),
            (
                &["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"],
                "contains 1, 10, 2, 3, 4, 5, 6, 7 and 2 more",
            ),
        ] {
            let expected = format!("{looked}{contents}");
            assert_eq!(problem(&folder(names)), expected);
        }
    }

    #[test]
    fn what_is_no_folder_is_refused() {
        let folder = folder(&["file"]);
        for name in ["file", "nowhere"] {
            let error = locate(&folder.path().join(name)).unwrap_err();
            assert!(matches!(error, DataError::ReadData { path, .. } if path.ends_with(name)));
        }
    }
}

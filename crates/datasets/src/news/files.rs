//! Finds the files of AG News among what the user names.

use std::collections::HashSet;
use std::format;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::string::{String, ToString};
use std::vec::Vec;

use crate::DataError;

/// The folder that the publisher's archive unpacks to.
const BELOW: &str = "ag_news_csv";

/// The test file's name in a folder.
const TEST: &str = "test.csv";

/// How the names of files end that are looked for in a folder.
const EXTENSIONS: [&str; 4] = ["csv", "jsonl", "tsv", "txt"];

/// The files of a data set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// To train on; at least one.
    pub train: Vec<PathBuf>,
    /// To test on.
    pub test: PathBuf,
}

/// Finds the files in `data`: folders, with `train*.csv` and `test.csv` in them or below in
/// `ag_news_csv`, and files, of which one whose name starts with `test` is the test file. It comes
/// before those in folders; without either it is the `test.csv` beside the first training file.
///
/// # Errors
///
/// If a path does not exist, a folder has no such files, one is there twice, or there is not exactly
/// one test file and something to train on.
pub fn locate(data: &[PathBuf]) -> Result<Files, DataError> {
    let (mut train, mut named, mut found) = (Vec::new(), Vec::new(), Vec::new());
    for path in data {
        let metadata = fs::metadata(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => bad(path, "does not exist; expected a file or folder"),
            _ => unreadable(path)(error),
        })?;
        if metadata.is_dir() {
            for file in contents(path)? {
                let part = if is_test(&file) {
                    &mut found
                } else {
                    &mut train
                };
                part.push(file);
            }
        } else if is_test(path) {
            named.push(path.clone());
        } else {
            train.push(path.clone());
        }
    }
    let Some(first) = train.first() else {
        let problem = "there is no file to train on; name one, or a folder with train*.csv in it";
        return Err(DataError::BadPaths(problem.to_string()));
    };
    let beside = first.with_file_name(TEST);
    let mut tests = if named.is_empty() { found } else { named };
    if tests.is_empty() && beside.is_file() {
        tests.push(beside);
    }
    if let Some(path) = repeated(train.iter().chain(&tests)) {
        let problem = "is there twice; name it once, and no file together with its folder";
        return Err(bad(path, problem));
    }
    match tests.as_slice() {
        [test] => Ok(Files {
            test: test.clone(),
            train,
        }),
        [] => {
            let problem = format!("there is no {TEST} beside it; name a file test*.csv as well");
            Err(bad(first, problem))
        }
        [one, other, ..] => {
            let problem = format!(
                "is a test file like `{}`; name the one that is to be used, and no other",
                one.display()
            );
            Err(bad(other, problem))
        }
    }
}

/// The training files and the test file in `folder`, or else below it, sorted by name.
fn contents(folder: &Path) -> Result<Vec<PathBuf>, DataError> {
    let below = folder.join(BELOW);
    let mut files = list(folder)?;
    if files.is_empty() && below.is_dir() {
        files = list(&below)?;
    }
    if files.is_empty() {
        let problem = format!(
            "no AG News here, nor below in {BELOW}; looked for {TEST}, train.csv and further \
             train*.csv"
        );
        return Err(bad(folder, problem));
    }
    Ok(files)
}

/// The training files and the test file in `folder` itself.
fn list(folder: &Path) -> Result<Vec<PathBuf>, DataError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable(folder))? {
        let path = entry.map_err(unreadable(folder))?.path();
        let is_read = EXTENSIONS
            .iter()
            .any(|end| path.extension().is_some_and(|found| found == *end));
        let is_train = is_read && starts_with(&path, "train");
        let is_test = is_read && path.file_stem().is_some_and(|name| name == "test");
        if (is_train || is_test) && path.is_file() {
            files.push(path);
        }
    }
    files.sort_unstable();
    Ok(files)
}

fn is_test(path: &Path) -> bool {
    starts_with(path, "test")
}

fn starts_with(path: &Path, start: &str) -> bool {
    let name = path.file_name().unwrap_or_default();
    name.as_encoded_bytes().starts_with(start.as_bytes())
}

/// The first of `paths` that is the same file as one before it.
fn repeated<'a>(mut paths: impl Iterator<Item = &'a PathBuf>) -> Option<&'a PathBuf> {
    let mut seen = HashSet::new();
    paths.find(|path| {
        // A sandbox cannot follow links. There the name has to do.
        let file = fs::canonicalize(path).unwrap_or_else(|_| PathBuf::clone(path));
        !seen.insert(file)
    })
}

/// The error for what the system does not let us read.
fn unreadable(path: &Path) -> impl Fn(io::Error) -> DataError {
    move |source| DataError::ReadData {
        path: path.into(),
        source,
    }
}

fn bad(path: &Path, problem: impl Into<String>) -> DataError {
    DataError::BadData {
        path: path.into(),
        line: None,
        problem: problem.into(),
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    /// A folder with empty files.
    fn folder(names: &[&str]) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, b"").unwrap();
        }
        folder
    }

    fn locate_in(folder: &TempDir, names: &[&str]) -> Result<Files, DataError> {
        let data: Vec<_> = names.iter().map(|name| folder.path().join(name)).collect();
        locate(&data)
    }

    /// The names of the training files, and that of the test file.
    fn found(folder: &TempDir, names: &[&str]) -> (Vec<String>, String) {
        let Files { train, test } = locate_in(folder, names).unwrap();
        let name = |path: &PathBuf| {
            let path = path.strip_prefix(folder.path()).unwrap();
            path.to_str().unwrap().to_string()
        };
        (train.iter().map(name).collect(), name(&test))
    }

    /// The error, without the folder's own path.
    fn problem(folder: &TempDir, names: &[&str]) -> String {
        let error = locate_in(folder, names).unwrap_err();
        let start = format!("{}/", folder.path().display());
        error.to_string().replace(&start, "")
    }

    #[test]
    fn a_folder_has_both_parts() {
        for below in ["", "ag_news_csv/"] {
            let names = [
                "train_more.csv",
                "test.csv",
                "train.csv",
                "train.csv.partial",
                "test_old.csv",
                "classes.txt",
            ];
            let names = names.map(|name| format!("{below}{name}"));
            let folder = folder(&names.each_ref().map(String::as_str));
            fs::create_dir(folder.path().join("train_folder.csv")).unwrap();
            let (train, test) = found(&folder, &[""]);
            let expected = ["train.csv", "train_more.csv"].map(|name| format!("{below}{name}"));
            assert_eq!(train, expected);
            assert_eq!(test, format!("{below}test.csv"));
        }
    }

    #[test]
    fn files_keep_their_order() {
        let folder = folder(&["z.csv", "a.csv", "test.csv", "testing.txt", "b/train.csv"]);
        for (names, train, test) in [
            (
                &["z.csv", "testing.txt", "a.csv"][..],
                &["z.csv", "a.csv"][..],
                "testing.txt",
            ),
            (
                &["z.csv", "b/train.csv"],
                &["z.csv", "b/train.csv"],
                "test.csv",
            ),
            (
                &["b", "a.csv", "test.csv"],
                &["b/train.csv", "a.csv"],
                "test.csv",
            ),
        ] {
            let (found_train, found_test) = found(&folder, names);
            assert_eq!(found_train, train);
            assert_eq!(found_test, test);
        }
    }

    #[test]
    fn a_named_test_file_comes_before_those_in_folders() {
        let folder = folder(&[
            "a/train.csv",
            "a/test.csv",
            "b/test.csv",
            "test2.csv",
            "c.csv",
        ]);
        let (train, test) = found(&folder, &["a", "b", "test2.csv"]);
        assert_eq!(
            (train, test),
            (
                ["a/train.csv".to_string()].to_vec(),
                "test2.csv".to_string()
            )
        );
        let (train, test) = found(&folder, &["c.csv", "b"]);
        assert_eq!(
            (train, test),
            (["c.csv".to_string()].to_vec(), "b/test.csv".to_string())
        );
        let (_, test) = found(&folder, &["a", "b", "a/test.csv"]);
        assert_eq!(test, "a/test.csv");
    }

    #[test]
    fn what_is_wrong_is_said() {
        let folder = folder(&[
            "a/train.csv",
            "a/test.csv",
            "b/train.csv",
            "c/test.csv",
            "d/notes.txt",
        ]);
        for (names, message) in [
            (
                &["a", "nowhere"][..],
                "`nowhere`: does not exist; expected a file or folder",
            ),
            (
                &["d"],
                "`d`: no AG News here, nor below in ag_news_csv; looked for test.csv, train.csv \
                 and further train*.csv",
            ),
            (
                &["b"],
                "`b/train.csv`: there is no test.csv beside it; name a file test*.csv as well",
            ),
            (
                &["c"],
                "there is no file to train on; name one, or a folder with train*.csv in it",
            ),
            (
                &[],
                "there is no file to train on; name one, or a folder with train*.csv in it",
            ),
            (
                &["a", "c"],
                "`c/test.csv`: is a test file like `a/test.csv`; name the one that is to be used, \
                 and no other",
            ),
            (
                &["a/train.csv", "a/test.csv", "c/test.csv"],
                "`c/test.csv`: is a test file like `a/test.csv`; name the one that is to be used, \
                 and no other",
            ),
            (
                &["a", "a/train.csv"],
                "`a/train.csv`: is there twice; name it once, and no file together with its folder",
            ),
            (
                &["b/train.csv", "c/test.csv", "a/../c/test.csv"],
                "`a/../c/test.csv`: is there twice; name it once, and no file together with its \
                 folder",
            ),
        ] {
            assert_eq!(problem(&folder, names), message);
        }
    }

    #[test]
    #[cfg(unix)]
    fn the_test_file_is_not_to_be_trained_on() {
        let folder = folder(&["test.csv"]);
        let link = folder.path().join("train.csv");
        std::os::unix::fs::symlink(folder.path().join("test.csv"), link).unwrap();
        assert!(problem(&folder, &[""]).starts_with("`test.csv`: is there twice; "));
    }
}

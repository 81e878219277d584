//! Texts with a label each, in forms that are no table: lines of fastText, and a folder of files for each class.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::DataError;
use crate::frame::open::{self, File};

/// Begins a label in the lines of fastText (<https://fasttext.cc/docs/en/supervised-tutorial.html>).
const LABEL: &str = "__label__";
/// Most bytes of all texts.
const MOST_BYTES: usize = 2 << 30;

/// Texts with a label each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled {
    /// The label of each text, without what marks it as such.
    pub labels: Vec<String>,
    /// The texts.
    pub texts: Vec<String>,
    /// The line of each in the file, from 1; of a folder, the number of the file.
    pub lines: Vec<u32>,
    /// SHA-256 of the file, in hexadecimal; of a folder, of the names and digests of its files.
    pub sha256: String,
    /// What was decided without being asked for, in sentences.
    pub notes: Vec<String>,
}

impl Labelled {
    /// Reads `path` if it is a folder, or a file whose first line begins with `__label__`; packed with gzip or not.
    ///
    /// # Errors
    ///
    /// If it cannot be read, is no text in UTF-8 or UTF-16, or has no labelled texts.
    pub fn read(path: &Path) -> Result<Option<Self>, DataError> {
        if path.is_dir() {
            return folder(path).map(Some);
        }
        Self::parse(path, open::read(path, MOST_BYTES)?)
    }

    /// Reads `bytes`, the contents of the file `path`, if they are lines of fastText.
    ///
    /// # Errors
    ///
    /// Those of [`read`](Self::read).
    pub fn parse(path: &Path, bytes: Vec<u8>) -> Result<Option<Self>, DataError> {
        let file = File { path };
        let sha256 = model::sha256(&bytes);
        let bytes = file.unpack(bytes, MOST_BYTES)?;
        let text = file.text(&bytes)?;
        if !text.trim_start().starts_with(LABEL) {
            return Ok(None);
        }
        let mut all = Self::new(sha256);
        let (mut unlabelled, mut several) = (0_usize, 0_usize);
        for (line, content) in (1..).zip(text.lines()) {
            let Some((label, rest)) = split_label(content) else {
                unlabelled += usize::from(!content.trim().is_empty());
                continue;
            };
            let mut rest = rest;
            let mut others = 0;
            while let Some((_, after)) = split_label(rest) {
                (rest, others) = (after, 1);
            }
            several += others;
            if label.is_empty() {
                return Err(file.bad(
                    Some(line),
                    format!("has no label after `{LABEL}`; expected one"),
                ));
            }
            all.push(label, rest.trim(), line);
        }
        if unlabelled > 0 {
            all.notes.push(format!(
                "{unlabelled} lines do not begin with `{LABEL}` and are left out"
            ));
        }
        if several > 0 {
            all.notes.push(format!(
                "{several} lines have several labels, of which the first is used"
            ));
        }
        Ok(Some(all))
    }

    fn new(sha256: String) -> Self {
        Self {
            labels: Vec::new(),
            texts: Vec::new(),
            lines: Vec::new(),
            sha256,
            notes: Vec::new(),
        }
    }

    fn push(&mut self, label: &str, text: &str, line: u32) {
        self.labels.push(label.into());
        self.texts.push(text.into());
        self.lines.push(line);
    }
}

/// The label that `line` begins with, and what comes after it.
fn split_label(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start().strip_prefix(LABEL)?;
    let end = line.find(char::is_whitespace).unwrap_or(line.len());
    line.split_at_checked(end)
}

/// The files of the folder `path`: those whose name ends in `.txt`, in a folder for each class.
fn folder(path: &Path) -> Result<Labelled, DataError> {
    let mut all = Labelled::new(String::new());
    let mut digests = String::new();
    let mut bytes_read = 0_usize;
    for class in entries(path)? {
        let Some(label) = name(&class).filter(|_| class.is_dir()) else {
            continue;
        };
        for document in entries(&class)? {
            let is_text = document
                .extension()
                .is_some_and(|extension| extension.eq_ignore_ascii_case("txt"));
            if !is_text || !document.is_file() {
                continue;
            }
            let file = File { path: &document };
            let bytes = open::read(&document, MOST_BYTES)?;
            bytes_read = bytes_read.saturating_add(bytes.len());
            if bytes_read > MOST_BYTES {
                let problem = format!(
                    "has more than {} MiB; take some of the files",
                    MOST_BYTES >> 20
                );
                return Err(File { path }.bad(None, problem));
            }
            digests.push_str(&format!(
                "{label}/{} {}\n",
                name(&document).unwrap_or_default(),
                model::sha256(&bytes)
            ));
            let number = u32::try_from(all.texts.len() + 1).unwrap_or(u32::MAX);
            all.push(&label, file.text(&bytes)?.trim(), number);
        }
    }
    if all.texts.is_empty() {
        let problem =
            "has no texts; expected a folder for each class, with files whose names end in `.txt`";
        return Err(File { path }.bad(None, problem));
    }
    all.sha256 = model::sha256(digests.as_bytes());
    Ok(all)
}

/// What is in the folder `path`, by name.
fn entries(path: &Path) -> Result<Vec<PathBuf>, DataError> {
    let unreadable = |source: io::Error| DataError::ReadData {
        path: path.into(),
        source,
    };
    let mut entries = Vec::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        entries.push(entry.map_err(unreadable)?.path());
    }
    entries.sort_unstable();
    Ok(entries)
}

/// The last part of `path`.
fn name(path: &Path) -> Option<String> {
    Some(path.file_name()?.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Option<Labelled>, String> {
        Labelled::parse(Path::new("x.txt"), text.as_bytes().to_vec())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn lines_of_fast_text() {
        let text = "__label__spam\tWin now!\n\nno label here\n __label__ham __label__work  See you \r\n__label__ham\n";
        let found = parse(text).unwrap().unwrap();
        assert_eq!(found.labels, ["spam", "ham", "ham"]);
        assert_eq!(found.texts, ["Win now!", "See you", ""]);
        assert_eq!(found.lines, [1, 4, 5]);
        assert_eq!(found.notes.len(), 2, "{:?}", found.notes);
        assert_eq!(parse("text,label\na,b\n").unwrap(), None);
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(
            parse("__label__ a").unwrap_err(),
            "`x.txt`, line 1: has no label after `__label__`; expected one"
        );
        let binary = Labelled::parse(Path::new("x"), b"__label__a \0\0".to_vec());
        assert!(binary.unwrap_err().to_string().contains("NUL byte"));
    }

    #[test]
    fn a_folder_has_one_for_each_class() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("pos/b.txt", "good"),
            ("pos/a.TXT", "fine\n"),
            ("neg/1.txt", "bad"),
            ("neg/notes.md", "x"),
        ] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        fs::write(folder.path().join("README.txt"), "not a class").unwrap();
        let found = Labelled::read(folder.path()).unwrap().unwrap();
        assert_eq!(found.labels, ["neg", "pos", "pos"]);
        assert_eq!(found.texts, ["bad", "fine", "good"]);
        let again = Labelled::read(folder.path()).unwrap().unwrap();
        assert_eq!(found.sha256, again.sha256);
        let empty = tempfile::tempdir().unwrap();
        assert!(
            Labelled::read(empty.path())
                .unwrap_err()
                .to_string()
                .contains("has no texts")
        );
    }
}

//! Inputs from the field: files that people gave to such programs, in a folder beside the project.
//!
//! Tests run every file and hold the outcomes against a snapshot, which a person has read.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::{HostError, Request, native, read};

/// Names the folder of the files.
const VARIABLE: &str = "BURN_ALGORITHMS_CASES";

/// Characters of an outcome that are kept.
const KEPT: usize = 200;

/// The folder `name` of the cases. `None`, with a note, where the cases are not.
#[must_use]
pub fn folder(name: &str) -> Option<PathBuf> {
    let Some(cases) = std::env::var_os(VARIABLE) else {
        println!("skipped: {VARIABLE} does not name the folder of the cases");
        return None;
    };
    Some(Path::new(&cases).join(name))
}

/// The files and folders in `folder`, sorted by name.
///
/// # Errors
///
/// If the folder cannot be listed.
pub fn entries(folder: &Path) -> Result<Vec<PathBuf>, HostError> {
    let unread = |source| HostError::Read {
        path: folder.into(),
        source,
    };
    let entries = fs::read_dir(folder).map_err(unread)?;
    let mut paths: Vec<_> = (entries.map(|entry| Ok(entry.map_err(unread)?.path())))
        .collect::<Result<_, HostError>>()?;
    paths.sort_unstable();
    Ok(paths)
}

/// The name of a file or folder.
#[must_use]
pub fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// What `program` says to each file of `json` for whose name `is_mine` is true, when it is given the
/// file on standard input: a line a file, with what it writes to standard output and, after `//`, to
/// standard error.
///
/// # Errors
///
/// If a file cannot be read, or the program cannot be run.
pub fn outcomes(
    program: &Path,
    json: &Path,
    is_mine: impl Fn(&str) -> bool,
) -> Result<String, HostError> {
    let mut text = String::new();
    for path in entries(json)?.iter().filter(|path| is_mine(&name(path))) {
        let request = Request {
            arguments: &["-"],
            input: &read(path)?,
        };
        let response = native(program, request)?;
        let output = String::from_utf8_lossy(&response.output);
        let error = String::from_utf8_lossy(&response.error);
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "{}: exit code {}: {} // {}",
            name(path),
            response.code,
            brief(&output),
            brief(&error)
        );
    }
    Ok(text)
}

/// `text` on one line, cut off if it is long.
#[must_use]
pub fn brief(text: &str) -> String {
    let line = text.trim_end().replace('\n', " | ");
    match line.char_indices().nth(KEPT) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

//! From a file to a corpus.

use std::path::Path;
use std::sync::Arc;

use datasets::frame::{self, Cells, Frame, Progress};
use datasets::labelled::Labelled;
use model::Excerpt;
use tabular::error::TabularError;
use tabular::table::listed;
use tabular::target::{Target, Wanted};

use crate::corpus::{Corpus, Parts};
use crate::options::Columns;

/// How the text is called in files that do not say.
pub const TEXT: &str = "text";
/// The same of the class.
pub const LABEL: &str = "label";

/// What was read.
#[derive(Debug)]
pub struct Read {
    /// The texts that have words and a class.
    pub corpus: Corpus,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// What was decided, in sentences.
    pub notes: Vec<String>,
}

/// Texts, and the column with their classes.
struct Raw {
    names: Vec<String>,
    texts: Vec<Parts>,
    target: (String, Cells),
    lines: Vec<u32>,
    sha256: String,
    notes: Vec<String>,
}

/// Reads texts and their classes.
///
/// # Errors
///
/// If the file cannot be read, a column is not there or not named, or there is nothing to predict.
pub fn read(path: &Path, wishes: &Columns, progress: &Progress<'_>) -> Result<Read, TabularError> {
    let raw = raw(path, wishes, progress)?;
    let target = Target::new(&raw.target.0, &raw.target.1, Wanted::Classes)?;
    Ok(complete(raw, target))
}

/// Reads another file with the columns and classes of `known`. If the target of that has no name, `wishes` should name it.
///
/// # Errors
///
/// Those of [`read`], and if no text has a class that is known.
pub fn read_like(
    path: &Path,
    known: &Corpus,
    wishes: &Columns,
    progress: &Progress<'_>,
) -> Result<Corpus, TabularError> {
    let target = &known.table.target;
    let raw = if let Some(labelled) = Labelled::read(path)? {
        of_labelled(labelled, wishes)?
    } else {
        let wishes = Columns {
            text: known.names.clone(),
            target: Some(target.name.clone()).filter(|name| !name.is_empty()),
            ..wishes.clone()
        };
        of_frame(path, &wishes, progress)?
    };
    let target = Target {
        values: target.of(&raw.target.1),
        ..target.clone()
    };
    let corpus = complete(raw, target).corpus;
    match corpus.rows() {
        0 => Err(TabularError::FewRows { rows: 0, least: 1 }),
        _ => Ok(corpus),
    }
}

/// The rows that have a class and words.
fn complete(raw: Raw, target: Target) -> Read {
    let Raw {
        names,
        texts,
        lines,
        sha256,
        mut notes,
        ..
    } = raw;
    let has_words = |parts: &Parts| parts.iter().any(|part| !part.trim().is_empty());
    let mut kept = Vec::new();
    let (mut unlabelled, mut empty) = (0_usize, 0_usize);
    for (row, (text, class)) in (0..).zip(texts.iter().zip(&target.values)) {
        match (class.is_nan(), has_words(text)) {
            (true, _) => unlabelled += 1,
            (false, false) => empty += 1,
            (false, true) => kept.push(row),
        }
    }
    if unlabelled > 0 {
        notes.push(format!(
            "{unlabelled} rows have no `{}` and are left out",
            target.name
        ));
    }
    if empty > 0 {
        notes.push(format!("{empty} rows have no text and are left out"));
    }
    Read {
        corpus: Corpus::new(names, texts, lines, target).select(&kept),
        sha256,
        notes,
    }
}

/// Reads the texts in the columns `names` of a table, whether they have a class or not.
///
/// # Errors
///
/// If the file cannot be read, or a column is not there.
pub fn texts(
    path: &Path,
    names: &[String],
    no_header: bool,
    progress: &Progress<'_>,
) -> Result<Vec<Parts>, TabularError> {
    let wishes = Columns {
        text: names.to_vec(),
        target: None,
        no_header,
    };
    let mut frame = frame(path, &wishes, progress)?;
    parts(&mut frame, &wishes)
}

fn raw(path: &Path, wishes: &Columns, progress: &Progress<'_>) -> Result<Raw, TabularError> {
    match Labelled::read(path)? {
        Some(labelled) => of_labelled(labelled, wishes),
        None => of_frame(path, wishes, progress),
    }
}

/// Of a file or folder that has a text and a label for each row.
fn of_labelled(labelled: Labelled, wishes: &Columns) -> Result<Raw, TabularError> {
    let texts = wishes.text.iter().map(|name| (name, TEXT, "--text"));
    for (name, known, option) in
        texts.chain(wishes.target.iter().map(|name| (name, LABEL, "--target")))
    {
        if name != known {
            return Err(TabularError::NoColumn {
                name: Excerpt::new(name),
                option,
                columns: listed(&[TEXT, LABEL]),
            });
        }
    }
    let mut names: Vec<String> = labelled.labels.clone();
    names.sort_unstable();
    names.dedup();
    let code = |label: &String| {
        names
            .binary_search(label)
            .map_or(frame::MISSING, |code| code as u32)
    };
    let codes = labelled.labels.iter().map(code).collect();
    Ok(Raw {
        names: vec![TEXT.into()],
        texts: labelled
            .texts
            .into_iter()
            .map(|text| Arc::from([text]))
            .collect(),
        target: (LABEL.into(), Cells::Categories { codes, names }),
        lines: labelled.lines,
        sha256: labelled.sha256,
        notes: labelled.notes,
    })
}

fn of_frame(path: &Path, wishes: &Columns, progress: &Progress<'_>) -> Result<Raw, TabularError> {
    let mut frame = frame(path, wishes, progress)?;
    let Some(target) = &wishes.target else {
        return Err(TabularError::NoTarget(names(&frame)));
    };
    let texts = parts(&mut frame, wishes)?;
    let cells = take(&mut frame, target, "--target")?;
    Ok(Raw {
        names: wishes.text.clone(),
        texts,
        target: (target.clone(), cells),
        lines: frame.lines,
        sha256: frame.sha256,
        notes: frame.notes,
    })
}

/// The table in the file `path`, with the cells of the columns of text.
fn frame(path: &Path, wishes: &Columns, progress: &Progress<'_>) -> Result<Frame, TabularError> {
    let options = frame::Options {
        header: wishes.no_header.then_some(false),
        texts: wishes.text.clone(),
        ..frame::Options::default()
    };
    Ok(Frame::read(path, &options, progress)?)
}

/// The names of all columns, for messages.
fn names(frame: &Frame) -> String {
    let names: Vec<&str> = frame
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    listed(&names)
}

/// Takes the cells of the column `name`, which `option` names, out of `frame`.
fn take(frame: &mut Frame, name: &str, option: &'static str) -> Result<Cells, TabularError> {
    let Some(place) = frame.position(name) else {
        return Err(TabularError::NoColumn {
            name: Excerpt::new(name),
            option,
            columns: names(frame),
        });
    };
    let column = frame.columns.get_mut(place);
    let empty = Cells::Numbers(Vec::new());
    Ok(column.map_or(empty.clone(), |column| {
        std::mem::replace(&mut column.cells, empty)
    }))
}

/// Takes the texts out of `frame`, whose parts are in the columns that `wishes` names.
fn parts(frame: &mut Frame, wishes: &Columns) -> Result<Vec<Parts>, TabularError> {
    if wishes.text.is_empty() {
        let problem = format!(
            "which columns hold the text? name them with --text; the columns are {}",
            names(frame)
        );
        return Err(TabularError::Inputs(problem));
    }
    let mut parts = Vec::new();
    for name in &wishes.text {
        let bad = |problem: &str| TabularError::BadColumn {
            name: Excerpt::new(name),
            option: "--text",
            problem: problem.into(),
        };
        if wishes.target.as_ref() == Some(name) {
            return Err(bad("is the target too; name other columns"));
        }
        match take(frame, name, "--text")? {
            Cells::Texts { cells, .. } => parts.push(cells.into_iter()),
            _ => return Err(bad("is named twice; name it once")),
        }
    }
    let text = |_| {
        let next = parts.iter_mut().map(|part| part.next().unwrap_or_default());
        next.collect()
    };
    Ok((0..frame.rows).map(text).collect())
}

#[cfg(test)]
mod tests;

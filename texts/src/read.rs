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

/// How the text and the class are called in files that do not say.
const TEXT: &str = "text";
const LABEL: &str = "label";

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

/// Reads another file with the columns and classes of `known`.
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
    let wishes = Columns {
        text: known.names.clone(),
        target: Some(known.table.target.name.clone()),
        ..wishes.clone()
    };
    let raw = raw(path, &wishes, progress)?;
    let target = &known.table.target;
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
    let options = frame::Options {
        header: wishes.no_header.then_some(false),
        texts: wishes.text.clone(),
        ..frame::Options::default()
    };
    let mut frame = Frame::read(path, &options, progress)?;
    let names: Vec<String> = frame
        .columns
        .iter()
        .map(|column| column.name.clone())
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let Some(target) = &wishes.target else {
        return Err(TabularError::NoTarget(listed(&names)));
    };
    let mut take = |name: &str, option: &'static str| {
        let missing = || TabularError::NoColumn {
            name: Excerpt::new(name),
            option,
            columns: listed(&names),
        };
        let column = frame
            .columns
            .iter_mut()
            .find(|column| column.name == name)
            .ok_or_else(missing)?;
        Ok::<_, TabularError>(std::mem::replace(
            &mut column.cells,
            Cells::Numbers(Vec::new()),
        ))
    };
    if wishes.text.is_empty() {
        let problem = format!(
            "which columns hold the text? name them with --text; the columns are {}",
            listed(&names)
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
        if name == target {
            return Err(bad("is the target too; name other columns"));
        }
        match take(name, "--text")? {
            Cells::Texts { cells, .. } => parts.push(cells.into_iter()),
            _ => return Err(bad("is named twice; name it once")),
        }
    }
    let texts = (0..frame.rows).map(|_| {
        parts
            .iter_mut()
            .map(|part| part.next().unwrap_or_default())
            .collect()
    });
    let texts = texts.collect();
    let cells = take(target, "--target")?;
    Ok(Raw {
        names: wishes.text.clone(),
        texts,
        target: (target.clone(), cells),
        lines: frame.lines,
        sha256: frame.sha256,
        notes: frame.notes,
    })
}

#[cfg(test)]
mod tests;

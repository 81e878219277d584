//! A finished model on later texts: how good it is on them, and what it answers.

use std::fs;
use std::path::Path;

use datasets::labelled::Labelled;
use model::{Input, Model, Output};
use runtime::{Any, Runtime};
use tabular::answered::Answered;
use tabular::error::TabularError;
use tabular::finished::{beside, model_bytes};
use tabular::measure;
use tabular::progress::Console;
use tabular::target::{Kind, Target};
use tabular::tested::Tested;
use tabular::view::Subject;
use training::TrainingError;
use training::console::{note, print};
use training::shell::file_name;

use crate::corpus::{Corpus, json};
use crate::options::Options;
use crate::read::{LABEL, TEXT, read_like, texts};
use crate::words;

/// Measures the model in `path` on the texts of `--data`, and prints its figures. Texts of which it knows nothing, and which a
/// module refuses, count as if all classes were equally probable.
///
/// # Errors
///
/// If the model or the texts cannot be read, or do not belong together.
pub fn evaluate(path: &Path, options: &Options, console: &Console) -> Result<(), TabularError> {
    let bytes = model_bytes(path, Subject::Texts)?;
    let model = Model::read(&bytes).map_err(TrainingError::from)?;
    let (names, classes) = parts_and_classes(&model)?;
    let target = Target {
        name: target_name(path, options),
        kind: Kind::Classes(classes.clone()),
        values: Vec::new(),
    };
    let known = Corpus::new(columns(&names, options)?, Vec::new(), Vec::new(), target);
    let progress = |done, total| console.read(done, total);
    let mut corpus = read_like(&options.data, &known, &options.columns, &progress)?;
    console.finish();
    corpus.names = names;
    let unknown = vec![1.0 / classes.len() as f32; classes.len()];
    let json = |row| corpus.json(row);
    let tested = Tested {
        how: format!(
            "on the {} texts of {}",
            corpus.rows(),
            file_name(&options.data)
        ),
        answers: measure::answers(&bytes, corpus.rows(), &json, &unknown)?,
        target: corpus.table.target.clone(),
        lines: corpus.lines.clone(),
        baselines: Vec::new(),
    };
    let figures = tested.figures(0.0);
    Ok(print(&words::tested(&classes, &figures, &tested.how))?)
}

/// Writes the rows of `--data` to standard output, with the answers of the model in `path` beside them, as CSV. Lines of fastText
/// and folders become rows of a label and a text.
///
/// # Errors
///
/// If the model or the texts cannot be read, or do not belong together, or standard output cannot be written.
pub fn predict(path: &Path, options: &Options, console: &Console) -> Result<(), TabularError> {
    let bytes = model_bytes(path, Subject::Texts)?;
    let mut runtime = Runtime::open::<Any>(&bytes).map_err(TrainingError::from)?;
    let (names, _) = parts_and_classes(runtime.model())?;
    let mut answered = Answered::new(&mut runtime);
    if let Some(labelled) = Labelled::read(&options.data)? {
        answered.header(&[LABEL.to_owned(), TEXT.to_owned()]);
        for (label, text) in labelled.labels.iter().zip(&labelled.texts) {
            let json = json(&names, std::slice::from_ref(text));
            answered.row(&[label, text], &json);
        }
    } else {
        let no_header = options.columns.no_header;
        let progress = |done, total| console.read(done, total);
        let texts = texts(
            &options.data,
            &columns(&names, options)?,
            no_header,
            &progress,
        )?;
        console.finish();
        let json = |row: u32| {
            let parts = texts.get(row as usize);
            parts.map_or_else(String::new, |parts| json(&names, parts))
        };
        answered = answered.file(&options.data, no_header, &json)?;
    }
    let unanswered = answered.finish()?;
    if unanswered > 0 {
        note(format_args!(
            "note: {unanswered} texts have no answer: they have no word that the model knows"
        ));
    }
    Ok(())
}

/// The names of the parts of a text, and of the classes, of a model for texts.
fn parts_and_classes(model: &Model<'_>) -> Result<(Vec<String>, Vec<String>), TabularError> {
    match (&model.input, &model.output) {
        (Input::Text(text), Output::Classes(classes)) => {
            let names = text.parts.iter().map(|part| part.name.clone());
            Ok((names.collect(), classes.clone()))
        }
        _ => Err(TabularError::OtherModel(Subject::Texts)),
    }
}

/// The columns with the parts that are called `names`: those of `--text`, or of the same names.
fn columns(names: &[String], options: &Options) -> Result<Vec<String>, TabularError> {
    let wanted = &options.columns.text;
    match wanted.len() {
        0 => Ok(names.to_vec()),
        count if count == names.len() => Ok(wanted.clone()),
        count => Err(TabularError::Inputs(format!(
            "--text names {count} columns, and the texts of the model have {} parts; expected a column for each part",
            names.len()
        ))),
    }
}

/// The column with the true classes: as the user says, or the report beside the model. Nothing if neither does.
fn target_name(path: &Path, options: &Options) -> String {
    if let Some(name) = &options.columns.target {
        return name.clone();
    }
    let report = fs::read(beside(path, "report.json")).unwrap_or_default();
    let report: serde_json::Value = serde_json::from_slice(&report).unwrap_or_default();
    let name = report
        .pointer("/target/name")
        .and_then(|name| name.as_str());
    name.unwrap_or_default().to_owned()
}

//! A finished model on later rows: how good it is on them, and what it answers.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use datasets::frame::{self, ColumnSchema, Kind as ColumnKind, Schema};
use model::{AlignedBytes, Column, ColumnValues, DATE_PARTS, Input as ModelInput, Model, Output};
use runtime::{Any, Prediction, Runtime};
use training::TrainingError;
use training::console::print;

use crate::columns::{Feature, Input};
use crate::error::TabularError;
use crate::measure;
use crate::options::Options;
use crate::progress::Console;
use crate::run::{file_name, read, read_like};
use crate::table::Table;
use crate::target::{Kind, Target};
use crate::tested::Tested;
use crate::words;

/// Bytes of answers that are kept back before they are written.
const BUFFERED: usize = 1 << 16;

/// Measures the model in `path` on the rows of `--data`, and prints its figures.
///
/// # Errors
///
/// If the model or the rows cannot be read, or do not belong together.
pub fn evaluate(path: &Path, options: &Options, console: &Console) -> Result<(), TabularError> {
    let bytes = model_bytes(path)?;
    let model = Model::read(&bytes).map_err(TrainingError::from)?;
    let like = table_of(&model, target_name(&model, path, options)?)?;
    let (test, lines) = read_like(options, &options.data, &like, console)?;
    let half_width = match &model.output {
        Output::Number(number) => number.half_width,
        Output::Classes(_) => 0.0,
    };
    let tested = Tested {
        how: format!(
            "on the {} rows of {}",
            test.rows(),
            file_name(&options.data)
        ),
        answers: measure::answers(&bytes, &test)?,
        target: test.target,
        lines,
        baselines: Vec::new(),
    };
    Ok(print(&words::evaluated(
        &tested.figures(half_width),
        &tested.how,
    ))?)
}

/// Writes the rows of `--data` to standard output, with the answers of the model in `path` beside them, as CSV.
///
/// # Errors
///
/// If the model or the rows cannot be read, or do not belong together, or standard output cannot be written.
pub fn predict(path: &Path, options: &Options, console: &Console) -> Result<(), TabularError> {
    let bytes = model_bytes(path)?;
    let mut runtime = Runtime::open::<Any>(&bytes).map_err(TrainingError::from)?;
    let like = table_of(runtime.model(), String::new())?;
    let frame = read(options, &options.data, Some(like.schema()), console)?;
    let table = Table {
        target: Target {
            values: vec![f32::NAN; frame.rows],
            ..like.target.clone()
        },
        inputs: like.inputs_like(frame)?,
        ..like
    };
    let mut output = Csv::default();
    let names = answer_names(&runtime.model().output);
    let file = frame::Options {
        header: options.columns.no_header.then_some(false),
        ..frame::Options::default()
    };
    let (mut row, mut failure) = (0, None);
    let writer = std::cell::RefCell::new(&mut output);
    frame::visit(
        &options.data,
        &file,
        &mut |header| {
            writer
                .borrow_mut()
                .line(header.iter().chain(&names).map(String::as_str));
        },
        &mut |cells| {
            let json = table.json(row, None);
            row += 1;
            match answer(&mut runtime, &json) {
                Ok(answers) => {
                    let answers = answers.iter().map(String::as_str);
                    writer
                        .borrow_mut()
                        .line(cells.iter().copied().chain(answers));
                }
                Err(problem) => {
                    failure.get_or_insert(TrainingError::RowRefused {
                        row: row as usize - 1,
                        problem,
                    });
                }
            }
        },
    )?;
    match failure {
        Some(error) => Err(error.into()),
        None => output.finish(),
    }
}

/// CSV on its way to standard output.
#[derive(Default)]
struct Csv {
    text: String,
    failed: Option<std::io::Error>,
}

impl Csv {
    fn line<'a>(&mut self, cells: impl Iterator<Item = &'a str>) {
        for (place, cell) in cells.enumerate() {
            if place > 0 {
                self.text.push(',');
            }
            if cell.contains([',', '"', '\n', '\r']) {
                self.text.push('"');
                self.text.push_str(&cell.replace('"', "\"\""));
                self.text.push('"');
            } else {
                self.text.push_str(cell);
            }
        }
        self.text.push('\n');
        if self.text.len() >= BUFFERED {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if self.failed.is_none() {
            self.failed = std::io::stdout().write_all(self.text.as_bytes()).err();
        }
        self.text.clear();
    }

    fn finish(mut self) -> Result<(), TabularError> {
        self.flush();
        match self.failed {
            // Who no longer reads has no use for the rest.
            Some(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                Err(TrainingError::Output(error).into())
            }
            _ => Ok(()),
        }
    }
}

/// The model in a file, a module or a folder of artifacts.
fn model_bytes(path: &Path) -> Result<AlignedBytes, TabularError> {
    let file = match path.is_dir() {
        true => path.join("model.safetensors"),
        false => PathBuf::from(path),
    };
    let bytes = fs::read(&file).map_err(|source| datasets::DataError::ReadData {
        path: file.clone(),
        source,
    })?;
    let model = match bytes.starts_with(b"\0asm") {
        true => pack::inspect(&bytes)
            .map_err(TrainingError::from)?
            .model
            .ok_or(TabularError::OtherModel)?,
        false => bytes,
    };
    Ok(AlignedBytes::new(&model))
}

/// The column that the model predicts: as the user or the model says, or the schema beside it.
fn target_name(model: &Model<'_>, path: &Path, options: &Options) -> Result<String, TabularError> {
    if let Some(name) = &options.columns.target {
        return Ok(name.clone());
    }
    if let Output::Number(number) = &model.output {
        return Ok(number.name.clone());
    }
    let schema = match path.is_dir() {
        true => path.join("schema.toml"),
        false => path.with_file_name("schema.toml"),
    };
    let schema = Schema::read(&schema).ok();
    let named = schema.as_ref().and_then(Schema::target);
    named.map(str::to_owned).ok_or(TabularError::UnknownTarget)
}

/// A table without rows that has the columns and classes of `model`.
fn table_of(model: &Model<'_>, target: String) -> Result<Table, TabularError> {
    let ModelInput::Columns(columns) = &model.input else {
        return Err(TabularError::OtherModel);
    };
    let kind = match &model.output {
        Output::Classes(classes) => Kind::Classes(classes.clone()),
        Output::Number(_) => Kind::Number,
    };
    Ok(Table {
        inputs: columns.iter().map(input_of).collect(),
        target: Target {
            name: target,
            kind,
            values: Vec::new(),
        },
        weights: None,
        groups: None,
    })
}

fn input_of(column: &Column) -> Input {
    let empty = || Feature::Number(Vec::new());
    let (kind, features, categories) = match &column.values {
        ColumnValues::Number(_) => (ColumnKind::Number, vec![empty()], Vec::new()),
        ColumnValues::Category(categories) => {
            let feature = Feature::Category(Vec::new());
            (ColumnKind::Category, vec![feature], categories.clone())
        }
        ColumnValues::Date => (ColumnKind::Date, vec![empty(); DATE_PARTS], Vec::new()),
    };
    Input {
        schema: ColumnSchema {
            name: column.name.clone(),
            kind,
            unit: column.unit.clone(),
            description: column.description.clone(),
            minimum: None,
            maximum: None,
            categories: Vec::new(),
        },
        features,
        categories,
    }
}

/// Names of the columns of answers.
fn answer_names(output: &Output) -> Vec<String> {
    match output {
        Output::Classes(classes) => {
            let probabilities = classes
                .iter()
                .map(|class| format!("probability of {class}"));
            std::iter::once("prediction".to_owned())
                .chain(probabilities)
                .collect()
        }
        Output::Number(_) => ["prediction", "low", "high"].map(str::to_owned).to_vec(),
    }
}

/// The answer to a row, as the cells of these columns.
fn answer(runtime: &mut Runtime<'_>, json: &str) -> Result<Vec<String>, String> {
    let answer = runtime
        .predict(json, false)
        .map_err(|error| error.to_string())?;
    Ok(match answer.prediction {
        Prediction::Class {
            classes,
            index,
            probabilities,
        } => {
            let class = classes.get(index).cloned().unwrap_or_default();
            std::iter::once(class)
                .chain(probabilities.iter().map(ToString::to_string))
                .collect()
        }
        Prediction::Number {
            value, low, high, ..
        } => [value, low, high].map(|number| number.to_string()).to_vec(),
    })
}

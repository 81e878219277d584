//! A finished model on later rows: how good it is on them, and what it answers.

use std::path::Path;

use datasets::frame::{ColumnSchema, Kind as ColumnKind, Schema};
use model::{Column, ColumnValues, DATE_PARTS, Field, Input as ModelInput, Model, Output, Values};
use runtime::{Any, Runtime};
use training::TrainingError;
use training::console::print;

use crate::answered::Answered;
use crate::columns::{Feature, Input};
use crate::error::TabularError;
use crate::finished::{beside, model_bytes};
use crate::measure;
use crate::options::Options;
use crate::progress::Console;
use crate::run::{read, read_like};
use crate::table::Table;
use crate::target::{Kind, Target};
use crate::tested::Tested;
use crate::view::Subject;
use crate::words;
use training::shell::file_name;

/// Measures the model in `path` on the rows of `--data`, and prints its figures.
///
/// # Errors
///
/// If the model or the rows cannot be read, or do not belong together.
pub fn evaluate(path: &Path, options: &Options, console: &Console) -> Result<(), TabularError> {
    let bytes = model_bytes(path, Subject::Table)?;
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
        answers: measure::answers(&bytes, test.rows(), &|row| test.json(row, None), &[])?,
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
    let bytes = model_bytes(path, Subject::Table)?;
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
    Answered::new(&mut runtime)
        .file(&options.data, options.columns.no_header, &|row| {
            table.json(row, None)
        })?
        .finish()?;
    Ok(())
}

/// The column that the model predicts: as the user or the model says, or the schema beside it.
fn target_name(model: &Model<'_>, path: &Path, options: &Options) -> Result<String, TabularError> {
    if let Some(name) = &options.columns.target {
        return Ok(name.clone());
    }
    if let Output::Number(number) = &model.output {
        return Ok(number.name.clone());
    }
    let schema = Schema::read(&beside(path, "schema.toml")).ok();
    let named = schema.as_ref().and_then(Schema::target);
    named.map(str::to_owned).ok_or(TabularError::UnknownTarget)
}

/// A table without rows that has the columns and classes of `model`.
fn table_of(model: &Model<'_>, target: String) -> Result<Table, TabularError> {
    let inputs = match &model.input {
        ModelInput::Columns(columns) => columns.iter().map(input_of).collect(),
        ModelInput::Table(fields) => fields.iter().map(input_of_field).collect(),
        _ => return Err(TabularError::OtherModel(Subject::Table)),
    };
    let kind = match &model.output {
        Output::Classes(classes) => Kind::Classes(classes.clone()),
        Output::Number(_) => Kind::Number,
    };
    Ok(Table {
        inputs,
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
    let (kind, categories) = match &column.values {
        ColumnValues::Number(_) => (ColumnKind::Number, Vec::new()),
        ColumnValues::Category(categories) => (ColumnKind::Category, categories.clone()),
        ColumnValues::Date => (ColumnKind::Date, Vec::new()),
    };
    empty(
        [&column.name, &column.unit, &column.description],
        kind,
        categories,
    )
}

/// A field of a model that a preset has made.
fn input_of_field(field: &Field) -> Input {
    let (kind, categories) = match &field.values {
        Values::Number { .. } => (ColumnKind::Number, Vec::new()),
        Values::Category { categories } => (ColumnKind::Category, categories.clone()),
    };
    empty(
        [&field.name, &field.unit, &field.description],
        kind,
        categories,
    )
}

/// A column without rows.
fn empty(
    [name, unit, description]: [&String; 3],
    kind: ColumnKind,
    categories: Vec<String>,
) -> Input {
    let numbers = || Feature::Number(Vec::new());
    Input {
        features: match kind {
            ColumnKind::Category => vec![Feature::Category(Vec::new())],
            ColumnKind::Date => vec![numbers(); DATE_PARTS],
            _ => vec![numbers()],
        },
        schema: ColumnSchema {
            name: name.clone(),
            kind,
            unit: unit.clone(),
            description: description.clone(),
            minimum: None,
            maximum: None,
            categories: Vec::new(),
        },
        categories,
    }
}

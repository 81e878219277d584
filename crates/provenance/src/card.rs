//! What a model card says.

use model::{Column, ColumnValues, Field, Input, Model, Output, Values};

use crate::{Artifact, Library, Program};

/// A measure of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    /// What is measured, such as `test_accuracy`.
    pub name: String,
    /// The value.
    pub value: f64,
    /// The 95 % interval around it, where it is known.
    pub interval: Option<[f64; 2]>,
}

/// A model with its module, as a bill of materials describes them.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// Name of the model.
    pub name: String,
    /// Its version: that of the trainer.
    pub version: String,
    /// What it does, in one sentence.
    pub about: String,
    /// `classification` or `regression`.
    pub task: String,
    /// The kinds of its layers, in order.
    pub architecture: String,
    /// What it takes, one entry for each field.
    pub inputs: Vec<String>,
    /// What it answers.
    pub outputs: Vec<String>,
    /// How good it is.
    pub metrics: Vec<Metric>,
    /// What it is for.
    pub use_cases: Vec<String>,
    /// What it cannot do.
    pub limitations: Vec<String>,
    /// Its licence, as an SPDX expression, where one is given.
    pub license: Option<String>,
    /// The model file.
    pub model: Artifact,
    /// The modules with the model, the program first.
    pub modules: Vec<Artifact>,
    /// The files that it was trained on.
    pub data: Vec<Artifact>,
    /// The trainer.
    pub trainer: Program,
    /// The crates in the module.
    pub libraries: Vec<Library>,
}

impl Card {
    /// A card with all that the model itself says, for `model` in the bytes of `file`, packed as `modules` with these
    /// `libraries`. Metrics, data, licence and further limits are the caller's to add.
    #[must_use]
    pub fn new(
        model: &Model<'_>,
        file: Artifact,
        modules: Vec<Artifact>,
        trainer: Program,
        libraries: Vec<Library>,
    ) -> Self {
        let mut layers: Vec<_> = model.layers().map(|layer| layer.kind()).collect();
        layers.dedup();
        let (task, outputs, limit) = output(&model.output);
        Self {
            name: model.name.clone(),
            version: trainer.version.clone(),
            about: model.about.clone(),
            task: task.into(),
            architecture: layers.join(", "),
            inputs: inputs(&model.input),
            outputs,
            metrics: Vec::new(),
            use_cases: vec![model.about.clone()],
            limitations: vec![limit],
            license: None,
            model: file,
            modules,
            data: Vec::new(),
            trainer,
            libraries,
        }
    }
}

fn output(output: &Output) -> (&'static str, Vec<String>, String) {
    match output {
        Output::Classes(classes) => (
            "classification",
            vec![format!("one of {}", classes.join(", "))],
            format!("It knows its {} classes and nothing else", classes.len()),
        ),
        Output::Number(number) => {
            let share = number.coverage * 100.0;
            (
                "regression",
                vec![format!("{}: a number with an interval", number.name)],
                format!(
                    "The interval is meant to hold {share} % of cases like those of the training"
                ),
            )
        }
    }
}

fn inputs(input: &Input) -> Vec<String> {
    match input {
        Input::Table(fields) => fields.iter().map(field).collect(),
        Input::Columns(columns) => columns.iter().map(column).collect(),
        Input::Image(image) => vec![format!(
            "image of {} by {} pixels with {} numbers each, from 0 to {}: {}",
            image.width, image.height, image.channels, image.maximum, image.unit
        )],
        Input::Text(text) => {
            let parts = text.parts.iter();
            let parts = parts.map(|part| format!("{}: {}", part.name, part.description));
            parts.collect()
        }
    }
}

fn field(field: &Field) -> String {
    let values = match &field.values {
        Values::Number {
            minimum, maximum, ..
        } => format!("number from {minimum} to {maximum}"),
        Values::Category { categories } => format!("one of {}", categories.join(", ")),
    };
    described(&field.name, values, &field.unit, &field.description)
}

fn column(column: &Column) -> String {
    let values = match &column.values {
        ColumnValues::Number(range) => format!(
            "number, from {} to {} in the training",
            range.training_minimum, range.training_maximum
        ),
        ColumnValues::Category(words) => format!("one of {}", words.join(", ")),
        ColumnValues::Date => "date".into(),
    };
    described(&column.name, values, &column.unit, &column.description)
}

fn described(name: &str, mut text: String, unit: &str, description: &str) -> String {
    if !unit.is_empty() {
        text += &format!(", in {unit}");
    }
    if !description.is_empty() {
        text += &format!(" ({description})");
    }
    format!("{name}: {text}")
}

//! Data sets of numbers that come with a network and a recipe of their own, for the training loop.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use datasets::frame::{ColumnSchema, Kind as ColumnKind};
use datasets::source::Source;
use datasets::{Measurement, table};
use model::Input as ModelInput;
use pack::Runners;
use training::artifacts::NamedBytes;
use training::layers::Network;
use training::loading::Loading;
use training::random::Random;
use training::report::Outcome;
use training::settings::Settings;
use training::task::{Classes, Quantity, Task};
use training::{Algorithm, Learner, TrainingError};

use crate::columns::{Feature, Input};
use crate::looped::{Looped, page};
use crate::table::Table;
use crate::target::{Kind, Target};
use crate::view::Subject;

/// A data set, and what is to be made of it.
pub trait Preset: Sized + Sync {
    /// Name of the program and of the model.
    const NAME: &'static str;
    /// What is trained, in one sentence for the help.
    const ABOUT: &'static str;
    /// Where the data set comes from.
    const SOURCE: Source = Source::EMBEDDED;
    /// What is measured of each row.
    const FIELDS: &'static [Measurement];
    /// What the report calls the target.
    const TARGET: &'static str;
    /// An input for the module's help, as JSON.
    const EXAMPLE: &'static str;

    /// What the network learns.
    type Task: Targets;

    /// Settings that give the shipped artifacts.
    fn defaults() -> Settings;

    /// Reads the file or folder `path`, or the data set that comes with the program.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the data, and where.
    fn read(path: Option<&Path>) -> Result<Rows<Self::Task>, TrainingError>;

    /// A network with fresh weights. What it measures on data, it measures on the rows `train`, and on the numbers that they
    /// give, row-major.
    fn network(
        task: &Self::Task,
        train: (&[usize], &[f32]),
        random: &mut Random,
        device: &Device,
    ) -> Network;
}

/// Rows of numbers, and what is to be learnt of them.
pub struct Rows<T> {
    /// The measurements of each row, in the order of [`FIELDS`](Preset::FIELDS).
    pub measurements: Vec<Vec<f32>>,
    /// What is learnt.
    pub task: T,
    /// What a module with the model does, in one sentence.
    pub about: String,
    /// What a person should know of the data.
    pub notes: Vec<String>,
    /// SHA-256 of the data, in hexadecimal.
    pub sha256: String,
}

/// What a preset can learn: the targets of all rows.
pub trait Targets: Task + Sync {
    /// They, called `name`.
    fn target(&self, name: &str) -> Target;
}

impl Targets for Classes {
    fn target(&self, name: &str) -> Target {
        Target {
            name: name.into(),
            kind: Kind::Classes(self.names.clone()),
            values: self.labels.iter().map(|label| *label as f32).collect(),
        }
    }
}

impl Targets for Quantity {
    fn target(&self, name: &str) -> Target {
        Target {
            name: name.into(),
            kind: Kind::Number,
            values: self.targets.clone(),
        }
    }
}

/// A preset with its rows in memory: what the training loop takes.
pub struct Loaded<P: Preset> {
    rows: Rows<P::Task>,
}

impl<P: Preset> Learner for Loaded<P> {
    type Task = P::Task;

    fn task(&self) -> &P::Task {
        &self.rows.task
    }

    fn inputs(&self, rows: &[usize]) -> Vec<f32> {
        let measured = rows.iter().map(|row| &self.rows.measurements[*row]);
        measured
            .flat_map(|numbers| numbers.iter().zip(P::FIELDS))
            .map(|(number, field)| field.transform.apply(*number))
            .collect()
    }

    fn model(&self, _: usize, train: &[usize], random: &mut Random, device: &Device) -> Network {
        let inputs = self.inputs(train);
        P::network(&self.rows.task, (train, &inputs), random, device)
    }
}

impl<P: Preset> Algorithm for Loaded<P> {
    const NAME: &'static str = P::NAME;
    const ABOUT: &'static str = P::ABOUT;
    const RUNNERS: Runners = pack::TABLE;
    const SOURCE: Source = P::SOURCE;

    type Options = ();

    fn defaults() -> Settings {
        P::defaults()
    }

    fn load(data: &[PathBuf], _: &Loading, (): &()) -> Result<Self, TrainingError> {
        let rows = P::read(data.first().map(PathBuf::as_path))?;
        Ok(Self { rows })
    }

    fn example(&self) -> &str {
        P::EXAMPLE
    }

    fn module_about(&self) -> String {
        self.rows.about.clone()
    }

    fn input(&self) -> ModelInput {
        table(P::FIELDS)
    }

    fn notes(&self) -> &[String] {
        &self.rows.notes
    }

    fn data_sha256(&self) -> &str {
        &self.rows.sha256
    }

    fn json(&self, row: usize) -> String {
        datasets::json::table(P::FIELDS, &self.rows.measurements[row])
    }

    fn files(&self, outcome: &Outcome<'_>) -> Result<Vec<NamedBytes<'static>>, TrainingError> {
        let all = self.table();
        let split = outcome.split;
        let [train, test] = [&split.train, &split.test].map(|rows| {
            let rows: Vec<u32> = rows.iter().map(|row| *row as u32).collect();
            all.select(&rows)
        });
        page(&Looped {
            subject: Subject::Table,
            outcome,
            test: Some(&test),
            target: &all.target,
            columns: &train.inputs,
            notes: &self.rows.notes,
            example: P::EXAMPLE,
            show: &|row| self.json(row),
            line: &|row| (row + 1) as u32,
        })
    }
}

impl<P: Preset> Loaded<P> {
    /// The rows as a table.
    fn table(&self) -> Table {
        let column = |(place, field): (usize, &Measurement)| Input {
            schema: ColumnSchema {
                name: field.name.into(),
                kind: ColumnKind::Number,
                unit: field.unit.into(),
                description: field.description.into(),
                minimum: None,
                maximum: None,
                categories: Vec::new(),
            },
            features: vec![Feature::Number(
                (self.rows.measurements.iter())
                    .filter_map(|row| row.get(place).copied())
                    .collect(),
            )],
            categories: Vec::new(),
        };
        Table {
            inputs: P::FIELDS.iter().enumerate().map(column).collect(),
            target: self.rows.task.target(P::TARGET),
            weights: None,
            groups: None,
        }
    }
}

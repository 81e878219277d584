//! What a run leaves behind: the model, its module and the report.

use std::time::Instant;

use model::{AlignedBytes, Output};
use training::TrainingError;
use training::artifacts::NamedBytes;
use training::report::{VERSION, pretty};

use crate::error::TabularError;
use crate::file::{self, Identity};
use crate::measure;
use crate::options::Options;
use crate::packed::Packed;
use crate::page::page;
use crate::prepare::Prepared;
use crate::report::{Data, Report, Summary};
use crate::trial::Tried;
use crate::view::Subject;
use training::shell::file_name;

/// Rows that the importance of columns is measured on, at most.
const IMPORTANCE_ROWS: usize = 1000;

/// What a run leaves behind.
pub struct Files {
    /// The report.
    pub report: Report,
    /// The model file.
    pub model: Vec<u8>,
    /// The module.
    pub module: Vec<u8>,
    /// The others.
    pub others: Vec<NamedBytes<'static>>,
}

/// All that a run has found.
pub struct Outcome<'a> {
    /// What the user asked for.
    pub options: &'a Options,
    /// What the model is.
    pub identity: &'a Identity,
    /// The data.
    pub prepared: &'a Prepared,
    /// The model, and how good it is.
    pub tried: &'a Tried,
    /// When the run began.
    pub started: Instant,
}

impl Outcome<'_> {
    /// The report, and all files.
    ///
    /// # Errors
    ///
    /// If the model file does not answer as the model does, or the module is larger than the user allows.
    pub fn files(&self) -> Result<Files, TabularError> {
        let (train, fitted, tested) = (&self.tried.train, &self.tried.fitted, &self.tried.tested);
        let output = file::output(train, fitted);
        let half_width = match &output {
            Output::Number(number) => number.half_width,
            Output::Classes(_) => 0.0,
        };
        let figures = tested.figures(half_width);
        let mut identity = self.identity.clone();
        identity.training.test_rows = tested.target.values.len();
        let layers = fitted.layers.clone();
        let bytes = file::bytes(&identity, train, layers, output, figures.metrics())?;
        let aligned = AlignedBytes::new(&bytes);
        let json = |row| train.json(row, None);
        let difference = file::check(&aligned, &train.target, &json, &fitted.checked)?;
        let allowed = self.options.settings.size as usize;
        let Packed { module, files } = Packed::new(
            Subject::Table,
            &pack::COLUMNS.command,
            &identity.name,
            &bytes,
            allowed,
            json(0),
            difference,
        )?;
        let (table, test) = (&self.prepared.table, &self.tried.test);
        let report = Report {
            name: identity.name.clone(),
            version: VERSION.into(),
            data: Data {
                file: file_name(&self.options.data),
                sha256: identity.training.data_sha256.clone(),
                rows: table.rows(),
                training_rows: train.rows(),
                test_rows: if self.tried.is_apart { test.rows() } else { 0 },
            },
            target: Summary::of_target(&table.target),
            classes: table.target.classes().to_vec(),
            columns: train.inputs.iter().map(Summary::of_input).collect(),
            notes: self.prepared.notes.clone(),
            measured: tested.how.clone(),
            baselines: tested.baseline_losses(),
            members: fitted.tried.clone(),
            importance: measure::importance(&aligned, test, IMPORTANCE_ROWS)?,
            surprises: tested.surprises(Subject::Table.shown(), &|row| test.json(row, None)),
            model: files,
            settings: serde_json::to_value(&identity.training.settings)
                .map_err(TrainingError::from)?,
            seconds: self.started.elapsed().as_secs_f64(),
            test: figures,
        };
        let schema = self.prepared.schema.to_toml();
        let others = vec![
            ("report.json", pretty(&report)?),
            ("report.html", page(&report.view()).into_bytes()),
            ("schema.toml", schema.into_bytes()),
        ];
        Ok(Files {
            report,
            model: bytes,
            module,
            others,
        })
    }
}

//! The page of a model that the training loop has made.

use model::{AlignedBytes, Output};
use training::TrainingError;
use training::artifacts::NamedBytes;
use training::report::{Outcome, VERSION};

use crate::columns::Input;
use crate::error::TabularError;
use crate::fit::constant_of;
use crate::measure::{importance, shares};
use crate::packed::files_of;
use crate::page::page as page_of;
use crate::report::{Data, Report, Summary};
use crate::table::Table;
use crate::target::{Kind, Target};
use crate::tested::Tested;
use crate::view::{Curves, Subject};

/// Rows that the importance of columns is measured on, at most.
const IMPORTANCE_ROWS: usize = 1000;

/// What came of the training loop, and what it learnt from.
pub struct Looped<'a> {
    /// What the model learns from.
    pub subject: Subject,
    /// What came of the run.
    pub outcome: &'a Outcome<'a>,
    /// The test rows, if they are of a table.
    pub test: Option<&'a Table>,
    /// The targets of all rows.
    pub target: &'a Target,
    /// The columns of a table.
    pub columns: &'a [Input],
    /// What a person should know of the data.
    pub notes: &'a [String],
    /// An input, as JSON.
    pub example: &'a str,
    /// Shows a row.
    pub show: &'a dyn Fn(usize) -> String,
    /// What a row is called: its line, or its number.
    pub line: &'a dyn Fn(usize) -> u32,
}

/// `report.html`.
///
/// # Errors
///
/// If the model does not answer.
pub fn page(looped: &Looped<'_>) -> Result<Vec<NamedBytes<'static>>, TrainingError> {
    let report = looped.report().map_err(|error| match error {
        TabularError::Training(error) => error,
        other => TrainingError::Plot(format!("report.html: {other}")),
    })?;
    let outcome = looped.outcome;
    let mut view = report.view();
    view.subject = looped.subject;
    view.curves = Some(Curves {
        history: outcome.history,
        kept: outcome.best.epoch,
        score: outcome.score,
    });
    Ok(vec![("report.html", page_of(&view).into_bytes())])
}

impl Looped<'_> {
    fn report(&self) -> Result<Report, TabularError> {
        let (outcome, target) = (self.outcome, self.target);
        let split = outcome.split;
        let of = |rows: &[usize]| Target {
            values: (rows.iter())
                .filter_map(|row| target.values.get(*row).copied())
                .collect(),
            ..target.clone()
        };
        let train = of(&split.train);
        let constant: Vec<f32> = constant_of(&train).iter().map(|x| *x as f32).collect();
        let (answers, half_width) = match &outcome.evaluation.output {
            Output::Classes(classes) => (shares(outcome.outputs, classes.len()), 0.0),
            Output::Number(number) => (outcome.outputs.to_vec(), number.half_width),
        };
        let many = self.subject.many();
        let tested = Tested {
            how: format!("on {} {many} that were set apart", split.test.len()),
            target: of(&split.test),
            lines: split.test.iter().map(|row| (self.line)(*row)).collect(),
            answers,
            baselines: vec![(
                match target.kind {
                    Kind::Classes(_) => "the shares of the classes".to_owned(),
                    Kind::Number => "the mean".to_owned(),
                },
                constant.repeat(split.test.len()),
            )],
        };
        let show = |row: u32| {
            let row = split.test.get(row as usize).copied();
            row.map(self.show).unwrap_or_default()
        };
        let importance = match self.test {
            Some(test) => importance(&AlignedBytes::new(outcome.model), test, IMPORTANCE_ROWS)?,
            None => Vec::new(),
        };
        let identity = outcome.identity;
        Ok(Report {
            name: identity.algorithm.clone(),
            version: VERSION.into(),
            data: Data {
                file: match outcome.data {
                    [] => format!("the data set {}", identity.algorithm),
                    names => names.join(", "),
                },
                sha256: identity.data_sha256.clone(),
                rows: target.values.len(),
                training_rows: split.train.len(),
                test_rows: split.test.len(),
            },
            target: Summary::of_target(target),
            classes: target.classes().to_vec(),
            columns: self.columns.iter().map(Summary::of_input).collect(),
            notes: self.notes.to_vec(),
            measured: tested.how.clone(),
            baselines: tested.baseline_losses(),
            members: Vec::new(),
            importance,
            surprises: tested.surprises(self.subject.shown(), &show),
            model: files_of(
                &identity.algorithm,
                [outcome.model, outcome.module],
                self.example.into(),
                outcome.frozen_difference.into(),
            ),
            settings: serde_json::to_value(&identity.settings).map_err(TrainingError::from)?,
            seconds: outcome.seconds,
            test: tested.figures(half_width),
        })
    }
}

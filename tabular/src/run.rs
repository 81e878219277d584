//! The program from its command line to its exit code.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::slice;
use std::time::Instant;

use datasets::frame::{self, Frame, Schema};
use model::Training;
use training::console::{note, print};
use training::journal::Journal;
use training::release::Release;
use training::report::{VERSION, target};
use training::{Backend, parallel};

use crate::error::TabularError;
use crate::file::Identity;
use crate::fit::MOST_ROWS;
use crate::folds::sample;
use crate::inspect::inspect;
use crate::later;
use crate::names::model_name;
use crate::options::{Options, parse};
use crate::outcome::{Files, Outcome};
use crate::prepare::{Prepared, prepare};
use crate::progress::Console;
use crate::resume::{MODEL, arguments, stopped};
use crate::table::Table;
use crate::trial::Trial;
use crate::words;

/// Notes that are printed, at most.
const SHOWN_NOTES: usize = 12;
/// What a model is called whose file has no name.
pub const NAMELESS: &str = "table";
/// Fewest rows with a target.
const FEWEST_ROWS: usize = 10;

/// The whole program `tabular-<backend>`.
#[must_use]
pub fn main(backend: Backend) -> ExitCode {
    let options = parse(backend);
    exit(|| execute(&options, backend))
}

/// The exit code of `run`, whose error is told on standard error.
#[must_use]
pub fn exit(run: impl FnOnce() -> Result<(), TabularError> + Send) -> ExitCode {
    match parallel::on_a_sharing_thread(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            match &error {
                TabularError::Stopped { command, .. } => note(format_args!("{error}\n  {command}")),
                _ => note(format_args!("error: {error}")),
            }
            error.exit_code().into()
        }
    }
}

fn execute(options: &Options, backend: Backend) -> Result<(), TabularError> {
    let console = Console::new(options.shown)?;
    let result = match (&options.evaluate, &options.predict) {
        (Some(model), _) => later::evaluate(model, options, &console),
        (_, Some(model)) => later::predict(model, options, &console),
        _ if options.inspect => inspect(options, &console),
        _ => train(options, backend, &console),
    };
    console.finish();
    result
}

fn train(options: &Options, backend: Backend, console: &Console) -> Result<(), TabularError> {
    let started = Instant::now();
    let identity = Identity {
        name: model_name(&options.data, options.name.as_deref(), NAMELESS),
        training: Training::default(),
    };
    let schema = schema(options)?;
    let frame = read(options, &options.data, schema.clone(), console)?;
    let sha256 = frame.sha256.clone();
    let lines = frame.lines.clone();
    let mut prepared = prepare(frame, &options.columns, schema.as_ref())?;
    shorten(&mut prepared, options.settings.seed);
    if prepared.table.rows() < FEWEST_ROWS {
        return Err(TabularError::FewRows {
            rows: prepared.table.rows(),
            least: FEWEST_ROWS,
        });
    }
    for text in prepared.notes.iter().take(SHOWN_NOTES) {
        note(format_args!("note: {text}"));
    }
    if prepared.notes.len() > SHOWN_NOTES {
        let more = prepared.notes.len() - SHOWN_NOTES;
        note(format_args!("note: {more} more notes are in the report"));
    }
    let place = (options.destination).prepare(&identity.name, options.cross_validate.is_none())?;
    let mut origin = options.origin.clone();
    let schema = model::sha256(prepared.schema.to_toml().as_bytes());
    origin.insert("the digest of the schema".into(), schema);
    origin.insert("the digest of the data".into(), sha256.clone());
    let journal = Journal::open(&place.artifacts, &origin, options.resume, MODEL)?;
    print(&words::data(&prepared.table))?;
    let identity = Identity {
        training: training(options, backend, &sha256),
        ..identity
    };
    let trial = Trial {
        options,
        backend,
        console,
        journal: &journal,
        identity: &identity,
        table: &prepared.table,
        lines: pick(&lines, &prepared.rows),
    };
    if let Some(folds) = options.cross_validate {
        let tested = stopped(&journal, trial.cross_validate(folds))?;
        console.finish();
        journal.remove();
        return Ok(print(&words::tested(&tested.figures(0.0), &tested.how))?);
    }
    let tried = stopped(&journal, trial.run())?;
    console.begin(String::new());
    let outcome = Outcome {
        options,
        identity: &identity,
        prepared: &prepared,
        tried: &tried,
        started,
    };
    let Files {
        report,
        model,
        module,
        others,
    } = outcome.files()?;
    let release = Release {
        program: format!("tabular-{}", backend.name()),
        name: &identity.name,
        model: (MODEL, model),
        module: (&report.model.module, module),
        runners: pack::COLUMNS,
        arguments: arguments(&options.origin),
        training: &identity.training,
        metrics: &report.test.metrics(),
        data: slice::from_ref(&options.data),
        files: others,
    };
    release.publish(&place)?;
    journal.remove();
    console.finish();
    Ok(print(&words::report(&report, &place.artifacts))?)
}

/// Those of `all` that have these numbers.
#[must_use]
pub fn pick(all: &[u32], numbers: &[u32]) -> Vec<u32> {
    numbers
        .iter()
        .filter_map(|number| all.get(*number as usize))
        .copied()
        .collect()
}

/// What the user says of columns in a file, if there is one.
///
/// # Errors
///
/// If it cannot be read.
pub fn schema(options: &Options) -> Result<Option<Schema>, TabularError> {
    let path = options.columns.schema.as_deref();
    Ok(path.map(Schema::read).transpose()?)
}

/// Reads the file `path`, and shows how that goes.
///
/// # Errors
///
/// If it cannot be read.
pub fn read(
    options: &Options,
    path: &Path,
    schema: Option<Schema>,
    console: &Console,
) -> Result<Frame, TabularError> {
    let columns = &options.columns;
    // Groups are told apart by their words, however many.
    let mut categorical = columns.categorical.clone();
    categorical.extend(columns.group.clone());
    let options = frame::Options {
        header: columns.no_header.then_some(false),
        categorical,
        numeric: columns.numeric.clone(),
        schema,
        ..frame::Options::default()
    };
    let frame = Frame::read(path, &options, &|done, total| console.read(done, total))?;
    console.finish();
    Ok(frame)
}

/// Keeps a random sample of a very long table.
fn shorten(prepared: &mut Prepared, seed: u64) {
    let rows = prepared.table.rows();
    if rows <= MOST_ROWS {
        return;
    }
    let chosen = sample(rows, MOST_ROWS, seed);
    prepared.table = prepared.table.select(&chosen);
    prepared.rows = pick(&prepared.rows, &chosen);
    prepared.notes.push(format!(
        "of {rows} rows a random sample of {MOST_ROWS} is used: more make training longer and the model hardly better"
    ));
}

/// What is needed to make the model again.
fn training(options: &Options, backend: Backend, data_sha256: &str) -> Training {
    let (settings, columns) = (&options.settings, &options.columns);
    let families: Vec<&str> = settings
        .families()
        .iter()
        .map(|family| family.label())
        .collect();
    let mut named: BTreeMap<String, serde_json::Value> = BTreeMap::new();
    named.insert("models".into(), families.into());
    named.insert("seed".into(), settings.seed.into());
    named.insert("size_kib".into(), settings.size.into());
    named.insert("balanced".into(), columns.balanced.into());
    for (name, value) in [("weights", &columns.weights), ("group", &columns.group)] {
        if let Some(value) = value {
            named.insert(name.into(), value.clone().into());
        }
    }
    Training {
        version: VERSION.into(),
        backend: backend.name().into(),
        target: target(),
        data_sha256: data_sha256.into(),
        settings: named,
        ..Training::default()
    }
}

/// The rows of another file with the columns of `table`, and their lines.
///
/// # Errors
///
/// If it cannot be read, or lacks a column.
pub fn read_like(
    options: &Options,
    path: &Path,
    table: &Table,
    console: &Console,
) -> Result<(Table, Vec<u32>), TabularError> {
    let frame = read(options, path, Some(table.schema()), console)?;
    let lines = frame.lines.clone();
    let (other, rows) = table.like(frame)?;
    Ok((other, pick(&lines, &rows)))
}

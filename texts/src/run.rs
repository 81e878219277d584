//! The program from its command line to its exit code.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::slice;
use std::time::Instant;

use model::{AlignedBytes, Training};
use tabular::error::TabularError;
use tabular::file::{Identity, check};
use tabular::folds::sample;
use tabular::names::model_name;
use tabular::packed::Packed;
use tabular::page::page;
use tabular::progress::Console;
use tabular::report::{Data, Summary};
use tabular::resume::{MODEL, arguments, stopped};
use tabular::run::exit;
use tabular::view::Subject;
use training::console::{note, print};
use training::journal::Journal;
use training::release::Release;
use training::report::{VERSION, pretty, target};
use training::shell::file_name;
use training::{Backend, TrainingError};

use crate::corpus::Corpus;
use crate::options::{Options, parse};
use crate::read::{Read, read};
use crate::report::{Made, Report};
use crate::trial::{Measured, Trained, Trial};
use crate::{file, later, words};

/// Fewest texts with a class.
const FEWEST_ROWS: usize = 10;
/// Bytes of all texts that are learnt from, at most: their n-grams take some 50 times as much memory.
const MOST_BYTES: usize = 16_000_000;

/// The whole program `texts-<backend>`.
#[must_use]
pub fn main(backend: Backend) -> ExitCode {
    let options = parse(backend);
    exit(|| execute(&options, backend))
}

/// Does what `options` ask for.
///
/// # Errors
///
/// If it cannot be done, or the user interrupts.
pub fn execute(options: &Options, backend: Backend) -> Result<(), TabularError> {
    let console = Console::new(options.shown)?;
    let run = Run {
        options,
        backend,
        console: &console,
    };
    let result = match (&options.evaluate, &options.predict) {
        (Some(model), _) => later::evaluate(model, options, &console),
        (_, Some(model)) => later::predict(model, options, &console),
        _ => run.train(),
    };
    console.finish();
    result
}

/// One run.
struct Run<'a> {
    options: &'a Options,
    backend: Backend,
    console: &'a Console,
}

impl Run<'_> {
    fn train(&self) -> Result<(), TabularError> {
        let started = Instant::now();
        let options = self.options;
        let name = model_name(&options.data, options.name.as_deref(), "texts");
        let progress = |done, total| self.console.read(done, total);
        let mut found = read(&self.options.data, &self.options.columns, &progress)?;
        self.console.finish();
        self.sample(&mut found.corpus, &mut found.notes);
        let corpus = &found.corpus;
        if corpus.rows() < FEWEST_ROWS {
            return Err(TabularError::FewRows {
                rows: corpus.rows(),
                least: FEWEST_ROWS,
            });
        }
        for text in &found.notes {
            note(format_args!("note: {text}"));
        }
        let place = (options.destination).prepare(&name, options.cross_validate.is_none())?;
        let mut origin = options.origin.clone();
        origin.insert("the digest of the data".into(), found.sha256.clone());
        let journal = Journal::open(&place.artifacts, &origin, options.resume, MODEL)?;
        print(&words::data(corpus))?;
        let mut identity = Identity {
            name,
            training: self.training(&found.sha256),
        };
        let trial = Trial {
            options: self.options,
            console: self.console,
            journal: &journal,
            identity: &identity,
        };
        let (trained, measured) = stopped(&journal, trial.measure(corpus))?;
        let Some(trained) = trained else {
            self.console.finish();
            journal.remove();
            let (figures, how) = (measured.tested.figures(0.0), &measured.tested.how);
            return Ok(print(&words::tested(corpus.classes(), &figures, how))?);
        };
        identity.training.test_rows = measured.corpus.rows();
        let (report, module, bytes) =
            self.finish(&identity, &found, trained, &measured, started)?;
        self.console.finish();
        let release = Release {
            program: format!("texts-{}", self.backend.name()),
            name: &identity.name,
            model: (MODEL, bytes),
            module: (&report.model.module, module),
            runners: pack::CHARACTERS,
            arguments: arguments(&options.origin),
            training: &identity.training,
            metrics: &report.test.metrics(),
            data: slice::from_ref(&options.data),
            files: vec![
                ("report.html", page(&report.view()).into_bytes()),
                ("report.json", pretty(&report)?),
            ],
        };
        release.publish(&place)?;
        journal.remove();
        Ok(print(&words::report(&report, &place.artifacts))?)
    }

    /// The report, the module and the model file.
    fn finish(
        &self,
        identity: &Identity,
        found: &Read,
        (train, fitted): Trained,
        measured: &Measured,
        started: Instant,
    ) -> Result<(Report, Vec<u8>, Vec<u8>), TabularError> {
        let (tested, test) = (&measured.tested, &measured.corpus);
        let figures = tested.figures(0.0);
        let bytes = file::bytes(identity, &train, &fitted, figures.metrics())?;
        let (aligned, target) = (AlignedBytes::new(&bytes), &train.table.target);
        let difference = check(&aligned, target, &|row| train.json(row), &fitted.checked)?;
        let Packed { module, files } = Packed::new(
            Subject::Texts,
            &pack::CHARACTERS.command,
            &identity.name,
            &bytes,
            self.options.settings.size as usize,
            file::example(&train),
            difference,
        )?;
        let corpus = &found.corpus;
        let is_apart = test.rows() < corpus.rows() || self.options.test.is_some();
        let report = Report {
            name: identity.name.clone(),
            version: VERSION.into(),
            data: Data {
                file: file_name(&self.options.data),
                sha256: found.sha256.clone(),
                rows: corpus.rows(),
                training_rows: train.rows(),
                test_rows: if is_apart { test.rows() } else { 0 },
            },
            target: Summary::of_target(&corpus.table.target),
            classes: corpus.classes().to_vec(),
            texts: corpus.names.clone(),
            notes: found.notes.clone(),
            measured: tested.how.clone(),
            baselines: tested.baseline_losses(),
            test: figures,
            made: Made {
                chosen: fitted.chosen,
                chosen_on: fitted.chosen_on,
                ngrams: fitted.ngrams,
                kept: fitted.kept,
                small_loss: fitted.small_loss,
                characters: fitted.places,
            },
            tried: fitted.tried,
            words: corpus.classes().iter().cloned().zip(fitted.words).collect(),
            surprises: tested.surprises(Subject::Texts.shown(), &|row| test.json(row)),
            model: files,
            settings: serde_json::to_value(&identity.training.settings)
                .map_err(TrainingError::from)?,
            seconds: started.elapsed().as_secs_f64(),
        };
        Ok((report, module, bytes))
    }

    /// Keeps a random sample of very many texts.
    fn sample(&self, corpus: &mut Corpus, notes: &mut Vec<String>) {
        let bytes: usize = corpus
            .texts
            .iter()
            .flat_map(|parts| parts.iter().map(String::len))
            .sum();
        if bytes <= MOST_BYTES {
            return;
        }
        let rows = corpus.rows();
        let count = (rows as f64 * MOST_BYTES as f64 / bytes as f64) as usize;
        *corpus = corpus.select(&sample(rows, count, self.options.settings.seed));
        notes.push(format!(
            "of {rows} texts a random sample of {count} is used: all {} MB would take too much memory",
            bytes / 1_000_000
        ));
    }

    fn training(&self, data_sha256: &str) -> Training {
        let settings = &self.options.settings;
        let mut named: BTreeMap<String, serde_json::Value> = BTreeMap::new();
        named.insert("seed".into(), settings.seed.into());
        named.insert("size_kib".into(), settings.size.into());
        Training {
            version: VERSION.into(),
            backend: self.backend.name().into(),
            target: target(),
            data_sha256: data_sha256.into(),
            settings: named,
            epoch: 0,
            test_rows: 0,
        }
    }
}

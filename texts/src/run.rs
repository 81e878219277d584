//! The program from its command line to its exit code.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use model::{AlignedBytes, Training};
use tabular::error::TabularError;
use tabular::file::Identity;
use tabular::progress::Console;
use tabular::report::{Data, Files, Summary};
use training::artifacts::Artifacts;
use training::console::{note, print};
use training::random::{Purpose, random};
use training::report::{VERSION, pretty};
use training::{Backend, TrainingError};

use crate::corpus::Corpus;
use crate::options::{Options, parse};
use crate::read::{Read, read};
use crate::report::{Made, Report};
use crate::tested::Tested;
use crate::trial::{Trained, Trial};
use crate::{file, words};

/// Fewest texts with a class.
const FEWEST_ROWS: usize = 10;
/// Bytes of all texts that are learnt from, at most: their n-grams take some 50 times as much memory.
const MOST_BYTES: usize = 16_000_000;

/// The whole program `texts-<backend>`.
#[must_use]
pub fn main(backend: Backend) -> ExitCode {
    let options = parse(backend);
    match execute(&options, backend) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            note(format_args!("error: {error}"));
            error.exit_code().into()
        }
    }
}

/// Does what `options` ask for.
///
/// # Errors
///
/// If it cannot be done, or the user interrupts.
pub fn execute(options: &Options, backend: Backend) -> Result<(), TabularError> {
    let console = Console::new(options.quiet)?;
    let run = Run {
        options,
        backend,
        console: &console,
    };
    let result = run.train();
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
        let name = self.name();
        let folder = match &self.options.artifacts {
            Some(folder) => folder.clone(),
            None => Path::new("artifacts").join(&name),
        };
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
        let artifacts = Artifacts::prepare(&folder)?;
        print(&words::data(corpus))?;
        let mut identity = Identity {
            name,
            training: self.training(&found.sha256),
        };
        let trial = Trial {
            options: self.options,
            console: self.console,
            identity: &identity,
        };
        let (trained, tested) = trial.measure(corpus)?;
        let Some(trained) = trained else {
            self.console.finish();
            let classes = corpus.classes();
            return Ok(print(&words::tested(
                classes,
                &tested.figures(),
                &tested.how,
            ))?);
        };
        identity.training.test_rows = tested.corpus.rows();
        let (report, module, bytes) = self.finish(&identity, &found, trained, &tested, started)?;
        self.console.finish();
        print(&words::report(&report, &folder))?;
        artifacts.publish(&[
            (report.model.module.as_str(), module),
            ("model.safetensors", bytes),
            ("report.json", pretty(&report)?),
        ])?;
        Ok(())
    }

    /// The report, the module and the model file.
    fn finish(
        &self,
        identity: &Identity,
        found: &Read,
        (train, fitted): Trained,
        tested: &Tested,
        started: Instant,
    ) -> Result<(Report, Vec<u8>, Vec<u8>), TabularError> {
        let figures = tested.figures();
        let metrics = figures
            .by_name()
            .into_iter()
            .map(|(name, figure)| (format!("test_{name}"), figure))
            .collect();
        let bytes = file::bytes(identity, &train, &fitted, metrics)?;
        let largest_difference = file::check(&AlignedBytes::new(&bytes), &train, &fitted.checked)?;
        let module = pack::pack(&bytes).map_err(TrainingError::from)?;
        let allowed = self.options.settings.size as usize;
        if module.len() > allowed * 1024 {
            return Err(TabularError::TooLarge {
                found: module.len().div_ceil(1024),
                allowed,
            });
        }
        let corpus = &found.corpus;
        let is_apart = tested.corpus.rows() < corpus.rows() || self.options.test.is_some();
        let report = Report {
            name: identity.name.clone(),
            version: VERSION.into(),
            data: Data {
                file: file_name(&self.options.data),
                sha256: found.sha256.clone(),
                rows: corpus.rows(),
                training_rows: train.rows(),
                test_rows: if is_apart { tested.corpus.rows() } else { 0 },
            },
            target: Summary::of_target(&corpus.table),
            classes: corpus.classes().to_vec(),
            texts: corpus.names.clone(),
            notes: found.notes.clone(),
            measured: tested.how.clone(),
            baselines: vec![("the shares of the classes".into(), tested.loss_of_shares())],
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
            surprises: tested.surprises(),
            model: Files {
                model_sha256: model::sha256(&bytes),
                model_bytes: bytes.len(),
                module: format!("{}-inference.wasm", identity.name),
                module_sha256: model::sha256(&module),
                module_bytes: module.len(),
                largest_difference,
                example: file::example(&train),
            },
            settings: serde_json::to_value(&identity.training.settings)
                .map_err(TrainingError::from)?,
            seconds: started.elapsed().as_secs_f64(),
        };
        Ok((report, module, bytes))
    }

    /// What the model is called: by the user, or after the file, in letters, digits, `-` and `_`.
    fn name(&self) -> String {
        let stem = file_name(&self.options.data);
        let stem = stem
            .split('.')
            .find(|part| !part.is_empty())
            .unwrap_or("texts");
        let name = self.options.name.as_deref().unwrap_or(stem);
        let plain = |c: char| {
            if c.is_alphanumeric() || c == '-' || c == '_' {
                c
            } else {
                '-'
            }
        };
        name.chars().map(plain).collect()
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
        let mut generator = random(self.options.settings.seed, Purpose::TestSplit);
        let mut chosen = rand::seq::index::sample(&mut generator, rows, count).into_vec();
        chosen.sort_unstable();
        let chosen: Vec<u32> = chosen.into_iter().map(|row| row as u32).collect();
        *corpus = corpus.select(&chosen);
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
            data_sha256: data_sha256.into(),
            settings: named,
            epoch: 0,
            test_rows: 0,
        }
    }
}

/// The name of the file `path`.
#[must_use]
pub fn file_name(path: &Path) -> String {
    let name = PathBuf::from(path.file_name().unwrap_or_default());
    name.display().to_string()
}

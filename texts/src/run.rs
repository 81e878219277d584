//! The program from its command line to its exit code.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use model::{AlignedBytes, Training};
use tabular::error::TabularError;
use tabular::file::Identity;
use tabular::fit::{SMALL, constant};
use tabular::folds::{folds, rows_of};
use tabular::measure::{Figures, figures};
use tabular::progress::Console;
use tabular::report::{Data, Files, Summary, Surprise};
use training::artifacts::Artifacts;
use training::console::{note, print};
use training::random::{Purpose, random};
use training::report::{VERSION, pretty};
use training::{Backend, TrainingError};

use crate::corpus::Corpus;
use crate::fit::{self, Fitted};
use crate::job::Wishes;
use crate::options::{Options, parse};
use crate::read::{read, read_like};
use crate::report::{Made, Report};
use crate::{file, measure, words};

/// Folds of the cross-validation that few texts get in place of a test.
const FOLDS: u8 = 5;
/// Held-out texts are one of so many.
const HELD_OUT: usize = 5;
/// Fewest texts with a class.
const FEWEST_ROWS: usize = 10;
/// Bytes of all texts that are learnt from, at most: their n-grams take some 50 times as much memory.
const MOST_BYTES: usize = 16_000_000;
/// Texts that are shown with wrong answers.
const SURPRISES: usize = 10;
/// Bytes of a module that are neither its runner nor n-grams, apart from names of classes.
const OVERHEAD: usize = 8 * 1024;

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

/// Texts that were not learnt from, and the answers to them.
struct Tested {
    /// How, in words.
    how: String,
    corpus: Corpus,
    answers: Vec<f32>,
    /// The shares of the classes among the texts that were learnt from, for each text.
    shares: Vec<f32>,
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
        let (train, tested) = self.measure(&identity, corpus)?;
        let figures = figures_of(&tested, &tested.answers);
        let Some((train, fitted)) = train else {
            self.console.finish();
            return Ok(print(&words::tested(corpus.classes(), &figures, &tested.how))?);
        };
        identity.training.test_rows = tested.corpus.rows();
        let metrics: BTreeMap<String, f64> =
            figures.by_name().into_iter().map(|(name, figure)| (format!("test_{name}"), figure)).collect();
        let bytes = file::bytes(&identity, &train, &fitted, metrics)?;
        let largest_difference = file::check(&AlignedBytes::new(&bytes), &train, &fitted.checked)?;
        let module = pack::pack(&bytes).map_err(TrainingError::from)?;
        let allowed = self.options.settings.size as usize;
        if module.len() > allowed * 1024 {
            return Err(TabularError::TooLarge {
                found: module.len().div_ceil(1024),
                allowed,
            });
        }
        let module_name = format!("{}-inference.wasm", identity.name);
        let apart = tested.corpus.rows() < corpus.rows() || self.options.test.is_some();
        let report = Report {
            name: identity.name.clone(),
            version: VERSION.into(),
            data: Data {
                file: file_name(&self.options.data),
                sha256: found.sha256.clone(),
                rows: corpus.rows(),
                training_rows: train.rows(),
                test_rows: if apart { tested.corpus.rows() } else { 0 },
            },
            target: Summary::of_target(&corpus.table),
            classes: corpus.classes().to_vec(),
            texts: corpus.names.clone(),
            notes: found.notes.clone(),
            measured: tested.how.clone(),
            baselines: vec![("the shares of the classes".into(), figures_of(&tested, &tested.shares).loss())],
            test: figures,
            tried: fitted.tried.clone(),
            made: Made {
                chosen: fitted.chosen,
                chosen_on: fitted.chosen_on,
                ngrams: fitted.ngrams,
                kept: fitted.kept,
                small_loss: fitted.small_loss,
                characters: fitted.places,
            },
            surprises: surprises(&tested),
            model: Files {
                model_sha256: model::sha256(&bytes),
                model_bytes: bytes.len(),
                module: module_name.clone(),
                module_sha256: model::sha256(&module),
                module_bytes: module.len(),
                largest_difference,
                example: file::example(&train),
            },
            settings: serde_json::to_value(&identity.training.settings).map_err(TrainingError::from)?,
            seconds: started.elapsed().as_secs_f64(),
        };
        self.console.finish();
        print(&words::report(&report, &folder))?;
        artifacts.publish(&[
            (module_name.as_str(), module),
            ("model.safetensors", bytes),
            ("report.json", pretty(&report)?),
        ])?;
        Ok(())
    }

    /// What the model is called: by the user, or after the file, in letters, digits, `-` and `_`.
    fn name(&self) -> String {
        let stem = file_name(&self.options.data);
        let stem = stem.split('.').find(|part| !part.is_empty()).unwrap_or("texts");
        let name = self.options.name.as_deref().unwrap_or(stem);
        let plain = |c: char| if c.is_alphanumeric() || c == '-' || c == '_' { c } else { '-' };
        name.chars().map(plain).collect()
    }

    /// Keeps a random sample of very many texts.
    fn sample(&self, corpus: &mut Corpus, notes: &mut Vec<String>) {
        let bytes: usize = corpus.texts.iter().flat_map(|parts| parts.iter().map(String::len)).sum();
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

    fn fit(&self, train: &Corpus) -> Result<Fitted, TabularError> {
        let settings = &self.options.settings;
        let names: usize = train.classes().iter().map(|name| 2 * name.len() + 16).sum();
        let runner = pack::RUNNERS.iter().find(|runner| runner.name == "runner-characters");
        let taken = runner.map_or(0, |runner| runner.wasm.len()) + OVERHEAD + names;
        let wishes = Wishes {
            bytes: (settings.size as usize * 1024).saturating_sub(taken),
            seed: settings.seed,
        };
        fit::fit(train, wishes, self.console)
    }

    /// Sets texts aside, fits a model to the others, and answers those that are aside. Few texts are cross-validated, and then
    /// learnt from as a whole.
    fn measure(
        &self,
        identity: &Identity,
        corpus: &Corpus,
    ) -> Result<(Option<(Corpus, Fitted)>, Tested), TabularError> {
        if let Some(path) = &self.options.test {
            let progress = |done, total| self.console.read(done, total);
            let test = read_like(path, corpus, &self.options.columns, &progress)?;
            let fitted = self.fit(corpus)?;
            let how = format!("on the {} texts of {}", test.rows(), file_name(path));
            let tested = self.test(identity, corpus, &fitted, test, how)?;
            return Ok((Some((corpus.clone(), fitted)), tested));
        }
        if let Some(count) = self.options.cross_validate {
            return Ok((None, self.cross_validate(identity, corpus, count)?));
        }
        if corpus.rows() < SMALL {
            let tested = self.cross_validate(identity, corpus, FOLDS)?;
            self.console.begin(String::new());
            let fitted = self.fit(corpus)?;
            return Ok((Some((corpus.clone(), fitted)), tested));
        }
        let numbers = folds(&corpus.table, HELD_OUT, self.options.settings.seed, 1);
        let [test_rows, train_rows] = rows_of(&numbers, 0);
        let train = corpus.select(&train_rows);
        let fitted = self.fit(&train)?;
        let how = format!("on {} texts that were held out", test_rows.len());
        let tested = self.test(identity, &train, &fitted, corpus.select(&test_rows), how)?;
        Ok((Some((train, fitted)), tested))
    }

    fn cross_validate(&self, identity: &Identity, corpus: &Corpus, count: u8) -> Result<Tested, TabularError> {
        let count = usize::from(count).min(corpus.rows());
        let numbers = folds(&corpus.table, count, self.options.settings.seed, 1);
        let width = corpus.classes().len();
        let mut whole = Tested {
            how: format!("by cross-validation with {count} folds: each text by a model that has not seen it"),
            answers: vec![0.0; corpus.rows() * width],
            shares: vec![0.0; corpus.rows() * width],
            corpus: corpus.clone(),
        };
        for fold in 0..count as u8 {
            self.console.begin(format!("fold {} of {count}, ", fold + 1));
            let [test_rows, train_rows] = rows_of(&numbers, fold);
            let train = corpus.select(&train_rows);
            let fitted = self.fit(&train)?;
            let tested = self.test(identity, &train, &fitted, corpus.select(&test_rows), String::new())?;
            place(&mut whole.answers, &tested.answers, &test_rows, width);
            place(&mut whole.shares, &tested.shares, &test_rows, width);
        }
        Ok(whole)
    }

    /// Answers the texts of `test` with a model fitted to `train`.
    fn test(
        &self,
        identity: &Identity,
        train: &Corpus,
        fitted: &Fitted,
        test: Corpus,
        how: String,
    ) -> Result<Tested, TabularError> {
        let shares = constant(&train.table);
        let bytes = file::bytes(identity, train, fitted, BTreeMap::new())?;
        let answers = measure::answers(&AlignedBytes::new(&bytes), &test, &shares)?;
        let shares: Vec<f32> = shares.iter().map(|share| *share as f32).collect();
        Ok(Tested {
            how,
            answers,
            shares: shares.repeat(test.rows()),
            corpus: test,
        })
    }
}

fn place(all: &mut [f32], some: &[f32], rows: &[u32], width: usize) {
    for (row, answer) in rows.iter().zip(some.chunks_exact(width)) {
        all[*row as usize * width..][..width].copy_from_slice(answer);
    }
}

fn figures_of(tested: &Tested, answers: &[f32]) -> Figures {
    let target = &tested.corpus.table.target;
    figures(&target.kind, answers, &target.values, 0.0)
}

/// The texts with wrong answers whose true class was the least probable.
fn surprises(tested: &Tested) -> Vec<Surprise> {
    let classes = tested.corpus.classes();
    let labels = tested.corpus.labels();
    let answer = |row: usize| &tested.answers[row * classes.len()..][..classes.len()];
    let mut rows: Vec<usize> = (0..labels.len()).filter(|row| kernels::argmax(answer(*row)) != labels[*row]).collect();
    rows.sort_by(|a, b| answer(*a)[labels[*a]].total_cmp(&answer(*b)[labels[*b]]));
    let of = |row: &usize| Surprise {
        line: tested.corpus.lines.get(*row).copied().unwrap_or(0),
        row: tested.corpus.json(*row),
        truth: classes[labels[*row]].clone(),
        answer: classes[kernels::argmax(answer(*row))].clone(),
        amount: answer(*row)[labels[*row]].into(),
    };
    rows.iter().take(SURPRISES).map(of).collect()
}

fn file_name(path: &Path) -> String {
    let name = PathBuf::from(path.file_name().unwrap_or_default());
    name.display().to_string()
}

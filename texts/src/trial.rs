//! Which texts are learnt from, and which are measured on.

use std::collections::BTreeMap;
use std::path::Path;

use model::AlignedBytes;
use tabular::error::TabularError;
use tabular::file::Identity;
use tabular::fit::{SMALL, constant};
use tabular::folds::{folds, rows_of};
use tabular::measure;
use tabular::progress::Console;
use tabular::tested::Tested;
use tabular::trial::ANSWERS;
use tabular::view::Subject;
use training::journal::Journal;
use training::shell::file_name;

use crate::corpus::Corpus;
use crate::file;
use crate::fit::{self, Fitted};
use crate::job::Wishes;
use crate::options::Options;
use crate::read::read_like;

/// Folds of the cross-validation that few texts get in place of a test.
const FOLDS: u8 = 5;
/// Held-out texts are one of so many.
const HELD_OUT: usize = 5;
/// Bytes of a module that are neither its runner nor n-grams, apart from names of classes.
const OVERHEAD: usize = 8 * 1024;

/// What models are made for.
pub struct Trial<'a> {
    /// What the user asks for.
    pub options: &'a Options,
    /// Shows how it goes.
    pub console: &'a Console,
    /// What has been done.
    pub journal: &'a Journal,
    /// What the models are called.
    pub identity: &'a Identity,
}

/// A model with the texts that it has learnt from.
pub type Trained = (Corpus, Fitted);

/// The texts that were answered, and the answers.
pub struct Measured {
    /// The texts.
    pub corpus: Corpus,
    /// The answers.
    pub tested: Tested,
}

impl Trial<'_> {
    /// Sets texts aside, fits a model to the others, and answers those that are aside. Few texts are cross-validated, and then
    /// learnt from as a whole. There is no model if cross-validation is asked for.
    ///
    /// # Errors
    ///
    /// If a file cannot be read, or the user interrupts.
    pub fn measure(&self, corpus: &Corpus) -> Result<(Option<Trained>, Measured), TabularError> {
        if let Some(path) = &self.options.test {
            return self.with_test(corpus, path);
        }
        if let Some(count) = self.options.cross_validate {
            return Ok((None, self.cross_validate(corpus, count)?));
        }
        if corpus.rows() < SMALL {
            let tested = self.cross_validate(corpus, FOLDS)?;
            self.begin(String::new());
            let fitted = self.fit(corpus)?;
            return Ok((Some((corpus.clone(), fitted)), tested));
        }
        let numbers = folds(&corpus.table, HELD_OUT, self.options.settings.seed, 1);
        let [test, train] = rows_of(&numbers, 0);
        let train = corpus.select(&train);
        let fitted = self.fit(&train)?;
        let how = format!("on {} texts that were held out", test.len());
        let tested = self.test((&train, &fitted), corpus.select(&test), how)?;
        Ok((Some((train, fitted)), tested))
    }

    fn with_test(
        &self,
        corpus: &Corpus,
        path: &Path,
    ) -> Result<(Option<Trained>, Measured), TabularError> {
        let progress = |done, total| self.console.read(done, total);
        let test = read_like(path, corpus, &self.options.columns, &progress)?;
        let fitted = self.fit(corpus)?;
        let how = format!("on the {} texts of {}", test.rows(), file_name(path));
        let tested = self.test((corpus, &fitted), test, how)?;
        Ok((Some((corpus.clone(), fitted)), tested))
    }

    fn cross_validate(&self, corpus: &Corpus, count: u8) -> Result<Measured, TabularError> {
        let count = usize::from(count).min(corpus.rows());
        let numbers = folds(&corpus.table, count, self.options.settings.seed, 1);
        let (target, lines) = (&corpus.table.target, corpus.lines.clone());
        let mut tested = Tested::by_folds(Subject::Texts, target, lines, count);
        for fold in 0..count as u8 {
            self.begin(format!("fold {} of {count}, ", fold + 1));
            let [test, train] = rows_of(&numbers, fold);
            let answers = self.journal.part(ANSWERS, || {
                let train = corpus.select(&train);
                let fitted = self.fit(&train)?;
                let part = self.test((&train, &fitted), corpus.select(&test), String::new())?;
                Ok::<_, TabularError>((part.tested.answers, part.tested.baselines))
            })?;
            tested.place(&test, answers);
        }
        Ok(Measured {
            corpus: corpus.clone(),
            tested,
        })
    }

    /// What every step and part begins with from now on.
    fn begin(&self, prefix: String) {
        self.journal.begin(prefix.clone());
        self.console.begin(prefix);
    }

    fn fit(&self, train: &Corpus) -> Result<Fitted, TabularError> {
        let settings = &self.options.settings;
        let names: usize = train.classes().iter().map(|name| 2 * name.len() + 16).sum();
        let taken = pack::CHARACTERS.command.wasm.len() + OVERHEAD + names;
        let wishes = Wishes {
            bytes: (settings.size as usize * 1024).saturating_sub(taken),
            seed: settings.seed,
        };
        fit::fit(train, wishes, self.console, self.journal)
    }

    /// Answers the texts of `test` with a model fitted to `train`, and by the shares of its classes.
    fn test(
        &self,
        (train, fitted): (&Corpus, &Fitted),
        test: Corpus,
        how: String,
    ) -> Result<Measured, TabularError> {
        let shares: Vec<f32> = constant(&train.table).iter().map(|x| *x as f32).collect();
        let bytes = file::bytes(self.identity, train, fitted, BTreeMap::new())?;
        let json = |row| test.json(row);
        let tested = Tested {
            how,
            target: test.table.target.clone(),
            lines: test.lines.clone(),
            answers: measure::answers(&AlignedBytes::new(&bytes), test.rows(), &json, &shares)?,
            baselines: vec![(
                "the shares of the classes".into(),
                shares.repeat(test.rows()),
            )],
        };
        Ok(Measured {
            corpus: test,
            tested,
        })
    }
}

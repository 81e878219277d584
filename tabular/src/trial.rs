//! Sets rows aside, fits a model to the others, and answers those that are aside.

use std::collections::BTreeMap;

use model::{AlignedBytes, FrozenLayer};
use training::Backend;
use training::journal::Journal;

use crate::error::TabularError;
use crate::file::{self, Identity};
use crate::fit::{self, Fitted, SMALL, Wishes};
use crate::folds::{folds, rows_of};
use crate::measure;
use crate::options::Options;
use crate::progress::Console;
use crate::run::{pick, read_like};
use crate::table::Table;
use crate::target::Kind;
use crate::tested::Tested;
use crate::view::Subject;
use training::shell::file_name;

/// Folds of the cross-validation that a small table gets in place of a test.
const FOLDS: u8 = 5;
/// Held-out rows are one of so many.
const HELD_OUT: usize = 5;
/// Part of a module that is not the model.
const OVERHEAD: usize = 108 * 1024;
/// Words of trees of a small table, at most: its models are averaged with those of the folds.
const SMALL_WORDS: usize = 10_000;

/// What the answers to the rows of a fold are called in the journal.
pub const ANSWERS: &str = "answers";

/// What is tried.
pub struct Trial<'a> {
    /// What the user asks for.
    pub options: &'a Options,
    /// Where networks are trained.
    pub backend: Backend,
    /// How it goes.
    pub console: &'a Console,
    /// What has been done.
    pub journal: &'a Journal,
    /// What the model is.
    pub identity: &'a Identity,
    /// All rows that have a target.
    pub table: &'a Table,
    /// Their lines in the file.
    pub lines: Vec<u32>,
}

/// What comes of it.
pub struct Tried {
    /// The rows that the model has learnt from.
    pub train: Table,
    /// The model.
    pub fitted: Fitted,
    /// The rows that it is measured on. It has learnt from them if they were dealt into folds: the answers are those of other
    /// models then.
    pub test: Table,
    /// The answers to these.
    pub tested: Tested,
    /// Whether it has not.
    pub is_apart: bool,
}

impl Trial<'_> {
    /// Fits a model, and measures it on the rows of another file, or on rows that are held out. A small table is cross-validated,
    /// and then learnt from as a whole.
    ///
    /// # Errors
    ///
    /// If a model cannot be fitted, the other file cannot be read, or the user interrupts.
    pub fn run(&self) -> Result<Tried, TabularError> {
        let all: Vec<u32> = (0..self.table.rows() as u32).collect();
        if let Some(path) = &self.options.test {
            let (test, lines) = read_like(self.options, path, self.table, self.console)?;
            let how = format!("on the {} rows of {}", test.rows(), file_name(path));
            return self.apart(&all, test, lines, how);
        }
        if self.table.rows() < SMALL {
            let tested = self.cross_validate(FOLDS)?;
            self.begin(String::new());
            let train = self.table.select(&all);
            let fitted = self.fit(&train)?;
            return Ok(Tried {
                train,
                fitted,
                test: self.table.clone(),
                tested,
                is_apart: false,
            });
        }
        let numbers = folds(self.table, HELD_OUT, self.options.settings.seed, 1);
        let [held_out, rest] = rows_of(&numbers, 0);
        let how = format!("on {} rows that were held out", held_out.len());
        let test = self.table.subset(&held_out);
        self.apart(&rest, test, pick(&self.lines, &held_out), how)
    }

    /// Learns from `rows`, and answers those of `test`.
    fn apart(
        &self,
        rows: &[u32],
        test: Table,
        lines: Vec<u32>,
        how: String,
    ) -> Result<Tried, TabularError> {
        let train = self.table.select(rows);
        let fitted = self.fit(&train)?;
        let mut tested = self.test(&train, &fitted, &test)?;
        (tested.lines, tested.how) = (lines, how);
        Ok(Tried {
            train,
            fitted,
            test,
            tested,
            is_apart: true,
        })
    }

    /// Answers each row by a model that has not seen it.
    ///
    /// # Errors
    ///
    /// If a model cannot be fitted, or the user interrupts.
    pub fn cross_validate(&self, count: u8) -> Result<Tested, TabularError> {
        let count = usize::from(count).min(self.table.rows());
        let numbers = folds(self.table, count, self.options.settings.seed, 1);
        let mut whole = Tested::by_folds(
            Subject::Table,
            &self.table.target,
            self.lines.clone(),
            count,
        );
        for fold in 0..count {
            self.begin(format!("fold {} of {count}, ", fold + 1));
            let [held_out, rest] = rows_of(&numbers, fold as u8);
            let answers = self.journal.part(ANSWERS, || {
                let train = self.table.select(&rest);
                let fitted = self.fit(&train)?;
                let tested = self.test(&train, &fitted, &self.table.subset(&held_out))?;
                Ok::<_, TabularError>((tested.answers, tested.baselines))
            })?;
            whole.place(&held_out, answers);
        }
        Ok(whole)
    }

    /// What every step and part begins with from now on.
    fn begin(&self, prefix: String) {
        self.journal.begin(prefix.clone());
        self.console.begin(prefix);
    }

    fn fit(&self, train: &Table) -> Result<Fitted, TabularError> {
        let settings = &self.options.settings;
        let room = (settings.size as usize * 1024).saturating_sub(OVERHEAD);
        let most = if train.rows() < SMALL {
            SMALL_WORDS
        } else {
            usize::MAX
        };
        let wishes = Wishes {
            families: settings.families(),
            // The rest is for the words and numbers that describe columns.
            words: (room / 2 / size_of::<u32>()).min(most),
            network_bytes: room * 3 / 10,
            seed: settings.seed,
            backend: self.backend,
        };
        fit::fit(train, &wishes, self.console, self.journal)
    }

    /// Answers the rows of `test` with a model fitted to `train`, and with simpler ones.
    fn test(&self, train: &Table, fitted: &Fitted, test: &Table) -> Result<Tested, TabularError> {
        let answer = |layers: &[FrozenLayer]| {
            let output = file::output(train, fitted);
            let layers = layers.to_vec();
            let bytes = file::bytes(self.identity, train, layers, output, BTreeMap::new())?;
            measure::answers(
                &AlignedBytes::new(&bytes),
                test.rows(),
                &|row| test.json(row, None),
                &[],
            )
        };
        let constant: Vec<f32> = fit::constant(train).iter().map(|x| *x as f32).collect();
        let name = match train.target.kind {
            Kind::Number => "the mean",
            Kind::Classes(_) => "the shares of the classes",
        };
        let mut baselines = vec![(name.to_owned(), constant.repeat(test.rows()))];
        if let Some(layers) = &fitted.linear {
            baselines.push(("linear model".into(), answer(layers)?));
        }
        Ok(Tested {
            how: String::new(),
            target: test.target.clone(),
            lines: Vec::new(),
            answers: answer(&fitted.layers)?,
            baselines,
        })
    }
}

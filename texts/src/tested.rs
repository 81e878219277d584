//! Texts that were not learnt from, and the answers to them.

use std::collections::BTreeMap;

use model::AlignedBytes;
use tabular::error::TabularError;
use tabular::file::Identity;
use tabular::fit::constant;
use tabular::measure::{Figures, figures};
use tabular::report::Surprise;

use crate::corpus::Corpus;
use crate::fit::Fitted;
use crate::{file, measure};

/// Texts that are shown with wrong answers.
const SURPRISES: usize = 10;

/// Texts that were not learnt from, and the answers to them.
#[derive(Debug)]
pub struct Tested {
    /// How they were set apart, in words.
    pub how: String,
    /// The texts.
    pub corpus: Corpus,
    /// The probability of each class for each text.
    answers: Vec<f32>,
    /// The same by the shares of the classes among the texts that were learnt from.
    shares: Vec<f32>,
}

impl Tested {
    /// Answers the texts of `test` with a model fitted to `train`.
    ///
    /// # Errors
    ///
    /// If the runtime refuses a text.
    pub fn new(
        (identity, train, fitted): (&Identity, &Corpus, &Fitted),
        test: Corpus,
        how: String,
    ) -> Result<Self, TabularError> {
        let shares = constant(&train.table);
        let bytes = file::bytes(identity, train, fitted, BTreeMap::new())?;
        let answers = measure::answers(&AlignedBytes::new(&bytes), &test, &shares)?;
        let shares: Vec<f32> = shares.iter().map(|share| *share as f32).collect();
        Ok(Self {
            how,
            answers,
            shares: shares.repeat(test.rows()),
            corpus: test,
        })
    }

    /// All texts of `corpus`, without answers as yet.
    #[must_use]
    pub fn unanswered(corpus: &Corpus, how: String) -> Self {
        let numbers = corpus.rows() * corpus.classes().len();
        Self {
            how,
            answers: vec![0.0; numbers],
            shares: vec![0.0; numbers],
            corpus: corpus.clone(),
        }
    }

    /// Takes the answers of `part`, which has the texts number `rows` of this.
    pub fn take(&mut self, part: &Self, rows: &[u32]) {
        let width = self.corpus.classes().len();
        for (all, some) in [
            (&mut self.answers, &part.answers),
            (&mut self.shares, &part.shares),
        ] {
            for (row, answer) in rows.iter().zip(some.chunks_exact(width)) {
                all[*row as usize * width..][..width].copy_from_slice(answer);
            }
        }
    }

    /// What the answers are worth.
    #[must_use]
    pub fn figures(&self) -> Figures {
        self.figures_of(&self.answers)
    }

    /// The log-loss of the shares of the classes.
    #[must_use]
    pub fn loss_of_shares(&self) -> f64 {
        self.figures_of(&self.shares).loss()
    }

    fn figures_of(&self, answers: &[f32]) -> Figures {
        let target = &self.corpus.table.target;
        figures(&target.kind, answers, &target.values, 0.0)
    }

    /// The texts with wrong answers whose true class was the least probable.
    #[must_use]
    pub fn surprises(&self) -> Vec<Surprise> {
        let classes = self.corpus.classes();
        let labels = self.corpus.labels();
        let answer = |row: usize| &self.answers[row * classes.len()..][..classes.len()];
        let is_wrong = |row: &usize| kernels::argmax(answer(*row)) != labels[*row];
        let mut rows: Vec<usize> = (0..labels.len()).filter(is_wrong).collect();
        rows.sort_by(|a, b| answer(*a)[labels[*a]].total_cmp(&answer(*b)[labels[*b]]));
        let of = |row: &usize| Surprise {
            line: self.corpus.lines.get(*row).copied().unwrap_or(0),
            row: self.corpus.json(*row),
            truth: classes[labels[*row]].clone(),
            answer: classes[kernels::argmax(answer(*row))].clone(),
            amount: answer(*row)[labels[*row]].into(),
        };
        rows.iter().take(SURPRISES).map(of).collect()
    }
}

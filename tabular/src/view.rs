//! What a report says, of a table or of texts: what its page shows.

use training::epoch::Epoch;
use training::metrics::Score;

use crate::measure::Figures;
use crate::report::{Data, Files, Report, Summary, Surprise};

/// What a model learns from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A table: one row, one answer.
    Table,
    /// Texts: one text, one answer.
    Texts,
    /// Pictures: one picture, one answer.
    Images,
}

impl Subject {
    /// The program that trains such models.
    #[must_use]
    pub fn program(self) -> &'static str {
        match self {
            Self::Table => "tabular",
            Self::Texts => "texts",
            Self::Images => "images",
        }
    }

    /// What one answer is given to.
    #[must_use]
    pub fn one(self) -> &'static str {
        match self {
            Self::Table => "row",
            Self::Texts => "text",
            Self::Images => "picture",
        }
    }

    /// Several of them.
    #[must_use]
    pub fn many(self) -> &'static str {
        match self {
            Self::Table => "rows",
            Self::Texts => "texts",
            Self::Images => "pictures",
        }
    }

    /// How many of those with wrong answers are shown.
    #[must_use]
    pub fn shown(self) -> usize {
        match self {
            Self::Table | Self::Texts => 10,
            Self::Images => 48,
        }
    }

    /// The same at the beginning of a heading.
    #[must_use]
    pub fn heading(self) -> &'static str {
        match self {
            Self::Table => "Rows",
            Self::Texts => "Texts",
            Self::Images => "Pictures",
        }
    }
}

/// How the training of a network went.
#[derive(Debug, Clone, Copy)]
pub struct Curves<'a> {
    /// The epochs.
    pub history: &'a [Epoch],
    /// The number of the epoch that is kept.
    pub kept: usize,
    /// What was followed beside the loss.
    pub score: Score,
}

/// A model beside others.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// What it is.
    pub name: String,
    /// Its log-loss or RMSE.
    pub loss: f64,
    /// Its share of the blend, if it is a member of one.
    pub share: Option<f64>,
}

impl Compared {
    /// A model that is no member of a blend.
    #[must_use]
    pub fn new(name: impl Into<String>, loss: f64) -> Self {
        Self {
            name: name.into(),
            loss,
            share: None,
        }
    }

    /// The share in percent; nothing if there is none.
    #[must_use]
    pub fn percent(&self) -> String {
        self.share
            .map(|share| format!("{:.0} %", 100.0 * share))
            .unwrap_or_default()
    }
}

/// Whether any of `compared` is a member of a blend.
#[must_use]
pub fn is_blend(compared: &[Compared]) -> bool {
    compared.iter().any(|model| model.share.is_some())
}

/// What a page shows. What is empty is left out.
#[derive(Debug, Clone)]
pub struct View<'a> {
    /// What the model learns from.
    pub subject: Subject,
    /// Name of the model.
    pub name: &'a str,
    /// Version of the trainer.
    pub version: &'a str,
    /// The data.
    pub data: &'a Data,
    /// What is predicted.
    pub target: &'a Summary,
    /// Names of its classes; none if it is a number.
    pub classes: &'a [String],
    /// The columns that a table is learnt from.
    pub columns: &'a [Summary],
    /// What was decided on the way, in sentences.
    pub notes: &'a [String],
    /// How `test` was measured, in words.
    pub measured: &'a str,
    /// How good the model is on rows that it has not learnt from.
    pub test: &'a Figures,
    /// Simpler models, and their losses on the same rows.
    pub baselines: &'a [(String, f64)],
    /// All models that are compared, this one last.
    pub compared: Vec<Compared>,
    /// By how much the loss grows without each column, the largest first.
    pub importance: &'a [(String, f64)],
    /// For each class the words that speak most for it.
    pub words: &'a [(String, Vec<String>)],
    /// Rows whose answers were most wrong.
    pub surprises: &'a [Surprise],
    /// The files that were written.
    pub model: &'a Files,
    /// How training went, epoch by epoch, of a network alone.
    pub curves: Option<Curves<'a>>,
    /// How it was made.
    pub settings: &'a serde_json::Value,
    /// How long it took, in seconds.
    pub seconds: f64,
}

impl Report {
    /// What the page of a table shows.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        View {
            subject: Subject::Table,
            name: &self.name,
            version: &self.version,
            data: &self.data,
            target: &self.target,
            classes: &self.classes,
            columns: &self.columns,
            notes: &self.notes,
            measured: &self.measured,
            test: &self.test,
            baselines: &self.baselines,
            compared: self.compared(),
            importance: &self.importance,
            words: &[],
            surprises: &self.surprises,
            model: &self.model,
            curves: None,
            settings: &self.settings,
            seconds: self.seconds,
        }
    }

    /// Simpler models, the members on folds, and this model.
    #[must_use]
    pub fn compared(&self) -> Vec<Compared> {
        let mut compared = baselines(&self.baselines);
        compared.extend(self.members.iter().map(|member| Compared {
            share: Some(member.share),
            ..Compared::new(format!("on folds: {}", member.name), member.loss)
        }));
        compared.push(Compared::new("this model", self.test.loss()));
        compared
    }
}

/// Simpler models as they are compared.
#[must_use]
pub fn baselines(baselines: &[(String, f64)]) -> Vec<Compared> {
    let compared = |(name, loss): &(String, f64)| Compared::new(format!("{name} alone"), *loss);
    baselines.iter().map(compared).collect()
}

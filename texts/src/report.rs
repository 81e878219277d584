//! What a run says of itself: `report.json`, and the same as a page.

use serde::Serialize;
use tabular::measure::Figures;
use tabular::report::{Data, Files, Summary, Surprise};
use tabular::view::{Compared, Subject, View, baselines};

use crate::fit::Tried;

/// All that is known of a model and its texts.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Name of the model.
    pub name: String,
    /// Version of the trainer.
    pub version: String,
    /// The data.
    pub data: Data,
    /// What is predicted.
    pub target: Summary,
    /// The classes, in the order of the confusion matrix.
    pub classes: Vec<String>,
    /// The columns of the text.
    pub texts: Vec<String>,
    /// What was decided on the way, in sentences.
    pub notes: Vec<String>,
    /// How `test` was measured, in words.
    pub measured: String,
    /// How good the model is on texts that it has not learnt from.
    pub test: Figures,
    /// Its log-loss beside those of simpler ones on the same texts.
    pub baselines: Vec<(String, f64)>,
    /// The settings that were tried on folds.
    pub tried: Vec<Tried>,
    /// How the model was made.
    pub made: Made,
    /// For each class the words and pairs of words that speak most for it.
    pub words: Vec<(String, Vec<String>)>,
    /// The texts whose answers were most wrong.
    pub surprises: Vec<Surprise>,
    /// The files that were written.
    pub model: Files,
    /// How it was made.
    pub settings: serde_json::Value,
    /// How long it took, in seconds.
    pub seconds: f64,
}

/// What was chosen, and what it costs to make it small.
#[derive(Debug, Serialize)]
pub struct Made {
    /// The settings that were chosen.
    pub chosen: Tried,
    /// How many texts the settings were chosen on.
    pub chosen_on: usize,
    /// The n-grams that at least two texts have.
    pub ngrams: usize,
    /// The n-grams of the model.
    pub kept: usize,
    /// The log-loss on folds of models with so few n-grams, and weights of 8 bits.
    pub small_loss: f64,
    /// Characters of a text that the model reads.
    pub characters: usize,
}

impl Report {
    /// What the page of texts shows.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        View {
            subject: Subject::Texts,
            name: &self.name,
            version: &self.version,
            data: &self.data,
            target: &self.target,
            classes: &self.classes,
            columns: &[],
            notes: &self.notes,
            measured: &self.measured,
            test: &self.test,
            baselines: &self.baselines,
            compared: self.compared(),
            importance: &[],
            words: &self.words,
            surprises: &self.surprises,
            model: &self.model,
            curves: None,
            settings: &self.settings,
            seconds: self.seconds,
        }
    }

    /// Simpler models, models on folds before and after they were made small, and this model.
    #[must_use]
    pub fn compared(&self) -> Vec<Compared> {
        let on = if self.made.chosen_on < self.data.training_rows {
            "on folds of some"
        } else {
            "on folds"
        };
        let mut compared = baselines(&self.baselines);
        compared.extend([
            Compared::new(format!("{on}: all n-grams"), self.made.chosen.loss),
            Compared::new("on folds: as in the module", self.made.small_loss),
            Compared::new("this model", self.test.loss()),
        ]);
        compared
    }
}

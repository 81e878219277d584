//! AG News as an [`Algorithm`].

use std::path::PathBuf;
use std::vec;
use std::vec::Vec;

use burn::tensor::Device;
use inference::frozen::Input;
use rand::RngExt;
use training::layers::TextFeatures;
use training::progress::Loading;
use training::random::Random;
use training::schedule::Schedule;
use training::settings::Settings;
use training::source::{Remote, Source};
use training::split::{Rows, Split};
use training::task::Classes;
use training::{Algorithm, TrainingError};

use crate::data::{CLASSES, News, Words, remote};
use crate::input::TEXT;
use crate::model::{Model, SIZE};

/// Of how many training articles one is for validation.
const VALIDATION: usize = 20;

impl Algorithm for News {
    const NAME: &'static str = "agnews";
    const ABOUT: &'static str = "Trains a network that tells what a news article is about: the world, \
                                 sports, business, or science and technology. --data takes folders \
                                 and files, several to train on if need be";
    const SOURCE: Source = Source {
        folders: &["data", "agnews/data"],
        remote: Some(Remote {
            mirror: remote::MIRROR,
            files: &remote::FILES,
            folder: "data/ag_news_csv",
        }),
        several: true,
    };

    const PREFETCHED: bool = true;

    type Task = Classes;
    type Model = Model;

    /// Chosen on validation articles.
    fn defaults() -> Settings {
        Settings {
            epochs: 6,
            batch_size: 256,
            learning_rate: 5e-3,
            schedule: Schedule::Cosine,
            weight_decay: 0.3,
            label_smoothing: 0.0,
            averaging: 0.99,
            patience: 6,
            seed: 42,
            calibrated: true,
            group_duplicates: false,
        }
    }

    fn load(data: &[PathBuf], loading: &Loading) -> Result<Self, TrainingError> {
        Self::load(data, &|done, total| {
            loading.show("files", done as u64, total as u64);
        })
    }

    fn input() -> Input {
        TEXT.into()
    }

    fn data_sha256(&self) -> &str {
        &self.sha256
    }

    fn task(&self) -> &Classes {
        &self.topics
    }

    /// The test articles are those of the test file.
    fn split(&self, rows: &Rows<'_>, seed: u64) -> Split {
        let rest: Vec<_> = (0..self.train).collect();
        let test = (self.train..rows.len()).collect();
        Split::with_test(rows, &rest, test, rest.len() / VALIDATION, seed)
    }

    fn inputs(&self, rows: &[usize]) -> Vec<f32> {
        slots(rows.iter().map(|row| &self.published[*row]))
    }

    /// With what the collection has left in the texts, or without: one as likely as the other.
    fn augmented(&self, rows: &[usize], random: &mut Random) -> Vec<f32> {
        slots(rows.iter().map(|row| match random.random::<bool>() {
            true => &self.published[*row],
            false => self.cleaned.get(*row).unwrap_or(&self.published[*row]),
        }))
    }

    fn model(&self, train: &[usize], random: &mut Random, device: &Device) -> Model {
        let forms = [&self.published, &self.cleaned];
        let texts = (train.iter())
            .flat_map(|row| {
                forms
                    .iter()
                    .filter_map(|form| Some((form.get(*row)?, *row)))
            })
            .map(|(words, row)| (slots([words].into_iter()), self.topics.labels[row]));
        let features = TextFeatures::fit(texts, CLASSES.len(), SIZE, random, device);
        Model::new(features, random, device)
    }
}

/// Texts in slots, one after the other.
fn slots<'a>(texts: impl Iterator<Item = &'a Words>) -> Vec<f32> {
    let mut slots = Vec::new();
    for words in texts {
        let mut row = vec![0.0; TEXT.slots];
        for (slot, word) in row.iter_mut().zip(words) {
            *slot = (word + 1) as f32;
        }
        slots.extend(row);
    }
    slots
}

//! AG News as an [`Algorithm`].

use std::path::PathBuf;

use burn::tensor::Device;
use datasets::json;
use datasets::news::{self, CLASSES, News, Tokens, remote};
use datasets::source::{Remote, Source};
use model::{Input, Text, ngrams};
use pack::Runners;
use rand::RngExt;
use tabular::looped::{Looped, page};
use tabular::preset::Targets;
use tabular::view::Subject;
use training::artifacts::NamedBytes;
use training::layers::{Network, TextFeatures};
use training::loading::Loading;
use training::random::Random;
use training::report::Outcome;
use training::settings::Settings;
use training::split::{Rows, Split};
use training::task::Classes;
use training::{Algorithm, Learner, TrainingError};

use crate::model::{SIZE, network};

/// Of how many training articles one is for validation.
const VALIDATION: usize = 20;

/// News articles, and what is to be learnt of them.
pub struct AgNews {
    news: News,
    topics: Classes,
    schema: Text,
}

impl Learner for AgNews {
    const PREFETCHED: bool = true;

    // Before each of these rounds, a hundred thousand words and n-grams are rounded.
    const PREDICTED_AT_ONCE: usize = 4096;

    type Task = Classes;

    fn task(&self) -> &Classes {
        &self.topics
    }

    fn inputs(&self, rows: &[usize]) -> Vec<f32> {
        self.padded(rows.iter().map(|row| &self.news.published[*row]))
    }

    /// With what the collection has left in the texts, or without: one as likely as the other.
    fn augmented(&self, rows: &[usize], random: &mut Random) -> Vec<f32> {
        let news = &self.news;
        self.padded(rows.iter().map(|row| match random.random::<bool>() {
            true => &news.published[*row],
            false => news.cleaned.get(*row).unwrap_or(&news.published[*row]),
        }))
    }

    fn model(&self, _: usize, train: &[usize], random: &mut Random, device: &Device) -> Network {
        let forms = [&self.news.published, &self.news.cleaned];
        let texts = (train.iter())
            .flat_map(|row| {
                forms
                    .iter()
                    .filter_map(|form| Some((form.get(*row)?, *row)))
            })
            .map(|(tokens, row)| (self.padded([tokens].into_iter()), self.topics.labels[row]));
        let features = TextFeatures::fit(texts, CLASSES.len(), SIZE, random, device);
        network(features, random, device)
    }
}

impl Algorithm for AgNews {
    const NAME: &'static str = "agnews";

    const ABOUT: &'static str = "Trains a network that tells what a news article is about: the world, \
                                 sports, business, or science and technology. --data takes folders \
                                 and files, several to train on if need be";

    const RUNNERS: Runners = pack::TEXT;
    const SOURCE: Source = Source {
        folders: &["data", "agnews/data"],
        remote: Some(Remote {
            mirror: remote::MIRROR,
            files: &remote::FILES,
            folder: "data/ag_news_csv",
        }),
        several: true,
        images: false,
        own: false,
    };

    type Options = ();

    /// Chosen on validation articles.
    fn defaults() -> Settings {
        Settings {
            epochs: 6,
            batch_size: 256,
            learning_rate: 5e-3,
            weight_decay: 0.3,
            patience: 6,
            calibrated: true,
            ..Settings::default()
        }
    }

    fn load(data: &[PathBuf], loading: &Loading, (): &()) -> Result<Self, TrainingError> {
        let news = News::load(data, &|done, total| {
            loading.show("files", done as u64, total as u64);
        })?;
        let topics = Classes::new(&CLASSES, news.labels.clone());
        Ok(Self {
            news,
            topics,
            schema: news::schema(),
        })
    }

    fn example(&self) -> &'static str {
        r#"{"title": "Late goal sends Ajax to the final", "description": "A header in the last minute of the match won the cup tie for the visitors."}"#
    }

    fn module_about(&self) -> String {
        "Tells what a news article is about: the world, sports, business, or science and technology.".into()
    }

    fn input(&self) -> Input {
        Input::Text(news::schema())
    }

    fn data_sha256(&self) -> &str {
        &self.news.sha256
    }

    /// The test articles are those of the test file.
    fn split(&self, rows: &Rows<'_>, seed: u64) -> Split {
        let rest: Vec<_> = (0..self.news.train).collect();
        let test = (self.news.train..rows.len()).collect();
        Split::with_test(rows, &rest, test, rest.len() / VALIDATION, seed)
    }

    fn files(&self, outcome: &Outcome<'_>) -> Result<Vec<NamedBytes<'static>>, TrainingError> {
        page(&Looped {
            subject: Subject::Texts,
            outcome,
            test: None,
            target: &self.topics.target("the topic"),
            columns: &[],
            notes: &[],
            example: self.example(),
            show: &|row| self.json(row),
            line: &|row| (row + 1) as u32,
        })
    }

    fn json(&self, row: usize) -> String {
        json::text(&self.schema, &self.news.texts[row])
    }
}

impl AgNews {
    /// What the network takes for `texts`, one after the other.
    fn padded<'a>(&self, texts: impl Iterator<Item = &'a Tokens>) -> Vec<f32> {
        let mut numbers = Vec::new();
        for tokens in texts {
            let start = numbers.len();
            numbers.resize(start + self.schema.max_tokens, 0.0);
            ngrams::place(tokens.iter().copied(), &mut numbers[start..]);
        }
        numbers
    }
}

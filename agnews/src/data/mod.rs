//! AG News: articles of four kinds (X. Zhang, J. Zhao and Y. `LeCun`, "Character-level convolutional
//! networks for text classification", NIPS 2015), made from A. Gulli's corpus; for research and other
//! non-commercial use.

mod articles;
pub mod files;
pub mod remote;

use std::format;
use std::fs;
use std::path::{Path, PathBuf};
use std::string::String;
use std::vec;
use std::vec::Vec;

use inference::frozen::sha256;
use inference::ngrams::words_in;
use training::TrainingError;
use training::split::FEWEST_ROWS;
use training::task::Classes;

use crate::cleaning;
use crate::input::TEXT;

pub use articles::{Article, CLASSES, read};

/// The words of a text as numbers, as many as there are slots at most.
pub type Words = Vec<u32>;

/// Articles of news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// Their words, as published.
    pub published: Vec<Words>,
    /// Their words without what the collection has left in them; of the training part alone.
    pub cleaned: Vec<Words>,
    /// What they are about, out of [`CLASSES`].
    pub topics: Classes,
    /// Articles before this index are the training part, the others the test part.
    pub train: usize,
    /// SHA-256, in hexadecimal, of the files' digests, one after the other.
    pub sha256: String,
}

impl News {
    /// Reads the files in `data`: see [`files::locate`]. Tells `progress` how many are read, and how
    /// many there are.
    ///
    /// # Errors
    ///
    /// If a file is missing or not what it should be; names it and the line.
    pub fn load(data: &[PathBuf], progress: &dyn Fn(usize, usize)) -> Result<Self, TrainingError> {
        let files = files::locate(data)?;
        let mut news = Self {
            published: Vec::new(),
            cleaned: Vec::new(),
            topics: Classes {
                names: &CLASSES,
                labels: Vec::new(),
            },
            train: 0,
            sha256: String::new(),
        };
        let mut digests = String::new();
        let total = files.train.len() + 1;
        for (number, path) in files.train.iter().chain([&files.test]).enumerate() {
            progress(number, total);
            let bytes = fs::read(path).map_err(|source| TrainingError::ReadData {
                path: path.clone(),
                source,
            })?;
            digests += &sha256(&bytes);
            let is_training = number < files.train.len();
            for article in read(path, &bytes)? {
                news.push(article, is_training);
            }
            if number + 1 >= files.train.len() {
                news.has_enough(path, is_training)?;
            }
        }
        news.sha256 = sha256(digests.as_bytes());
        Ok(news)
    }

    fn push(&mut self, article: Article, is_training: bool) {
        let parts = [article.title, article.description];
        if is_training {
            self.cleaned
                .push(words(&parts.each_ref().map(|part| cleaning::remove(part))));
            self.train += 1;
        }
        self.published.push(words(&parts));
        self.topics.labels.push(article.class);
    }

    /// Checks, after the last file of a part, that the part has articles of every class.
    fn has_enough(&self, path: &Path, is_training: bool) -> Result<(), TrainingError> {
        let labels = if is_training {
            self.topics.labels.get(..self.train)
        } else {
            self.topics.labels.get(self.train..)
        };
        for (class, name) in CLASSES.iter().enumerate() {
            let count = labels
                .unwrap_or_default()
                .iter()
                .filter(|l| **l == class)
                .count();
            if count < FEWEST_ROWS {
                let problem = format!(
                    "{count} articles of {name} up to the end of this file; expected at least \
                     {FEWEST_ROWS} of each class"
                );
                return Err(TrainingError::BadData {
                    path: path.into(),
                    line: None,
                    problem,
                });
            }
        }
        Ok(())
    }
}

/// The words of a text as the network takes them.
fn words(parts: &[String]) -> Words {
    let mut row = vec![0.0; TEXT.slots];
    TEXT.fill(&(TEXT.words)(parts), &mut row);
    words_in(&row).collect()
}

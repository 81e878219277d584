//! AG News: articles of four kinds (X. Zhang, J. Zhao and Y. `LeCun`, "Character-level convolutional
//! networks for text classification", NIPS 2015), made from A. Gulli's corpus; for research and other
//! non-commercial use.

mod articles;
pub mod cleaning;
pub mod files;
pub mod remote;

use std::format;
use std::fs;
use std::path::{Path, PathBuf};
use std::string::String;
use std::vec;
use std::vec::Vec;

use crate::DataError;
use crate::FEWEST_ROWS;
use model::sha256;
use model::tokenizer::MOST_BUCKETS;
use model::{Text, TextPart, Tokenizer};

pub use articles::{Article, CLASSES, read};

/// What an article is. One has some forty words; what is beyond the limit is not read.
#[must_use]
pub fn schema() -> Text {
    let part = |name: &str, description: &str| TextPart {
        name: name.into(),
        description: description.into(),
    };
    Text {
        parts: vec![
            part("title", "the headline"),
            part(
                "description",
                "the article, or its beginning; a plain string is this part",
            ),
        ],
        max_tokens: 128,
        tokenizer: Tokenizer::Words {
            hash_buckets: MOST_BUCKETS,
        },
    }
}

/// The tokens of a text, as many as are read at most.
pub type Tokens = Vec<u32>;

/// Articles of news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// Title and description of each, as published.
    pub texts: Vec<[String; 2]>,
    /// Their tokens, as published.
    pub published: Vec<Tokens>,
    /// Their tokens without the remains of the collection; of the training part alone.
    pub cleaned: Vec<Tokens>,
    /// What they are about, out of [`CLASSES`].
    pub labels: Vec<usize>,
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
    pub fn load(data: &[PathBuf], progress: &dyn Fn(usize, usize)) -> Result<Self, DataError> {
        let files = files::locate(data)?;
        let schema = schema();
        let mut news = Self {
            texts: Vec::new(),
            published: Vec::new(),
            cleaned: Vec::new(),
            labels: Vec::new(),
            train: 0,
            sha256: String::new(),
        };
        let mut digests = String::new();
        let total = files.train.len() + 1;
        for (number, path) in files.train.iter().chain([&files.test]).enumerate() {
            progress(number, total);
            let bytes = fs::read(path).map_err(|source| DataError::ReadData {
                path: path.clone(),
                source,
            })?;
            digests += &sha256(&bytes);
            let is_training = number < files.train.len();
            for article in read(path, &bytes)? {
                news.push(&schema, article, is_training);
            }
            if number + 1 >= files.train.len() {
                news.has_enough(path, is_training)?;
            }
        }
        news.sha256 = sha256(digests.as_bytes());
        Ok(news)
    }

    fn push(&mut self, schema: &Text, article: Article, is_training: bool) {
        let parts = [article.title, article.description];
        if is_training {
            let cleaned = parts.each_ref().map(|part| cleaning::remove(part));
            self.cleaned.push(tokens(schema, &cleaned));
            self.train += 1;
        }
        self.published.push(tokens(schema, &parts));
        self.texts.push(parts);
        self.labels.push(article.class);
    }

    /// Checks, after the last file of a part, that the part has articles of every class.
    fn has_enough(&self, path: &Path, is_training: bool) -> Result<(), DataError> {
        let labels = if is_training {
            self.labels.get(..self.train)
        } else {
            self.labels.get(self.train..)
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
                return Err(DataError::BadData {
                    path: path.into(),
                    line: None,
                    problem,
                });
            }
        }
        Ok(())
    }
}

/// The tokens of a text.
fn tokens(schema: &Text, parts: &[String]) -> Tokens {
    let mut words = Vec::new();
    for part in parts {
        schema.tokenizer.split(part, &mut words);
    }
    words.truncate(schema.max_tokens);
    let tokens = words.iter().map(|word| schema.tokenizer.token(word));
    tokens.collect()
}

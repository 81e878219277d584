//! The network: sums over words and pairs of words beside windows of words, each with an answer of its
//! own, of which the mean counts.

use burn::module::Module;
use burn::tensor::Device;
use datasets::news::CLASSES;
use training::layers::{Layer, Network, TextFeatures, TextHead, TextSize};
use training::random::Random;

/// How large the network is. It has to fit a module of 4 MiB whatever the size of the training set, so
/// the rarest words and pairs give way.
pub const SIZE: TextSize = TextSize {
    ngrams: 224 * 1024,
    words: 32 * 1024,
    branches: 3,
    size: 16,
    filters: 32,
    learning_rate_multiplier: 2.0,
    ngram_dropout: 0.5,
    word_dropout: 0.3,
};

/// Windows of one, two and three words.
const WINDOWS: usize = 3;
/// Probability that dropout leaves out what a filter has found.
const DROPOUT: f64 = 0.5;

/// The network.
#[derive(Module, Debug)]
pub struct Model {
    features: TextFeatures,
    head: TextHead,
}

impl Model {
    /// A network with fresh weights behind `features`.
    #[must_use]
    pub fn new(features: TextFeatures, random: &mut Random, device: &Device) -> Self {
        let windows = WINDOWS * SIZE.filters;
        Self {
            features,
            head: TextHead::new(
                [SIZE.branches, windows, CLASSES.len()],
                DROPOUT,
                random,
                device,
            ),
        }
    }
}

impl Network for Model {
    const NAME: &'static str = "Model";

    fn layers(&self) -> Vec<(&'static str, &dyn Layer)> {
        vec![("features", &self.features), ("head", &self.head)]
    }
}

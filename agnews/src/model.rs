//! The network: sums over words and pairs of words beside windows of words, each with an answer of its
//! own, of which the mean counts.

use burn::tensor::Device;
use datasets::news::CLASSES;
use training::layers::{Network, TextFeatures, TextHead, TextSize};
use training::random::Random;

/// How large the network is. It has to fit a module of 1.6 MB whatever the size of the training set, so
/// the rarest words and pairs give way.
pub const SIZE: TextSize = TextSize {
    ngrams: 224 * 1024,
    words: 32 * 1024,
    branches: 3,
    size: 12,
    filters: 32,
    learning_rate_multiplier: 2.0,
    ngram_dropout: 0.5,
    word_dropout: 0.3,
};

/// Windows of one, two and three words.
const WINDOWS: usize = 3;
/// Probability that dropout leaves out what a filter has found.
const DROPOUT: f64 = 0.5;

/// A network with fresh weights behind `features`.
#[must_use]
pub fn network(features: TextFeatures, random: &mut Random, device: &Device) -> Network {
    let shape = [SIZE.branches, WINDOWS * SIZE.filters, CLASSES.len()];
    Network::new("Model")
        .then("features", features)
        .then("head", TextHead::new(shape, DROPOUT, random, device))
}

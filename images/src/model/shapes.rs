//! The network that sees which way edges run, and colours: a layer of histograms, and two that learn.

use burn::nn::Gelu;
use burn::tensor::Device;
use training::init::linear;
use training::layers::{Dropout, Histograms, Network, QuantizedLinear};
use training::random::Random;

/// Numbers between the two layers that learn.
const HIDDEN: usize = 256;
/// Probability that dropout sets one of them to zero.
const DROPOUT: f64 = 0.3;

/// A network with fresh weights for pictures of `[height, width, channels]` of so many classes.
pub fn network(shape: [usize; 3], classes: usize, random: &mut Random, device: &Device) -> Network {
    let histograms = Histograms::new(shape);
    let hidden = linear(histograms.outputs(), HIDDEN, random, device);
    Network::new("Shapes")
        .then("histograms", histograms)
        .then("hidden", QuantizedLinear::from(hidden))
        .then("gelu", Gelu::new())
        .then("dropout", Dropout::new(DROPOUT))
        .then("output", linear(HIDDEN, classes, random, device))
}

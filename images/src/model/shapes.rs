//! The network that sees which way edges run, and colours: a layer of histograms, and two that learn.

use burn::module::Module;
use burn::nn::{Gelu, Linear};
use burn::tensor::Device;
use training::init::linear;
use training::layers::{Dropout, Histograms, Layer, Network, QuantizedLinear};
use training::random::Random;

/// Numbers between the two layers that learn.
const HIDDEN: usize = 256;
/// Probability that dropout sets one of them to zero.
const DROPOUT: f64 = 0.3;

/// The network.
#[derive(Module, Debug)]
pub struct Shapes {
    histograms: Histograms,
    hidden: QuantizedLinear,
    gelu: Gelu,
    dropout: Dropout,
    output: Linear,
}

impl Shapes {
    /// A network with fresh weights for pictures of `[height, width, channels]` of so many classes.
    #[must_use]
    pub fn new(shape: [usize; 3], classes: usize, random: &mut Random, device: &Device) -> Self {
        let histograms = Histograms::new(shape);
        let Linear { weight, bias, .. } = linear(histograms.outputs(), HIDDEN, random, device);
        Self {
            histograms,
            hidden: QuantizedLinear { weight, bias },
            gelu: Gelu::new(),
            dropout: Dropout::new(DROPOUT),
            output: linear(HIDDEN, classes, random, device),
        }
    }
}

impl Network for Shapes {
    const NAME: &'static str = "Shapes";

    fn layers(&self) -> Vec<(&'static str, &dyn Layer)> {
        vec![
            ("histograms", &self.histograms),
            ("hidden", &self.hidden),
            ("gelu", &self.gelu),
            ("dropout", &self.dropout),
            ("output", &self.output),
        ]
    }
}

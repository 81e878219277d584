//! The network: three convolutions of 8, 16 and 24 filters, each with batch normalisation and GELU,
//! then 11,616 → 32 → 10.

use burn::module::Module;
use burn::nn::{Gelu, Linear};
use burn::tensor::Device;
use burn_cpu_ops::Geometry;
use datasets::mnist::{DIGITS, SIDE};
use training::init::{trainable, uniform};
use training::layers::{ConvBlock, Dropout, Layer, Network, QuantizedLinear};
use training::random::Random;

/// Filters of the three convolutions.
const FILTERS: [usize; 3] = [8, 16, 24];
const HIDDEN: usize = 32;
/// Probability that dropout sets a number to zero.
const DROPOUT: f64 = 0.5;

/// The network.
#[derive(Module, Debug)]
pub struct Model {
    conv1: ConvBlock,
    conv2: ConvBlock,
    conv3: ConvBlock,
    dropout: Dropout,
    fc1: QuantizedLinear,
    fc2: Linear,
    activation: Gelu,
}

impl Model {
    /// A network with fresh weights.
    #[must_use]
    pub fn new(random: &mut Random, device: &Device) -> Self {
        let [first, second, third] = geometries();
        let features = third.outputs();
        Self {
            conv1: ConvBlock::new(first, random, device),
            conv2: ConvBlock::new(second, random, device),
            conv3: ConvBlock::new(third, random, device),
            dropout: Dropout::new(DROPOUT),
            fc1: QuantizedLinear {
                weight: trainable(uniform([features, HIDDEN], features, random, device)),
                bias: None,
            },
            fc2: Linear {
                weight: trainable(uniform([HIDDEN, DIGITS.len()], HIDDEN, random, device)),
                bias: None,
            },
            activation: Gelu::new(),
        }
    }
}

/// The shapes of the three convolutions.
fn geometries() -> [Geometry; 3] {
    let (mut side, mut channels) = (SIDE, 1);
    FILTERS.map(|filters| {
        let geometry = Geometry {
            height: side,
            width: side,
            channels,
            filters,
        };
        (side, channels) = (geometry.output_width(), filters);
        geometry
    })
}

impl Network for Model {
    const NAME: &'static str = "Model";

    fn layers(&self) -> Vec<(&'static str, &dyn Layer)> {
        vec![
            ("conv1", &self.conv1),
            ("conv2", &self.conv2),
            ("conv3", &self.conv3),
            ("dropout", &self.dropout),
            ("fc1", &self.fc1),
            ("activation", &self.activation),
            ("fc2", &self.fc2),
        ]
    }
}

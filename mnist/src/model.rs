//! The network: three convolutions of 8, 16 and 24 filters, each with batch normalisation and GELU,
//! then 11,616 → 32 → 10.

use burn::nn::{Gelu, Linear};
use burn::tensor::Device;
use burn_cpu_ops::Geometry;
use datasets::mnist::{DIGITS, SIDE};
use training::init::{trainable, uniform};
use training::layers::{ConvBlock, Dropout, Network, QuantizedLinear};
use training::random::Random;

/// Filters of the three convolutions.
const FILTERS: [usize; 3] = [8, 16, 24];
const HIDDEN: usize = 32;
/// Probability that dropout sets a number to zero.
const DROPOUT: f64 = 0.5;

/// A network with fresh weights.
#[must_use]
pub fn network(random: &mut Random, device: &Device) -> Network {
    let [first, second, third] = geometries();
    let features = third.outputs();
    Network::new("Model")
        .then("conv1", ConvBlock::new(first, random, device).fixed_point())
        .then(
            "conv2",
            ConvBlock::new(second, random, device).fixed_point(),
        )
        .then("conv3", ConvBlock::new(third, random, device).fixed_point())
        .then("dropout", Dropout::new(DROPOUT))
        .then(
            "fc1",
            QuantizedLinear::from(without_bias([features, HIDDEN], random, device)).fixed_point(),
        )
        .then("activation", Gelu::new())
        .then("fc2", without_bias([HIDDEN, DIGITS.len()], random, device))
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

/// A layer of the `shape` `[inputs, outputs]`.
fn without_bias(shape: [usize; 2], random: &mut Random, device: &Device) -> Linear {
    Linear {
        weight: trainable(uniform(shape, shape[0], random, device)),
        bias: None,
    }
}

//! The network that sees pixels: four convolutions with batch normalisation and GELU, the picture halved between them, the mean over all
//! pixels, and a linear layer.

use burn::tensor::Device;
use burn_cpu_ops::{Geometry, Pool};
use training::init::linear;
use training::layers::{ConvBlock, Dropout, MaxPool, MeanOfPixels, Network};
use training::random::Random;

/// Filters of the convolutions.
const FILTERS: [usize; BLOCKS] = [16, 32, 64, 96];
/// How many convolutions there are.
const BLOCKS: usize = 4;
/// Sides of what the last convolution sees, at least, in pixels.
const LAST_SIDE: usize = 3;
/// Probability that dropout sets a number to zero.
const DROPOUT: f64 = 0.2;

/// Names of the layers.
const POOLS: [&str; BLOCKS] = ["border", "pool1", "pool2", "pool3"];
const CONVOLUTIONS: [&str; BLOCKS] = ["conv1", "conv2", "conv3", "conv4"];

/// A network with fresh weights for pictures of `[height, width, channels]` of so many classes.
#[must_use]
pub fn network(
    [height, width, channels]: [usize; 3],
    classes: usize,
    random: &mut Random,
    device: &Device,
) -> Network {
    let mut network = Network::new("Pixels");
    let mut pool = Pool {
        height,
        width,
        channels,
        side: 1,
        border: 1,
    };
    let halvings = halvings(height.min(width));
    for (block, filters) in FILTERS.into_iter().enumerate() {
        // A small picture is halved late.
        pool.side = if block > 0 && block + halvings >= BLOCKS {
            2
        } else {
            1
        };
        let geometry = Geometry {
            height: pool.output_height(),
            width: pool.output_width(),
            channels: pool.channels,
            filters,
        };
        let convolution = ConvBlock::new(geometry, random, device).quantized();
        network = network
            .then(POOLS[block], MaxPool::new(pool))
            .then(CONVOLUTIONS[block], convolution);
        pool.height = geometry.output_height();
        pool.width = geometry.output_width();
        pool.channels = filters;
    }
    let mean = MeanOfPixels {
        channels: pool.channels,
    };
    network
        .then("mean", mean)
        .then("dropout", Dropout::new(DROPOUT))
        .then("output", linear(pool.channels, classes, random, device))
}

/// How often a picture with this side can be halved.
fn halvings(side: usize) -> usize {
    (1..BLOCKS)
        .take_while(|count| side >> count >= LAST_SIDE)
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_pictures_are_halved_less_often() {
        for (side, expected) in [(8, 1), (11, 1), (12, 2), (28, 3), (64, 3)] {
            assert_eq!(halvings(side), expected, "{side}");
        }
    }
}

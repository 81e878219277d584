//! The networks that answer together: a convolutional network, and one on histograms of edges and colours. Of a few pictures the
//! second learns more, of many the first.

mod pixels;
mod shapes;

use burn::tensor::Device;
use training::layers::Network;
use training::random::Random;

/// How many kinds there are.
pub const KINDS: usize = 2;

/// A network of the kind `kind` with fresh weights, for pictures of `[height, width, channels]` of so many classes.
#[must_use]
pub fn network(
    kind: usize,
    shape: [usize; 3],
    classes: usize,
    random: &mut Random,
    device: &Device,
) -> Network {
    match kind {
        0 => pixels::network(shape, classes, random, device),
        _ => shapes::network(shape, classes, random, device),
    }
}

//! The networks that answer together: a convolutional network, and one on histograms of edges and colours. Of a few pictures the
//! second learns more, of many the first.

mod pixels;
mod shapes;

use burn::module::Module;
use burn::tensor::Device;
use training::layers::{Layer, Network};
use training::random::Random;

use pixels::Pixels;
use shapes::Shapes;

/// How many kinds there are.
pub const KINDS: usize = 2;

/// A network of one of the kinds.
#[derive(Module, Debug)]
pub enum Model {
    /// It sees pixels.
    Pixels(Pixels),
    /// It sees histograms.
    Shapes(Shapes),
}

impl Model {
    /// A network of the kind `kind` with fresh weights, for pictures of `[height, width, channels]` of so many classes.
    #[must_use]
    pub fn new(
        kind: usize,
        shape: [usize; 3],
        classes: usize,
        random: &mut Random,
        device: &Device,
    ) -> Self {
        match kind {
            0 => Self::Pixels(Pixels::new(shape, classes, random, device)),
            _ => Self::Shapes(Shapes::new(shape, classes, random, device)),
        }
    }
}

impl Network for Model {
    const NAME: &'static str = "Model";

    fn layers(&self) -> Vec<(&'static str, &dyn Layer)> {
        match self {
            Self::Pixels(network) => network.layers(),
            Self::Shapes(network) => network.layers(),
        }
    }
}

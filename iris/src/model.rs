//! The network: 4 → 128 → 64 → 3, with a rectifier between each two.

use burn::module::Module;
use burn::nn::{Linear, Relu};
use burn::tensor::Device;
use datasets::iris::{FIELDS, SPECIES};
use training::init::linear;
use training::layers::{Layer, Network, Whitening};
use training::random::Random;

const INPUT: usize = 128;
const HIDDEN: usize = 64;

/// The network.
#[derive(Module, Debug)]
pub struct ClassificationModel {
    scaling: Whitening,
    input_layer: Linear,
    hidden_layer: Linear,
    activation: Relu,
    output_layer: Linear,
}

impl ClassificationModel {
    /// A network with fresh weights, behind `scaling`.
    #[must_use]
    pub fn new(scaling: Whitening, random: &mut Random, device: &Device) -> Self {
        Self {
            scaling,
            input_layer: linear(FIELDS.len(), INPUT, random, device),
            hidden_layer: linear(INPUT, HIDDEN, random, device),
            activation: Relu::new(),
            output_layer: linear(HIDDEN, SPECIES.len(), random, device),
        }
    }
}

impl Network for ClassificationModel {
    const NAME: &'static str = "ClassificationModel";

    fn layers(&self) -> Vec<(&'static str, &dyn Layer)> {
        vec![
            ("scaling", &self.scaling),
            ("input_layer", &self.input_layer),
            ("activation", &self.activation),
            ("hidden_layer", &self.hidden_layer),
            ("activation", &self.activation),
            ("output_layer", &self.output_layer),
        ]
    }
}

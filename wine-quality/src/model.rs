//! The network: sixteen members of 32 cosines each, which learn side by side.

use std::f32::consts::PI;

use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::Device;
use datasets::wine_quality::FIELDS;
use training::init::{normal, trainable, uniform_within};
use training::layers::{Cosine, Dropout, Ensemble, Layer, Network, TargetScaler, Whitening};
use training::random::Random;

const MEMBERS: usize = 16;
const FEATURES: usize = 32;
/// Of standardised inputs, the distance over which a network expects quality to change is the inverse
/// of this.
const FREQUENCY: f32 = 2.5;
/// Probability that dropout sets a number to zero.
const DROPOUT: f64 = 0.1;

/// The network.
#[derive(Module, Debug)]
pub struct RegressionModel {
    scaling: Whitening,
    features: Linear,
    activation: Cosine,
    dropout: Dropout,
    members: Ensemble,
    quality: TargetScaler,
}

impl RegressionModel {
    /// A network with fresh weights, between `scaling` and `quality`.
    #[must_use]
    pub fn new(
        scaling: Whitening,
        quality: TargetScaler,
        random: &mut Random,
        device: &Device,
    ) -> Self {
        let (inputs, outputs) = (FIELDS.len(), MEMBERS * FEATURES);
        let deviation = FREQUENCY / (inputs as f32).sqrt();
        Self {
            scaling,
            features: Linear {
                weight: trainable(normal([inputs, outputs], deviation, random, device)),
                // Phases all around.
                bias: Some(trainable(uniform_within([outputs], PI, random, device))),
            },
            activation: Cosine,
            dropout: Dropout::new(DROPOUT),
            members: Ensemble::new(MEMBERS, FEATURES, random, device),
            quality,
        }
    }
}

impl Network for RegressionModel {
    const NAME: &'static str = "RegressionModel";

    fn layers(&self) -> Vec<(&'static str, &dyn Layer)> {
        vec![
            ("scaling", &self.scaling),
            ("features", &self.features),
            ("activation", &self.activation),
            ("dropout", &self.dropout),
            ("members", &self.members),
            ("quality", &self.quality),
        ]
    }
}

//! The reference that frozen models are measured by: Burn's own forward pass of the same weights.

use burn::module::Param;
use burn::nn::{Linear, Relu};
use burn::tensor::activation::softmax;
use burn::tensor::{Device, Tensor, TensorData};
use inference::frozen::{Frozen, FrozenError, FrozenLayer};
use inference::model::Predict;

use crate::layers::Layer;
use crate::parameters::host;

/// A frozen model that Burn computes.
pub struct Reference {
    layers: Vec<Box<dyn Layer>>,
    device: Device,
    probabilities: Vec<f32>,
}

impl Reference {
    /// Gives the weights in `bytes`, a `model.safetensors`, to Burn.
    ///
    /// # Errors
    ///
    /// If they are no sound frozen model.
    pub fn new(bytes: &[u8], device: &Device) -> Result<Self, FrozenError> {
        let frozen = Frozen::from_bytes(bytes)?;
        Ok(Self {
            layers: (frozen.layers.iter())
                .map(|layer| thaw(layer, device))
                .collect(),
            device: device.clone(),
            probabilities: Vec::new(),
        })
    }
}

impl Predict for Reference {
    fn predict(&mut self, input: &[f32]) -> &[f32] {
        let data = TensorData::new(input.to_vec(), [1, input.len()]);
        let input = Tensor::<2>::from_data(data, &self.device);
        let output = (self.layers.iter()).fold(input, |value, layer| layer.forward(value));
        self.probabilities = host(output);
        &self.probabilities
    }
}

fn thaw(layer: &FrozenLayer, device: &Device) -> Box<dyn Layer> {
    match layer {
        FrozenLayer::Linear { weight, bias } => {
            let outputs = bias.len();
            let weight = TensorData::new(weight.clone(), [weight.len() / outputs, outputs]);
            let bias = TensorData::new(bias.clone(), [outputs]);
            Box::new(Linear {
                weight: Param::from_data(weight, device),
                bias: Some(Param::from_data(bias, device)),
            })
        }
        FrozenLayer::Relu => Box::new(Relu::new()),
        FrozenLayer::Softmax => Box::new(Softmax),
    }
}

/// Burn's softmax. Networks end in scores, so that training needs no such layer.
struct Softmax;

impl Layer for Softmax {
    fn describe(&self) -> String {
        "Softmax".into()
    }

    fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        softmax(input, 1)
    }

    fn freeze(&self) -> Option<FrozenLayer> {
        Some(FrozenLayer::Softmax)
    }
}

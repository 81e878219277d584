//! The reference that frozen models are measured by: Burn's own forward pass of the same weights.

use burn::module::Param;
use burn::nn::{Gelu, Linear, Relu};
use burn::tensor::activation::softmax;
use burn::tensor::{Device, Tensor, TensorData};
use burn_cpu_ops::Geometry;
use inference::frozen::{Frozen, FrozenError, FrozenLayer};
use inference::model::Predict;

use crate::layers::{Cosine, Layer, Pass, TextFeatures, convolve, flat};
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

impl Reference {
    /// The reference that a module with Burn inside predicts with, on the CPU. Ends the program
    /// with a message if there is none, which a build from a checked file does not come to.
    #[cfg(feature = "flex")]
    #[must_use]
    pub fn of_module(bytes: &[u8]) -> Self {
        Self::new(bytes, &crate::Backend::Flex.device()).unwrap_or_else(|error| {
            crate::console::note(format_args!("error: {error}"));
            std::process::exit(inference::module::FAILURE.into())
        })
    }
}

impl Predict for Reference {
    fn predict(&mut self, input: &[f32]) -> &[f32] {
        let data = TensorData::new(input.to_vec(), [1, input.len()]);
        let input = Tensor::<2>::from_data(data, &self.device);
        let output = (self.layers.iter()).fold(input, |value, layer| {
            layer.forward(value, &mut Pass::Predict)
        });
        self.probabilities = host(output);
        &self.probabilities
    }
}

fn thaw(layer: &FrozenLayer, device: &Device) -> Box<dyn Layer> {
    match layer {
        FrozenLayer::Linear { weight, bias } => linear(weight, bias, device),
        FrozenLayer::QuantizedLinear {
            weight,
            scale,
            bias,
        } => {
            let scales = scale.iter().cycle();
            let weight = weight.iter().zip(scales);
            let weight = weight.map(|(weight, scale)| f32::from(*weight) * scale);
            linear(&weight.collect::<Vec<_>>(), bias, device)
        }
        FrozenLayer::Convolution {
            image: [height, width, channels],
            weight,
            bias,
        } => {
            let filters = bias.len();
            let weight = TensorData::new(weight.clone(), [weight.len() / filters, filters]);
            let bias = TensorData::new(bias.clone(), [filters]);
            Box::new(Convolution {
                weight: Tensor::from_data(weight, device),
                bias: Tensor::from_data(bias, device),
                geometry: Geometry {
                    height: *height,
                    width: *width,
                    channels: *channels,
                    filters,
                },
            })
        }
        FrozenLayer::Cosine => Box::new(Cosine),
        FrozenLayer::Gelu => Box::new(Gelu::new()),
        FrozenLayer::Relu => Box::new(Relu::new()),
        FrozenLayer::Softmax => Box::new(Softmax),
        FrozenLayer::TextFeatures(text) => Box::new(TextFeatures::thaw(text, device)),
    }
}

fn linear(weight: &[f32], bias: &[f32], device: &Device) -> Box<dyn Layer> {
    let outputs = bias.len();
    let weight = TensorData::new(weight.to_vec(), [weight.len() / outputs, outputs]);
    let bias = TensorData::new(bias.to_vec(), [outputs]);
    Box::new(Linear {
        weight: Param::from_data(weight, device),
        bias: Some(Param::from_data(bias, device)),
    })
}

/// Burn's convolution.
struct Convolution {
    weight: Tensor<2>,
    bias: Tensor<1>,
    geometry: Geometry,
}

impl Layer for Convolution {
    fn describe(&self) -> String {
        "Convolution".into()
    }

    fn forward(&self, input: Tensor<2>, _: &mut Pass<'_>) -> Tensor<2> {
        let convolved = convolve(input, self.weight.clone(), self.geometry);
        flat(convolved + self.bias.clone().unsqueeze(), self.geometry)
    }

    fn freeze(&self) -> Option<Vec<FrozenLayer>> {
        None
    }
}

/// Burn's softmax. Networks end in scores, so that training needs no such layer.
struct Softmax;

impl Layer for Softmax {
    fn describe(&self) -> String {
        "Softmax".into()
    }

    fn forward(&self, input: Tensor<2>, _: &mut Pass<'_>) -> Tensor<2> {
        softmax(input, 1)
    }

    fn freeze(&self) -> Option<Vec<FrozenLayer>> {
        Some(vec![FrozenLayer::Softmax])
    }
}

//! The reference that frozen models are measured by: Burn's own forward pass of the same weights.

use burn::module::Param;
use burn::nn::{Gelu, Linear, Relu};
use burn::tensor::activation::softmax;
use burn::tensor::{Device, Tensor, TensorData};
use burn_cpu_ops::Geometry;
use model::{FrozenLayer, Model, ModelError};
use runtime::{Predict, layers};

use crate::layers::{Cosine, Layer, MaxPool, MeanOfPixels, Pass, TextFeatures, convolve, flat};
use crate::parameters::host;

/// A model that Burn computes.
pub struct Reference {
    layers: Vec<Box<dyn Layer>>,
    device: Device,
    outputs: Vec<f32>,
}

impl Reference {
    /// Gives the weights of `model` to Burn.
    ///
    /// # Errors
    ///
    /// If its layers do not fit together.
    pub fn new(model: &Model<'_>, device: &Device) -> Result<Self, ModelError> {
        let (mut width, mut layers) = (model.input.numbers(), Vec::new());
        for layer in model.layers() {
            let (outputs, layer) = from_frozen(&layer, width, device)?;
            width = outputs;
            layers.push(layer);
        }
        Ok(Self {
            layers,
            device: device.clone(),
            outputs: Vec::new(),
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
        self.outputs = host(output);
        &self.outputs
    }
}

/// Burn's layer for `layer`, which takes `inputs` numbers, and how many it gives.
fn from_frozen(
    layer: &model::Layer<'_, '_>,
    inputs: usize,
    device: &Device,
) -> Result<(usize, Box<dyn Layer>), ModelError> {
    Ok(match layer.kind() {
        "linear" => {
            let read = layers::Linear::read(layer, inputs)?;
            (read.bias.len(), linear(read.weight, read.bias, device))
        }
        "quantized_linear" => {
            let read = layers::QuantizedLinear::read(layer, inputs)?;
            let weight = read.weight.iter().zip(read.scale.iter().cycle());
            let weight = weight.map(|(weight, scale)| f32::from(*weight) * scale);
            let weight: Vec<f32> = weight.collect();
            (read.bias.len(), linear(&weight, read.bias, device))
        }
        "convolution" => {
            let read = layers::Convolution::read(layer, inputs)?;
            convolution(read.geometry, read.weight, read.bias, device)
        }
        "quantized_convolution" => {
            let read = layers::QuantizedConvolution::read(layer, inputs)?;
            convolution(read.geometry, &read.weight, read.bias, device)
        }
        "max_pool" => {
            let pool = layers::MaxPool::read(layer, inputs)?.pool;
            (pool.outputs(), Box::new(MaxPool::new(pool)))
        }
        "mean_of_pixels" => {
            let channels = layers::MeanOfPixels::read(layer, inputs)?.channels;
            (channels, Box::new(MeanOfPixels { channels }))
        }
        "centre" => {
            let mean = layers::Centre::read(layer, inputs)?.mean.to_vec();
            let mean = Tensor::from_data(TensorData::new(mean, [inputs]), device);
            (inputs, Box::new(Centre(mean)))
        }
        "cosine" => (inputs, Box::new(Cosine)),
        "gelu" => (inputs, Box::new(Gelu::new())),
        "relu" => (inputs, Box::new(Relu::new())),
        "softmax" => (inputs, Box::new(Softmax)),
        "text_features" => {
            let read = layers::TextFeatures::read(layer)?;
            let outputs = layers::Layer::outputs(&read);
            (outputs, Box::new(TextFeatures::from_frozen(&read, device)))
        }
        _ => return Err(layer.problem("is of a kind that Burn has no layer for here")),
    })
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

fn convolution(
    geometry: Geometry,
    weight: &[f32],
    bias: &[f32],
    device: &Device,
) -> (usize, Box<dyn Layer>) {
    let weight = TensorData::new(weight.to_vec(), [geometry.taps(), geometry.filters]);
    let bias = TensorData::new(bias.to_vec(), [geometry.filters]);
    let convolution = Convolution {
        weight: Tensor::from_data(weight, device),
        bias: Tensor::from_data(bias, device),
        geometry,
    };
    (geometry.outputs(), Box::new(convolution))
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
        Some(vec![FrozenLayer::new("softmax")])
    }
}

/// The subtraction of a mean. In training it is part of the whitening.
struct Centre(Tensor<1>);

impl Layer for Centre {
    fn describe(&self) -> String {
        "Centre".into()
    }

    fn forward(&self, input: Tensor<2>, _: &mut Pass<'_>) -> Tensor<2> {
        input - self.0.clone().unsqueeze_dim(0)
    }

    fn freeze(&self) -> Option<Vec<FrozenLayer>> {
        None
    }
}

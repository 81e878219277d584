//! The reference that frozen models are measured by: Burn's own forward pass of the same weights.

use burn::module::Param;
use burn::nn::{Gelu, Linear, Relu};
use burn::tensor::activation::softmax;
use burn::tensor::{Device, Tensor, TensorData};
use burn_cpu_ops::Geometry;
use kernels::fixed_point;
use model::{Model, ModelError};
use runtime::{Predict, layers};

use crate::layers::{
    Cosine, Histograms, Layer, MaxPool, MeanOfPixels, Pass, TextFeatures, convolve, flat,
};
use crate::parameters::host;

/// A layer as Burn computes it.
type Step = Box<dyn Fn(Tensor<2>) -> Tensor<2>>;

/// A model that Burn computes.
pub struct Reference {
    steps: Vec<Step>,
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
        let (mut width, mut steps) = (model.input.numbers(), Vec::new());
        for layer in model.layers() {
            let (outputs, step) = from_frozen(&layer, width, device)?;
            width = outputs;
            steps.push(step);
        }
        Ok(Self {
            steps,
            device: device.clone(),
            outputs: Vec::new(),
        })
    }
}

impl Predict for Reference {
    fn predict(&mut self, input: &[f32]) -> &[f32] {
        let data = TensorData::new(input.to_vec(), [1, input.len()]);
        let input = Tensor::<2>::from_data(data, &self.device);
        let output = (self.steps.iter()).fold(input, |value, step| step(value));
        self.outputs = host(output);
        &self.outputs
    }
}

/// Burn's layer for `layer`, which takes `inputs` numbers, and how many it gives.
fn from_frozen(
    layer: &model::Layer<'_, '_>,
    inputs: usize,
    device: &Device,
) -> Result<(usize, Step), ModelError> {
    Ok(match layer.kind() {
        "linear" => {
            let read = layers::Linear::read(layer, inputs)?;
            (read.bias.len(), linear(read.weight, read.bias, device))
        }
        "quantized_linear" => {
            let read = layers::QuantizedLinear::read(layer, inputs)?;
            (read.bias.len(), linear(&read.weight, read.bias, device))
        }
        "convolution" => {
            let read = layers::Convolution::read(layer, inputs)?;
            convolution(read.geometry, read.weight, read.bias, device)
        }
        "quantized_convolution" => {
            let read = layers::QuantizedConvolution::read(layer, inputs)?;
            convolution(read.geometry, &read.weight, read.bias, device)
        }
        "fixed_point_convolution" => {
            let read = layers::FixedPointConvolution::read(layer, inputs)?;
            let (geometry, filters) = (read.geometry, read.geometry.filters);
            // Where the grouped weights come from.
            let places: Vec<usize> = (0..read.weight.len()).collect();
            let mut weight = vec![0.0; read.weight.len()];
            for (place, number) in fixed_point::grouped(geometry, &places).zip(read.weight) {
                weight[place] = f32::from(*number);
            }
            let none = vec![0.0; filters];
            let (outputs, sums) = convolution(geometry, &weight, &none, device);
            let columns = columns(layer, filters, device)?;
            let pixels = geometry.outputs() / filters;
            let columns = columns.map(|column| column.repeat_dim(1, pixels));
            (outputs, on_fixed_point(sums, columns))
        }
        "fixed_point_linear" => {
            let outputs = layers::FixedPointLinear::read(layer, inputs)?.bias.len();
            let (weight, shape) = layer.tensor::<i8, 3>("weight")?;
            let weight: Vec<f32> = weight.iter().map(|weight| f32::from(*weight)).collect();
            let pairs = Tensor::<3>::from_data(TensorData::new(weight, shape), device);
            let rows = pairs.swap_dims(1, 2).reshape([2 * shape[0], outputs]);
            let rows = rows.slice([0..inputs, 0..outputs]);
            let sums: Step = Box::new(move |input| input.matmul(rows.clone()));
            let columns = columns(layer, outputs, device)?;
            (outputs, on_fixed_point(sums, columns))
        }
        "fixed_point_gelu" => (inputs, Box::new(fixed_point_gelu)),
        "max_pool" => {
            let pool = layers::MaxPool::read(layer, inputs)?.pool;
            (pool.outputs(), step(MaxPool::new(pool)))
        }
        "mean_of_pixels" => {
            let channels = layers::MeanOfPixels::read(layer, inputs)?.channels;
            (channels, step(MeanOfPixels { channels }))
        }
        "histograms" => {
            let read = layers::Histograms::read(layer, inputs)?;
            let shape = [read.height, read.width, read.channels];
            let histograms = Histograms::new(shape);
            (histograms.outputs(), step(histograms))
        }
        "centre" => {
            let mean = layers::Centre::read(layer, inputs)?.mean.to_vec();
            let mean = Tensor::<1>::from_data(TensorData::new(mean, [inputs]), device);
            let centred = move |input: Tensor<2>| input - mean.clone().unsqueeze_dim(0);
            (inputs, Box::new(centred))
        }
        "cosine" => (inputs, step(Cosine)),
        "gelu" => (inputs, step(Gelu::new())),
        "relu" => (inputs, step(Relu::new())),
        "softmax" => (inputs, Box::new(|input| softmax(input, 1))),
        "text_features" => {
            let read = layers::TextFeatures::read(layer)?;
            let outputs = layers::Layer::outputs(&read);
            (outputs, step(TextFeatures::from_frozen(&read, device)))
        }
        _ => return Err(layer.problem("is of a kind that Burn has no layer for here")),
    })
}

/// The scale and the bias of each of `outputs`, of shape `[1, outputs]`.
fn columns(
    layer: &model::Layer<'_, '_>,
    outputs: usize,
    device: &Device,
) -> Result<[Tensor<2>; 2], ModelError> {
    let column = |name| {
        let numbers = layer.vector::<f32>(name, outputs)?.to_vec();
        let numbers = TensorData::new(numbers, [1, outputs]);
        Ok(Tensor::<2>::from_data(numbers, device))
    };
    Ok([column("scale")?, column("bias")?])
}

/// `sums` of the inputs, rounded to whole steps, with the scale and the bias of each output.
fn on_fixed_point(sums: Step, [scale, bias]: [Tensor<2>; 2]) -> Step {
    Box::new(move |input| {
        let steps = (input * fixed_point::STEPS).round();
        let steps = steps.clamp(i16::MIN, i16::MAX);
        sums(steps) * (scale.clone() / fixed_point::STEPS) + bias.clone()
    })
}

/// See [`gelu`](fixed_point::gelu).
fn fixed_point_gelu(input: Tensor<2>) -> Tensor<2> {
    let size = input.clone().abs();
    let end = size.clone().clamp_max(fixed_point::END);
    let square = end.clone().square();
    let coefficients = fixed_point::COEFFICIENTS.into_iter();
    let polynomial = coefficients.fold(end.zeros_like(), |sum, c| sum * square.clone() + c);
    input * 0.5 + size * (end * polynomial)
}

fn step(layer: impl Layer + 'static) -> Step {
    Box::new(move |input| layer.forward(input, &mut Pass::Predict))
}

fn linear(weight: &[f32], bias: &[f32], device: &Device) -> Step {
    let outputs = bias.len();
    let weight = TensorData::new(weight.to_vec(), [weight.len() / outputs, outputs]);
    let bias = TensorData::new(bias.to_vec(), [outputs]);
    step(Linear {
        weight: Param::from_data(weight, device),
        bias: Some(Param::from_data(bias, device)),
    })
}

fn convolution(geometry: Geometry, weight: &[f32], bias: &[f32], device: &Device) -> (usize, Step) {
    let weight = TensorData::new(weight.to_vec(), [geometry.taps(), geometry.filters]);
    let bias = TensorData::new(bias.to_vec(), [geometry.filters]);
    let weight = Tensor::<2>::from_data(weight, device);
    let bias = Tensor::<1>::from_data(bias, device);
    let step = move |input| {
        let convolved = convolve(input, weight.clone(), geometry);
        flat(convolved + bias.clone().unsqueeze(), geometry)
    };
    (geometry.outputs(), Box::new(step))
}

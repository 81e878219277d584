use burn::module::{Module, Param, RunningState};
use burn::tensor::activation::gelu;
use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Tensor};
use fused::{Geometry, KERNEL};
use inference::frozen::FrozenLayer;

use super::{Layer, Pass};
use crate::init::{buffer, trainable, uniform};
use crate::parameters::host;
use crate::random::Random;

/// Added to the variance, as in the paper on batch normalisation and in Burn.
const EPSILON: f64 = 1e-5;

/// A convolution with a kernel of 3 × 3 pixels and no padding, batch normalisation and GELU.
///
/// Images come and go flat, channels last: `[images, height · width · channels]`.
///
/// The mean and variance that predictions are normalised with are measured on training rows after
/// each epoch, with the weights as they are then. A moving average over the steps, as Burn keeps
/// it, would be of weights that have changed since, and does not fit averaged weights at all.
#[derive(Module, Debug)]
pub struct ConvBlock {
    /// Shape `[3 · 3 · channels, filters]`: row, column, channel.
    weight: Param<Tensor<2>>,
    /// Shape `[filters]`; not trained, because normalisation takes it out again.
    bias: Param<Tensor<1>>,
    /// Factor after normalisation, shape `[filters]`.
    gamma: Param<Tensor<1>>,
    /// Summand after it, shape `[filters]`.
    beta: Param<Tensor<1>>,
    /// Mean of each filter over the training rows, shape `[filters]`.
    mean: RunningState<Tensor<1>>,
    /// Variance of each filter over the training rows, shape `[filters]`.
    variance: RunningState<Tensor<1>>,
    height: usize,
    width: usize,
    channels: usize,
}

impl ConvBlock {
    /// A block for images of `[height, width, channels]` with fresh weights, drawn as for a
    /// [linear layer](crate::init::linear).
    #[must_use]
    pub fn new(geometry: Geometry, random: &mut Random, device: &Device) -> Self {
        let Geometry {
            height,
            width,
            channels,
            filters,
        } = geometry;
        let taps = geometry.taps();
        Self {
            weight: trainable(uniform([taps, filters], taps, random, device)),
            bias: buffer(uniform([filters], taps, random, device)),
            gamma: trainable(Tensor::ones([filters], device)),
            beta: trainable(Tensor::zeros([filters], device)),
            mean: RunningState::new(Tensor::zeros([filters], device)),
            variance: RunningState::new(Tensor::ones([filters], device)),
            height,
            width,
            channels,
        }
    }

    fn geometry(&self) -> Geometry {
        let [_, filters] = self.weight.shape().dims();
        Geometry {
            height: self.height,
            width: self.width,
            channels: self.channels,
            filters,
        }
    }

    /// The output while it learns, out of Burn's own operations.
    fn composed(&self, input: Tensor<2>) -> Tensor<2> {
        let convolved = convolve(input, self.weight.val(), self.geometry());
        let mean = convolved.clone().mean_dim(0);
        let centred = convolved - mean;
        let variance = centred.clone().square().mean_dim(0);
        let normalised = centred / (variance + EPSILON).sqrt();
        let scaled = normalised * self.gamma.val().unsqueeze() + self.beta.val().unsqueeze();
        flat(gelu(scaled), self.geometry())
    }

    /// Kernel and bias of the convolution that does the work of the normalisation as well.
    fn folded(&self) -> (Tensor<2>, Tensor<1>) {
        let factor = self.gamma.val() / (self.variance.value_sync() + EPSILON).sqrt();
        let bias = (self.bias.val() - self.mean.value_sync()) * factor.clone() + self.beta.val();
        (self.weight.val() * factor.unsqueeze(), bias)
    }
}

/// The convolution of `input`, of shape `[images · height · width, filters]`, by Burn.
pub(crate) fn convolve(input: Tensor<2>, weight: Tensor<2>, geometry: Geometry) -> Tensor<2> {
    let Geometry {
        height,
        width,
        channels,
        filters,
    } = geometry;
    let [images, _] = input.dims();
    let input = input
        .reshape([images, height, width, channels])
        .permute([0, 3, 1, 2]);
    let weight = weight
        .reshape([KERNEL, KERNEL, channels, filters])
        .permute([3, 2, 0, 1]);
    let options = ConvOptions::new([1, 1], [0, 0], [1, 1], 1);
    conv2d(input, weight, None, options)
        .permute([0, 2, 3, 1])
        .reshape([-1, filters as i32])
}

/// From `[images · height · width, filters]` to an image a row.
pub(crate) fn flat(pixels: Tensor<2>, geometry: Geometry) -> Tensor<2> {
    pixels.reshape([-1, geometry.outputs() as i32])
}

impl Layer for ConvBlock {
    fn describe(&self) -> String {
        let Geometry { filters, .. } = self.geometry();
        let convolution = self.weight.shape().num_elements() + filters;
        format!(
            "ConvBlock {{\n    conv: Conv2d {{stride: [1, 1], kernel_size: [{KERNEL}, {KERNEL}], \
             dilation: [1, 1], groups: 1, padding: Valid, params: {convolution}}}\n    \
             norm: BatchNorm {{num_features: {filters}, epsilon: {EPSILON}, params: {}}}\n    \
             activation: Gelu\n    params: {}\n  }}",
            4 * filters,
            self.parameters()
        )
    }

    fn forward(&self, input: Tensor<2>, pass: &mut Pass<'_>) -> Tensor<2> {
        let geometry = self.geometry();
        let fused = fused::is_available(&input.device());
        match (pass, fused) {
            (Pass::Train(_), true) => fused::conv_block(
                input,
                self.weight.val(),
                self.gamma.val(),
                self.beta.val(),
                geometry,
                EPSILON as f32,
            ),
            (Pass::Train(_), false) => self.composed(input),
            (Pass::Predict, fused) => {
                let (weight, bias) = self.folded();
                match fused {
                    true => fused::conv_gelu(input, weight, bias, geometry),
                    false => {
                        let convolved = convolve(input, weight, geometry);
                        flat(gelu(convolved + bias.unsqueeze()), geometry)
                    }
                }
            }
        }
    }

    /// Weights and biases, factors and summands, means and variances.
    fn parameters(&self) -> usize {
        let [taps, filters] = self.weight.shape().dims();
        (taps + 5) * filters
    }

    fn calibrate(&self, input: &Tensor<2>) {
        let geometry = self.geometry();
        let weight = self.weight.val();
        let filters = geometry.filters;
        let [mean, variance] = match fused::is_available(&input.device()) {
            true => {
                let moments = fused::conv_moments(input.clone(), weight, geometry);
                [0, 1].map(|row| moments.clone().slice([row..row + 1, 0..filters]))
            }
            false => {
                let convolved = convolve(input.clone(), weight, geometry);
                let mean = convolved.clone().mean_dim(0);
                let variance = (convolved - mean.clone()).square().mean_dim(0);
                [mean, variance]
            }
        };
        self.mean.update(mean.reshape([filters]) + self.bias.val());
        self.variance.update(variance.reshape([filters]));
    }

    fn freeze(&self) -> Option<Vec<FrozenLayer>> {
        let (weight, bias) = self.folded();
        Some(vec![
            FrozenLayer::Convolution {
                image: [self.height, self.width, self.channels],
                weight: host(weight),
                bias: host(bias),
            },
            FrozenLayer::Gelu,
        ])
    }
}

use std::f64::consts::FRAC_1_SQRT_2;

use burn::module::{Module, Param, RunningState};
use burn::tensor::activation::gelu;
use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Tensor};
use burn_cpu_ops::{Geometry, KERNEL};
use kernels::fixed_point::{grouped, is_fit};
use model::FrozenLayer;

use runtime::layers::{Convolution, Elementwise, FixedPointConvolution};

use super::{Layer, Pass};
use crate::exact;
use crate::init::{buffer, trainable, uniform};
use crate::parameters::host;
use crate::quantized::{EightBits, sixteen_bits};
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
    /// Whether modules store the kernel with 8 bits a weight.
    quantized: bool,
    /// Whether modules compute with fixed-point numbers.
    fixed_point: bool,
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
            quantized: false,
            fixed_point: false,
        }
    }

    /// The same with a kernel that modules store with 8 bits a weight, a quarter of the size. It learns in `f32` and predicts
    /// with the rounded weights, as a [`QuantizedLinear`](super::QuantizedLinear) layer does.
    #[must_use]
    pub fn quantized(mut self) -> Self {
        self.quantized = true;
        self
    }

    /// The same for a network whose modules compute with [fixed-point numbers](kernels::fixed_point). The next layer has to take them. The
    /// block learns in `f32`, and predicts as the module does, on every backend. For shapes that are not [fit](is_fit), such as the odd number
    /// of channels of a picture, the kernel stays in `f32`.
    #[must_use]
    pub fn fixed_point(mut self) -> Self {
        self.fixed_point = true;
        self
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
        let mean = filter_means(convolved.clone(), self.geometry());
        let centred = convolved - mean;
        let variance = filter_means(centred.clone().square(), self.geometry());
        let normalised = centred / (variance + EPSILON).sqrt();
        let scaled = normalised * self.gamma.val().unsqueeze() + self.beta.val().unsqueeze();
        flat(exact_gelu(scaled), self.geometry())
    }

    fn takes_fixed_point(&self) -> bool {
        self.fixed_point && is_fit(self.geometry())
    }

    /// The kernel `weight` with 16 bits a weight, as modules have it, and the scale of each filter.
    fn in_sixteen_bits(&self, weight: &[f32]) -> (Vec<i16>, Vec<f32>) {
        let geometry = self.geometry();
        let (weight, scale) = sixteen_bits(weight, geometry.filters);
        (grouped(geometry, &weight).collect(), scale)
    }

    /// The output as a module with fixed-point numbers computes it.
    fn exact_prediction(&self, input: Tensor<2>) -> Tensor<2> {
        let geometry = self.geometry();
        let (weight, bias) = self.folded();
        let (weight, bias) = (&host(weight), &host(bias));
        let gelu = Elementwise {
            width: geometry.outputs(),
            function: kernels::portable::fixed_point_gelu,
        };
        if self.takes_fixed_point() {
            let (weight, scale) = self.in_sixteen_bits(weight);
            let convolution = FixedPointConvolution {
                geometry,
                weight: &weight,
                scale: &scale,
                bias,
            };
            return exact::predict(input, &[&convolution, &gelu]);
        }
        let convolution = Convolution {
            geometry,
            weight,
            bias,
        };
        exact::predict(input, &[&convolution, &gelu])
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

/// The mean of each filter, of shape `[1, filters]`: of each image first, because one sum over as
/// many numbers as a batch has comes out wrong on some GPUs.
fn filter_means(pixels: Tensor<2>, geometry: Geometry) -> Tensor<2> {
    let filters = geometry.filters;
    let of_an_image = (geometry.outputs() / filters) as i32;
    let images = pixels.reshape([-1, of_an_image, filters as i32]);
    images.mean_dim(1).mean_dim(0).reshape([1, filters as i32])
}

/// GELU by its definition. Burn's own has the slope of an approximation, off by up to 1e-3.
fn exact_gelu(input: Tensor<2>) -> Tensor<2> {
    let distribution = (input.clone() * FRAC_1_SQRT_2).erf() * 0.5 + 0.5;
    input * distribution
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
        let fused = burn_cpu_ops::is_available(&input.device());
        match pass {
            Pass::Train(_) if fused => burn_cpu_ops::conv_block(
                input,
                self.weight.val(),
                self.gamma.val(),
                self.beta.val(),
                geometry,
                EPSILON as f32,
            ),
            Pass::Train(_) => self.composed(input),
            Pass::Predict if self.fixed_point => self.exact_prediction(input),
            Pass::Predict => {
                let (mut weight, bias) = self.folded();
                if self.quantized {
                    weight = EightBits::round(weight).tensor(&input.device());
                }
                if fused {
                    return burn_cpu_ops::conv_gelu(input, weight, bias, geometry);
                }
                let convolved = convolve(input, weight, geometry);
                flat(gelu(convolved + bias.unsqueeze()), geometry)
            }
        }
    }

    /// Weights and biases, factors and summands, means and variances.
    fn parameters(&self) -> usize {
        let [taps, filters] = self.weight.shape().dims();
        (taps + 5) * filters
    }

    fn has_statistics(&self) -> bool {
        true
    }

    fn measure_statistics(&self, input: &Tensor<2>) {
        let geometry = self.geometry();
        let weight = self.weight.val();
        let filters = geometry.filters;
        let [mean, variance] = if burn_cpu_ops::is_available(&input.device()) {
            let moments = burn_cpu_ops::conv_moments(input.clone(), weight, geometry);
            [0, 1].map(|row| moments.clone().slice([row..row + 1, 0..filters]))
        } else {
            let convolved = convolve(input.clone(), weight, geometry);
            let mean = filter_means(convolved.clone(), geometry);
            let squares = (convolved - mean.clone()).square();
            [mean, filter_means(squares, geometry)]
        };
        self.mean.update(mean.reshape([filters]) + self.bias.val());
        self.variance.update(variance.reshape([filters]));
    }

    fn freeze(&self) -> Vec<FrozenLayer> {
        let (weight, bias) = self.folded();
        let filters = self.geometry().filters;
        let shape = [KERNEL, KERNEL, self.channels, filters];
        let layer = |kind| {
            FrozenLayer::new(kind)
                .setting("height", self.height)
                .setting("width", self.width)
        };
        let convolution = if self.takes_fixed_point() {
            let (weight, scale) = self.in_sixteen_bits(&host(weight));
            layer("fixed_point_convolution")
                .setting("channels", self.channels)
                .setting("filters", filters)
                .weight("weight", &[weight.len()], weight)
                .weight("scale", &shape[3..], scale)
        } else if self.quantized {
            let EightBits { weights, scales } = EightBits::round(weight);
            layer("quantized_convolution")
                .weight("weight", &shape, weights)
                .weight("scale", &shape[3..], scales)
        } else {
            layer("convolution").weight("weight", &shape, host(weight))
        };
        let convolution = convolution.weight("bias", &shape[3..], host(bias));
        let gelu = if self.fixed_point {
            Elementwise::FIXED_POINT_GELU
        } else {
            Elementwise::GELU
        };
        vec![convolution, FrozenLayer::new(gelu.name)]
    }
}

#[cfg(test)]
#[cfg(any(feature = "flex", feature = "ndarray"))]
mod tests {
    use super::*;
    use crate::backend::Backend;
    use crate::random::{Purpose, random};
    use burn::tensor::TensorData;
    use rand::RngExt;

    const GEOMETRY: Geometry = Geometry {
        height: 7,
        width: 6,
        channels: 3,
        filters: 16,
    };
    const IMAGES: usize = 5;

    fn backends() -> Vec<Backend> {
        vec![
            #[cfg(feature = "flex")]
            Backend::Flex,
            #[cfg(feature = "ndarray")]
            Backend::NdArray,
        ]
    }

    fn draw<const D: usize>(shape: [usize; D], seed: u64, device: &Device) -> Tensor<D> {
        let mut random = random(seed, Purpose::Weights);
        let numbers: Vec<f32> = (0..shape.iter().product())
            .map(|_| random.random_range(-1.0..1.0))
            .collect();
        Tensor::from_data(TensorData::new(numbers, shape), device)
    }

    fn block(device: &Device) -> ConvBlock {
        let mut block = ConvBlock::new(GEOMETRY, &mut random(1, Purpose::Weights), device);
        block.gamma = trainable(draw([GEOMETRY.filters], 2, device) + 1.5);
        block.beta = trainable(draw([GEOMETRY.filters], 3, device));
        block
    }

    /// The largest difference, relative to the largest number.
    fn difference<const D: usize>(a: Tensor<D>, b: Tensor<D>) -> f32 {
        let (a, b) = (host(a), host(b));
        let largest = b.iter().fold(1e-3_f32, |m, x| m.max(x.abs()));
        let differences = a.iter().zip(&b).map(|(a, b)| (a - b).abs() / largest);
        differences.fold(0.0, f32::max)
    }

    #[test]
    fn the_fused_block_is_burns_operations_forwards_and_backwards() {
        for backend in backends() {
            let device = backend.device().autodiff();
            let block = block(&device);
            let input = || draw([IMAGES, GEOMETRY.inputs()], 4, &device).require_grad();
            let mix = draw([IMAGES, GEOMETRY.outputs()], 5, &device);
            let (one, other) = (input(), input());
            let mut noise = random(1, Purpose::Noise(0));
            let fused = Layer::forward(&block, one.clone(), &mut Pass::Train(&mut noise));
            let composed = block.composed(other.clone());
            assert!(difference(fused.clone().inner(), composed.clone().inner()) < 1e-5);
            let fused = (fused * mix.clone()).sum().backward();
            let composed = (composed * mix).sum().backward();
            let of = |tensor: &Tensor<1>| {
                let gradients = [tensor.grad(&fused), tensor.grad(&composed)];
                let [Some(fused), Some(composed)] = gradients else {
                    unreachable!()
                };
                difference(fused, composed)
            };
            assert!(of(&block.gamma.val()) < 1e-4);
            assert!(of(&block.beta.val()) < 1e-4);
            let weight = block.weight.val();
            let pair = weight.grad(&fused).zip(weight.grad(&composed));
            assert!(pair.is_some_and(|(a, b)| difference(a, b) < 1e-4));
            let pair = one.grad(&fused).zip(other.grad(&composed));
            assert!(pair.is_some_and(|(a, b)| difference(a, b) < 1e-4));
        }
    }

    #[test]
    fn a_measured_block_predicts_what_it_was_trained_to() {
        for backend in backends() {
            let device = backend.device();
            let block = block(&device);
            let input = draw([IMAGES, GEOMETRY.inputs()], 4, &device);
            let before = Layer::forward(&block, input.clone(), &mut Pass::Predict);
            block.measure_statistics(&input);
            let after = Layer::forward(&block, input.clone(), &mut Pass::Predict);
            let trained = block.composed(input);
            assert!(difference(before, trained.clone()) > 1e-2);
            assert!(difference(after, trained) < 1e-5);
        }
    }

    #[cfg(feature = "flex")]
    #[test]
    fn fixed_point_predictions_are_near_those_of_floats() {
        let device = Backend::Flex.device();
        for (channels, kind) in [(4, "fixed_point_convolution"), (3, "convolution")] {
            let geometry = Geometry {
                width: 8,
                channels,
                ..GEOMETRY
            };
            let block = || ConvBlock::new(geometry, &mut random(1, Purpose::Weights), &device);
            let input = || draw([IMAGES, geometry.inputs()], 4, &device);
            let floats = block().forward(input(), &mut Pass::Predict);
            let fixed = block().fixed_point();
            let kinds = Layer::freeze(&fixed)
                .iter()
                .map(|layer| layer.kind)
                .collect::<Vec<_>>();
            assert_eq!(kinds, [kind, "fixed_point_gelu"]);
            let rounded = fixed.forward(input(), &mut Pass::Predict);
            let off = difference(rounded.clone(), floats.clone());
            assert!(off < 1e-3, "{off}");
            // It learns as others do.
            let mut noise = random(1, Purpose::Noise(0));
            let trained =
                [block(), fixed].map(|b| host(b.forward(input(), &mut Pass::Train(&mut noise))));
            assert_eq!(trained[0], trained[1]);
        }
    }
}

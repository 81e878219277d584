//! Convolution, batch normalisation (Ioffe and Szegedy, <https://arxiv.org/abs/1502.03167>) and
//! GELU of a batch of images, in as few passes over memory as the mean over the batch allows.

use kernels::Geometry;

use super::add;
use super::convolution::{self, Transposed};
use super::elementwise;
use super::parallel::map_pieces;

/// Images to a piece of work: enough pieces for all cores, and few enough that each of them can
/// have a gradient of the weights to itself.
const IMAGES: usize = 4;

/// What a block learns.
#[derive(Debug, Clone, Copy)]
pub struct Parameters<'a> {
    /// Kernel, of shape `[3, 3, channels, filters]`.
    pub weight: &'a [f32],
    /// Factor on each normalised filter.
    pub gamma: &'a [f32],
    /// Summand after it.
    pub beta: &'a [f32],
}

/// What [`forward`] leaves behind.
#[derive(Debug, Clone)]
pub struct Forward {
    /// The result, `[images, height, width, filters]`.
    pub output: Vec<f32>,
    /// The convolution before normalisation, of the same shape.
    pub convolved: Vec<f32>,
    /// Mean of each filter.
    pub mean: Vec<f32>,
    /// 1 / (standard deviation of each filter).
    pub scale: Vec<f32>,
}

/// The gradients of a block.
#[derive(Debug, Clone)]
pub struct Gradients {
    /// Of the input, unless it was not wanted.
    pub input: Option<Vec<f32>>,
    /// Of the kernel.
    pub weight: Vec<f32>,
    /// Of the factors.
    pub gamma: Vec<f32>,
    /// Of the summands.
    pub beta: Vec<f32>,
}

/// A number for each filter that is computed from two.
fn each(a: &[f32], b: &[f32], f: impl Fn(f32, f32) -> f32) -> Vec<f32> {
    a.iter().zip(b).map(|(a, b)| f(*a, *b)).collect()
}

/// `gelu(γ · (input ∗ weight − mean) · scale + β)`, with mean and variance over the batch.
#[must_use]
pub fn forward(
    geometry: Geometry,
    input: &[f32],
    parameters: Parameters<'_>,
    epsilon: f32,
) -> Forward {
    let (convolved, [mean, variance]) = convolved(geometry, input, parameters.weight);
    let scale: Vec<f32> = variance
        .iter()
        .map(|v| 1.0 / (v + epsilon).sqrt())
        .collect();
    let factor = each(parameters.gamma, &scale, |gamma, scale| gamma * scale);
    let shift = each(
        &each(&mean, &factor, |m, f| -m * f),
        parameters.beta,
        |s, b| s + b,
    );
    let mut output = vec![0.0; convolved.len()];
    let length = IMAGES * geometry.outputs();
    map_pieces(&mut output, length, |piece, output| {
        let convolved = &convolved[piece * length..][..output.len()];
        elementwise::normalise_and_activate(convolved, &factor, &shift, output);
    });
    Forward {
        output,
        convolved,
        mean,
        scale,
    }
}

/// Mean and variance of each filter of `input ∗ weight`.
#[must_use]
pub fn moments(geometry: Geometry, input: &[f32], weight: &[f32]) -> [Vec<f32>; 2] {
    convolved(geometry, input, weight).1
}

/// `gelu(input ∗ weight + bias)`.
#[must_use]
pub fn predict(geometry: Geometry, input: &[f32], weight: &[f32], bias: &[f32]) -> Vec<f32> {
    let mut output = vec![0.0; input.len() / geometry.inputs() * geometry.outputs()];
    let inputs = IMAGES * geometry.inputs();
    map_pieces(&mut output, IMAGES * geometry.outputs(), |piece, output| {
        let images = input[piece * inputs..].chunks_exact(geometry.inputs());
        for (image, output) in images.zip(output.chunks_exact_mut(geometry.outputs())) {
            convolution::forward(geometry, image, weight, bias, output);
            elementwise::activate(output);
        }
    });
    output
}

/// `input ∗ weight`, and the mean and variance of each filter.
fn convolved(geometry: Geometry, input: &[f32], weight: &[f32]) -> (Vec<f32>, [Vec<f32>; 2]) {
    let filters = geometry.filters;
    let images = input.len() / geometry.inputs();
    let mut output = vec![0.0; images * geometry.outputs()];
    let inputs = IMAGES * geometry.inputs();
    let bias = vec![0.0; filters];
    let sums = map_pieces(&mut output, IMAGES * geometry.outputs(), |piece, output| {
        let mut sums = [vec![0.0; filters], vec![0.0; filters]];
        let images = input[piece * inputs..].chunks_exact(geometry.inputs());
        for (image, output) in images.zip(output.chunks_exact_mut(geometry.outputs())) {
            convolution::forward(geometry, image, weight, &bias, output);
            for row in output.chunks_exact(geometry.output_width() * filters) {
                elementwise::add_moments(row, &mut sums);
            }
        }
        sums
    });
    let [sum, squares] = total(sums);
    let count = (images * geometry.outputs() / filters) as f64;
    let mean = sum.iter().map(|sum| (sum / count) as f32).collect();
    let variance = (sum.iter().zip(&squares))
        .map(|(sum, square)| {
            let mean = sum / count;
            (square / count - mean * mean).max(0.0) as f32
        })
        .collect();
    (output, [mean, variance])
}

/// Adds up, piece by piece, in order.
fn total<const N: usize>(pieces: Vec<[Vec<f64>; N]>) -> [Vec<f64>; N] {
    let mut pieces = pieces.into_iter();
    let mut total = pieces
        .next()
        .unwrap_or_else(|| std::array::from_fn(|_| Vec::new()));
    for piece in pieces {
        for (total, piece) in total.iter_mut().zip(piece) {
            for (total, value) in total.iter_mut().zip(piece) {
                *total += value;
            }
        }
    }
    total
}

/// The gradients, given that of the output.
#[must_use]
pub fn backward(
    geometry: Geometry,
    input: &[f32],
    parameters: Parameters<'_>,
    saved: &Forward,
    output_gradient: Vec<f32>,
    want_input: bool,
) -> Gradients {
    let Forward {
        convolved,
        mean,
        scale,
        ..
    } = saved;
    let length = IMAGES * geometry.outputs();
    let factor = each(parameters.gamma, scale, |gamma, scale| gamma * scale);
    let shift = each(
        &each(mean, &factor, |m, f| -m * f),
        parameters.beta,
        |s, b| s + b,
    );

    // Through GELU: the gradient of what goes into it takes the place of that of what comes out.
    let mut slopes = output_gradient;
    let sums = map_pieces(&mut slopes, length, |piece, slopes| {
        let convolved = &convolved[piece * length..][..slopes.len()];
        let mut sums = [vec![0.0; geometry.filters], vec![0.0; geometry.filters]];
        let row = geometry.output_width() * geometry.filters;
        for (convolved, slopes) in convolved
            .chunks_exact(row)
            .zip(slopes.chunks_exact_mut(row))
        {
            elementwise::through_gelu(convolved, &factor, &shift, slopes, &mut sums);
        }
        sums
    });
    let [sum, products] = total(sums);
    let count = (slopes.len() / geometry.filters) as f64;
    let beta: Vec<f32> = sum.iter().map(|sum| *sum as f32).collect();
    let gamma: Vec<f32> = (0..geometry.filters)
        .map(|f| ((products[f] - f64::from(mean[f]) * sum[f]) * f64::from(scale[f])) as f32)
        .collect();

    // Through the normalisation: factor · (slope − mean slope − normalised · mean product).
    let slant: Vec<f32> = (0..geometry.filters)
        .map(|f| (-f64::from(factor[f] * scale[f]) * f64::from(gamma[f]) / count) as f32)
        .collect();
    let offset: Vec<f32> = (0..geometry.filters)
        .map(|f| -(factor[f] * (sum[f] / count) as f32) - slant[f] * mean[f])
        .collect();

    // Through the convolution.
    let transposed = Transposed::new(geometry, parameters.weight);
    let inputs = IMAGES * geometry.inputs();
    let piece_of = |piece: usize, input_gradient: Option<&mut [f32]>| {
        let mut padded = vec![0.0; transposed.geometry.inputs()];
        let mut weight = vec![0.0; parameters.weight.len()];
        let input = &input[piece * inputs..];
        let input = &input[..inputs.min(input.len())];
        let convolved = convolved[piece * length..].chunks_exact(geometry.outputs());
        let slopes = slopes[piece * length..].chunks_exact(geometry.outputs());
        let mut input_gradients = input_gradient.map(|g| g.chunks_exact_mut(geometry.inputs()));
        for ((image, convolved), slopes) in
            (input.chunks_exact(geometry.inputs()).zip(convolved)).zip(slopes)
        {
            let row = geometry.output_width() * geometry.filters;
            let rows = convolved.chunks_exact(row).zip(slopes.chunks_exact(row));
            for (inside, (convolved, slopes)) in transposed.inside(&mut padded).zip(rows) {
                elementwise::through_normalisation(
                    convolved,
                    slopes,
                    [&factor, &slant, &offset],
                    inside,
                );
            }
            convolution::weight_gradient(geometry, image, &padded, &mut weight);
            if let Some(gradient) = input_gradients.as_mut().and_then(Iterator::next) {
                let Transposed {
                    geometry,
                    weight,
                    bias,
                } = &transposed;
                convolution::forward(*geometry, &padded, weight, bias, gradient);
            }
        }
        weight
    };
    let mut input_gradient = vec![0.0; if want_input { input.len() } else { 0 }];
    let weights = if want_input {
        map_pieces(&mut input_gradient, inputs, |piece, gradient| {
            piece_of(piece, Some(gradient))
        })
    } else {
        let images = input.len() / geometry.inputs();
        let mut places = vec![0.0; images.div_ceil(IMAGES)];
        map_pieces(&mut places, 1, |piece, _| piece_of(piece, None))
    };
    let mut weight = vec![0.0; parameters.weight.len()];
    for piece in weights {
        add(&mut weight, &piece);
    }
    Gradients {
        input: want_input.then_some(input_gradient),
        weight,
        gamma,
        beta,
    }
}

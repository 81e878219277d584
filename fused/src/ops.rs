//! The operations as a backend extension: what each backend calls, and how gradients flow.

use std::sync::Arc;

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, backend_extension};
use burn::tensor::Tensor;
use inference::layers::{ROLES, WINDOWS};

use crate::Geometry;
use crate::cpu::windows::{self, Found, Texts, Weights};
use crate::cpu::{self, Forward, Parameters};
use crate::host::Host;

/// The operations that can be differentiated.
#[backend_extension(Autodiff, Flex: cfg(feature = "flex"), NdArray: cfg(feature = "ndarray"))]
pub trait TrainingOps: Backend {
    /// See [`conv_block`].
    fn conv_block(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        geometry: Geometry,
        epsilon: f32,
    ) -> FloatTensor<Self>;

    /// See [`word_windows`].
    fn word_windows(
        word: FloatTensor<Self>,
        window: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        texts: Arc<Texts>,
    ) -> FloatTensor<Self>;
}

/// The operations for prediction.
#[backend_extension(Flex: cfg(feature = "flex"), NdArray: cfg(feature = "ndarray"))]
pub trait PredictionOps: Backend {
    /// See [`conv_gelu`].
    fn conv_gelu(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        geometry: Geometry,
    ) -> FloatTensor<Self>;

    /// See [`conv_moments`].
    fn conv_moments(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        geometry: Geometry,
    ) -> FloatTensor<Self>;
}

/// `gelu(batch_norm(convolution(input)))`, with autodiff.
///
/// `input` has the shape `[images, geometry.inputs()]`, `weight` `[geometry.taps(), filters]`,
/// where taps count row by row, column by column, channel by channel; `gamma` and `beta` have
/// `[filters]`. A filter is normalised by its mean and variance over the batch, to which `epsilon`
/// is added. Returns `[images, geometry.outputs()]`.
///
/// # Panics
///
/// If the backend is none that [`is_available`](crate::is_available), or shapes do not fit.
#[must_use]
pub fn conv_block(
    input: Tensor<2>,
    weight: Tensor<2>,
    gamma: Tensor<1>,
    beta: Tensor<1>,
    geometry: Geometry,
    epsilon: f32,
) -> Tensor<2> {
    check(geometry, input.dims(), weight.dims());
    Tensor::from_dispatch(<Dispatch as TrainingOps>::conv_block(
        input.into_dispatch(),
        weight.into_dispatch(),
        gamma.into_dispatch(),
        beta.into_dispatch(),
        geometry,
        epsilon,
    ))
}

/// How strong the strongest window of one, two and three words is for each filter, with autodiff.
///
/// `word` has the shape `[words, size]`, and `texts` are rows of it. `window`, of shape
/// `[size, 6 · filters]`, is what a word adds to a window of one; to one of two as the last and as the
/// first; to one of three as the last, the middle and the first. `bias` has the shape `[3 · filters]`.
/// Returns `[texts, 3 · filters]`; nothing is below 0.
///
/// # Panics
///
/// If the backend is none that [`is_available`](crate::is_available), or shapes do not fit.
#[must_use]
pub fn word_windows(
    word: Tensor<2>,
    window: Tensor<2>,
    bias: Tensor<1>,
    texts: Arc<Texts>,
) -> Tensor<2> {
    let ([words, size], [rows, columns], [biases]) = (word.dims(), window.dims(), bias.dims());
    assert!(
        rows == size && biases > 0 && columns * WINDOWS == biases * ROLES,
        "windows of {rows} x {columns} and {biases} biases do not fit words of {size}"
    );
    assert!(
        texts.words.iter().all(|word| (*word as usize) < words),
        "a word is beyond the {words} that there are"
    );
    Tensor::from_dispatch(<Dispatch as TrainingOps>::word_windows(
        word.into_dispatch(),
        window.into_dispatch(),
        bias.into_dispatch(),
        texts,
    ))
}

/// `gelu(convolution(input) + bias)`, without autodiff. The shapes are those of [`conv_block`].
///
/// # Panics
///
/// If the backend is none that [`is_available`](crate::is_available), or shapes do not fit.
#[must_use]
pub fn conv_gelu(
    input: Tensor<2>,
    weight: Tensor<2>,
    bias: Tensor<1>,
    geometry: Geometry,
) -> Tensor<2> {
    check(geometry, input.dims(), weight.dims());
    Tensor::from_dispatch(<Dispatch as PredictionOps>::conv_gelu(
        input.into_dispatch(),
        weight.into_dispatch(),
        bias.into_dispatch(),
        geometry,
    ))
}

/// Mean (first row) and variance (second) of each filter of `convolution(input)` over the batch,
/// without autodiff. The shapes are those of [`conv_block`].
///
/// # Panics
///
/// If the backend is none that [`is_available`](crate::is_available), or shapes do not fit.
#[must_use]
pub fn conv_moments(input: Tensor<2>, weight: Tensor<2>, geometry: Geometry) -> Tensor<2> {
    check(geometry, input.dims(), weight.dims());
    Tensor::from_dispatch(<Dispatch as PredictionOps>::conv_moments(
        input.into_dispatch(),
        weight.into_dispatch(),
        geometry,
    ))
}

fn check(geometry: Geometry, [images, inputs]: [usize; 2], weight: [usize; 2]) {
    assert!(
        geometry.is_sound()
            && images > 0
            && inputs == geometry.inputs()
            && weight == [geometry.taps(), geometry.filters],
        "{geometry:?} does not fit an input of {images} x {inputs} and a weight of {weight:?}"
    );
}

/// Any backend of the host, with gradients.
impl<B: Host, C: CheckpointStrategy> TrainingOps for Autodiff<B, C> {
    fn conv_block(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        geometry: Geometry,
        epsilon: f32,
    ) -> FloatTensor<Self> {
        let (input, input_node) = input.into_parts();
        let (weight, weight_node) = weight.into_parts();
        let (gamma, gamma_node) = gamma.into_parts();
        let (beta, beta_node) = beta.into_parts();
        let mut block = Block::<B> {
            input,
            parameters: [weight, gamma, beta],
            geometry,
            saved: None,
        };
        let mut forward = block.forward(epsilon);
        let output = std::mem::take(&mut forward.output);
        let output = B::tensor(output, geometry.outputs());
        let nodes = [input_node, weight_node, gamma_node, beta_node];
        match ConvBlock.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => {
                block.saved = Some(forward);
                prepared.finish(block, output)
            }
            OpsKind::UnTracked(prepared) => prepared.finish(output),
        }
    }

    fn word_windows(
        word: FloatTensor<Self>,
        window: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        texts: Arc<Texts>,
    ) -> FloatTensor<Self> {
        let (word, word_node) = word.into_parts();
        let (window, window_node) = window.into_parts();
        let (bias, bias_node) = bias.into_parts();
        let weights = [word, window, bias];
        let mut found = find::<B>(&weights, &texts);
        let output = std::mem::take(&mut found.output);
        let output = B::tensor(output, columns::<B>(&weights));
        let nodes = [word_node, window_node, bias_node];
        match WordWindows.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish((weights, texts, found), output),
            OpsKind::UnTracked(prepared) => prepared.finish(output),
        }
    }
}

/// Columns of the result: as many as there are biases.
fn columns<B: Host>([.., bias]: &[FloatTensor<B>; 3]) -> usize {
    B::numbers(bias).len()
}

/// Calls `then` with the numbers of the weights.
fn with_weights<B: Host, R>(
    weights: &[FloatTensor<B>; 3],
    then: impl FnOnce(Weights<'_>) -> R,
) -> R {
    let [word, window, bias] = weights.each_ref().map(B::numbers);
    then(Weights {
        word: &word,
        window: &window,
        bias: &bias,
    })
}

fn find<B: Host>(weights: &[FloatTensor<B>; 3], texts: &Texts) -> Found {
    with_weights::<B, _>(weights, |weights| windows::forward(weights, texts))
}

/// [`word_windows`] on its way back.
#[derive(Debug)]
struct WordWindows;

impl<B: Host> Backward<B, 3> for WordWindows {
    type State = ([FloatTensor<B>; 3], Arc<Texts>, Found);

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let (weights, texts, found) = ops.state;
        let gradient = gradients.consume::<B>(&ops.node);
        let (found, [size, columns]) = with_weights::<B, _>(&weights, |weights| {
            let gradient = B::numbers(&gradient);
            let columns = weights.bias.len() / WINDOWS * ROLES;
            let sizes = [weights.window.len() / columns, columns];
            (windows::backward(weights, &texts, &found, &gradient), sizes)
        });
        let found = [
            B::tensor(found.word, size),
            B::tensor(found.window, columns),
            B::vector(found.bias),
        ];
        for (parent, gradient) in ops.parents.into_iter().zip(found) {
            if let Some(parent) = parent {
                gradients.register::<B>(parent.id, gradient);
            }
        }
    }
}

/// [`conv_block`] on its way back.
#[derive(Debug)]
struct ConvBlock;

/// What the way back needs.
#[derive(Debug, Clone)]
struct Block<B: Backend> {
    input: FloatTensor<B>,
    /// Kernel, factors, summands.
    parameters: [FloatTensor<B>; 3],
    geometry: Geometry,
    saved: Option<Forward>,
}

impl<B: Host> Block<B> {
    fn forward(&self, epsilon: f32) -> Forward {
        let [weight, gamma, beta] = self.parameters.each_ref().map(B::numbers);
        let parameters = Parameters {
            weight: &weight,
            gamma: &gamma,
            beta: &beta,
        };
        cpu::forward(self.geometry, &B::numbers(&self.input), parameters, epsilon)
    }
}

impl<B: Host> Backward<B, 4> for ConvBlock {
    type State = Block<B>;

    fn backward(
        self,
        ops: Ops<Self::State, 4>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let Block {
            input,
            parameters,
            geometry,
            saved,
        } = ops.state;
        let gradient = gradients.consume::<B>(&ops.node);
        let Some(saved) = saved else {
            return;
        };
        let [weight, gamma, beta] = parameters.each_ref().map(B::numbers);
        let found = cpu::backward(
            geometry,
            &B::numbers(&input),
            Parameters {
                weight: &weight,
                gamma: &gamma,
                beta: &beta,
            },
            &saved,
            B::into_numbers(gradient),
            ops.parents[0].is_some(),
        );
        let filters = geometry.filters;
        let of_input = found
            .input
            .map(|numbers| B::tensor(numbers, geometry.inputs()));
        let found = [
            of_input,
            Some(B::tensor(found.weight, filters)),
            Some(B::vector(found.gamma)),
            Some(B::vector(found.beta)),
        ];
        for (parent, gradient) in ops.parents.into_iter().zip(found) {
            if let (Some(parent), Some(gradient)) = (parent, gradient) {
                gradients.register::<B>(parent.id, gradient);
            }
        }
    }
}

/// The operations of a backend whose tensors lie in the host's memory.
macro_rules! on_the_host {
    ($backend:ty) => {
        impl TrainingOps for $backend {
            fn conv_block(
                input: FloatTensor<Self>,
                weight: FloatTensor<Self>,
                gamma: FloatTensor<Self>,
                beta: FloatTensor<Self>,
                geometry: Geometry,
                epsilon: f32,
            ) -> FloatTensor<Self> {
                let block = Block::<Self> {
                    input,
                    parameters: [weight, gamma, beta],
                    geometry,
                    saved: None,
                };
                Self::tensor(block.forward(epsilon).output, geometry.outputs())
            }

            fn word_windows(
                word: FloatTensor<Self>,
                window: FloatTensor<Self>,
                bias: FloatTensor<Self>,
                texts: Arc<Texts>,
            ) -> FloatTensor<Self> {
                let weights = [word, window, bias];
                let output = find::<Self>(&weights, &texts).output;
                Self::tensor(output, columns::<Self>(&weights))
            }
        }

        impl PredictionOps for $backend {
            fn conv_gelu(
                input: FloatTensor<Self>,
                weight: FloatTensor<Self>,
                bias: FloatTensor<Self>,
                geometry: Geometry,
            ) -> FloatTensor<Self> {
                let [input, weight, bias] = [&input, &weight, &bias].map(Self::numbers);
                let output = cpu::predict(geometry, &input, &weight, &bias);
                Self::tensor(output, geometry.outputs())
            }

            fn conv_moments(
                input: FloatTensor<Self>,
                weight: FloatTensor<Self>,
                geometry: Geometry,
            ) -> FloatTensor<Self> {
                let [input, weight] = [&input, &weight].map(Self::numbers);
                let moments = cpu::moments(geometry, &input, &weight);
                Self::tensor(moments.concat(), geometry.filters)
            }
        }
    };
}

#[cfg(feature = "flex")]
on_the_host!(burn::backend::Flex);
#[cfg(feature = "ndarray")]
on_the_host!(burn::backend::NdArray);

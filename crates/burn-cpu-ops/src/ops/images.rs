//! Operations on images.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, backend_extension};
use burn::tensor::Tensor;

use crate::Geometry;
use crate::cpu::{self, Forward, Parameters};
use crate::host::Host;

/// The operations that can be differentiated.
#[backend_extension(Autodiff, Flex: cfg(feature = "flex"), NdArray: cfg(feature = "ndarray"))]
pub trait ImageOps: Backend {
    /// See [`conv_block`].
    fn conv_block(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        geometry: Geometry,
        epsilon: f32,
    ) -> FloatTensor<Self>;
}

/// The operations for prediction.
#[backend_extension(Flex: cfg(feature = "flex"), NdArray: cfg(feature = "ndarray"))]
pub trait ImagePredictionOps: Backend {
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
    Tensor::from_dispatch(<Dispatch as ImageOps>::conv_block(
        input.into_dispatch(),
        weight.into_dispatch(),
        gamma.into_dispatch(),
        beta.into_dispatch(),
        geometry,
        epsilon,
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
    Tensor::from_dispatch(<Dispatch as ImagePredictionOps>::conv_gelu(
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
    Tensor::from_dispatch(<Dispatch as ImagePredictionOps>::conv_moments(
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
impl<B: Host, C: CheckpointStrategy> ImageOps for Autodiff<B, C> {
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
        impl ImageOps for $backend {
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
        }

        impl ImagePredictionOps for $backend {
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

//! Operations on rows of numbers.

use std::sync::Arc;

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, backend_extension};
use burn::tensor::Tensor;

use crate::cpu::dropout::{self, Mask};
use crate::cpu::{bias, linear};
use crate::host::Host;

/// The operations that can be differentiated.
#[backend_extension(Autodiff, Flex: cfg(feature = "flex"), NdArray: cfg(feature = "ndarray"))]
pub trait DenseOps: Backend {
    /// See [`linear`](fn@linear).
    fn linear(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self>;

    /// See [`dropout`](fn@dropout).
    fn dropout(input: FloatTensor<Self>, mask: Arc<Mask>) -> FloatTensor<Self>;
}

/// `input · weight + bias`, with autodiff or without: `[rows, inputs]`, `[inputs, outputs]` and `[outputs]`, and
/// `[rows, outputs]` comes out.
///
/// # Panics
///
/// If the backend is none that [`is_available`](crate::is_available), or shapes do not fit.
#[must_use]
pub fn linear(input: Tensor<2>, weight: Tensor<2>, bias: Tensor<1>) -> Tensor<2> {
    let ([_, inputs], [rows, outputs], [length]) = (input.dims(), weight.dims(), bias.dims());
    assert!(
        inputs == rows && outputs == length && inputs > 0 && outputs > 0,
        "{inputs} inputs and a bias of {length} do not fit weights of {rows} x {outputs}"
    );
    Tensor::from_dispatch(<Dispatch as DenseOps>::linear(
        input.into_dispatch(),
        weight.into_dispatch(),
        bias.into_dispatch(),
    ))
}

/// `input` with what the mask leaves out set to 0, and the rest enlarged; with autodiff or without.
///
/// # Panics
///
/// If the backend is none that [`is_available`](crate::is_available), or the mask is of another size.
#[must_use]
pub fn dropout(input: Tensor<2>, mask: Arc<Mask>) -> Tensor<2> {
    let [rows, columns] = input.dims();
    let bytes = mask.bytes.len();
    assert!(
        bytes == rows * columns && columns > 0,
        "a mask of {bytes} does not fit {rows} x {columns} numbers"
    );
    Tensor::from_dispatch(<Dispatch as DenseOps>::dropout(input.into_dispatch(), mask))
}

/// Any backend of the host, with gradients.
impl<B: Host, C: CheckpointStrategy> DenseOps for Autodiff<B, C> {
    fn linear(
        input: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let (input, input_node) = input.into_parts();
        let (weight, weight_node) = weight.into_parts();
        let (bias, bias_node) = bias.into_parts();
        let output = multiplied::<B>(&input, &weight, &bias);
        let nodes = [input_node, weight_node, bias_node];
        match Linear.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish((input, weight), output),
            OpsKind::UnTracked(prepared) => prepared.finish(output),
        }
    }

    fn dropout(input: FloatTensor<Self>, mask: Arc<Mask>) -> FloatTensor<Self> {
        let (input, node) = input.into_parts();
        let output = masked::<B>(input, &mask);
        match Dropout.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish(mask, output),
            OpsKind::UnTracked(prepared) => prepared.finish(output),
        }
    }
}

fn multiplied<B: Host>(
    input: &FloatTensor<B>,
    weight: &FloatTensor<B>,
    bias: &FloatTensor<B>,
) -> FloatTensor<B> {
    let shape = [B::columns(input), B::columns(weight)];
    let mut output = linear::forward(&B::numbers(input), &B::numbers(weight), shape);
    bias::apply(&B::numbers(bias), &mut output);
    B::tensor(output, shape[1])
}

fn masked<B: Host>(input: FloatTensor<B>, mask: &Mask) -> FloatTensor<B> {
    B::changed(input, |numbers| dropout::apply(mask, numbers))
}

/// [`linear`](fn@linear) on its way back.
#[derive(Debug)]
struct Linear;

impl<B: Host> Backward<B, 3> for Linear {
    type State = (FloatTensor<B>, FloatTensor<B>);

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let (input, weight) = ops.state;
        let gradient = gradients.consume::<B>(&ops.node);
        let gradient = B::numbers(&gradient);
        let shape = [B::columns(&input), B::columns(&weight)];
        let [of_input, of_weight, of_bias] = ops.parents;
        if let Some(parent) = of_input {
            let found = linear::input_gradient(&B::numbers(&weight), &gradient, shape);
            gradients.register::<B>(parent.id, B::tensor(found, shape[0]));
        }
        if let Some(parent) = of_weight {
            let found = linear::weight_gradient(&B::numbers(&input), &gradient, shape);
            gradients.register::<B>(parent.id, B::tensor(found, shape[1]));
        }
        if let Some(parent) = of_bias {
            let found = bias::gradient(&gradient, shape[1]);
            gradients.register::<B>(parent.id, B::vector(found));
        }
    }
}

/// [`dropout`](fn@dropout) on its way back.
#[derive(Debug)]
struct Dropout;

impl<B: Host> Backward<B, 1> for Dropout {
    type State = Arc<Mask>;

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let gradient = gradients.consume::<B>(&ops.node);
        let [Some(parent)] = ops.parents else {
            return;
        };
        gradients.register::<B>(parent.id, masked::<B>(gradient, &ops.state));
    }
}

/// The operations of a backend whose tensors lie in the host's memory.
macro_rules! on_the_host {
    ($backend:ty) => {
        impl DenseOps for $backend {
            fn linear(
                input: FloatTensor<Self>,
                weight: FloatTensor<Self>,
                bias: FloatTensor<Self>,
            ) -> FloatTensor<Self> {
                multiplied::<Self>(&input, &weight, &bias)
            }

            fn dropout(input: FloatTensor<Self>, mask: Arc<Mask>) -> FloatTensor<Self> {
                masked::<Self>(input, &mask)
            }
        }
    };
}

#[cfg(feature = "flex")]
on_the_host!(burn::backend::Flex);
#[cfg(feature = "ndarray")]
on_the_host!(burn::backend::NdArray);

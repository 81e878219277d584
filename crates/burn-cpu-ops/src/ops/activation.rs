//! Functions of each number.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, backend_extension};
use burn::tensor::Tensor;

use crate::cpu::{cosine, relu};
use crate::host::Host;

/// The operations that can be differentiated.
#[backend_extension(Autodiff, Flex: cfg(feature = "flex"), NdArray: cfg(feature = "ndarray"))]
pub trait ActivationOps: Backend {
    /// See [`cosine`](fn@cosine).
    fn cosine(input: FloatTensor<Self>) -> FloatTensor<Self>;

    /// See [`relu`](fn@relu).
    fn relu(input: FloatTensor<Self>) -> FloatTensor<Self>;
}

/// `cos(input)`, with autodiff or without.
///
/// # Panics
///
/// If the backend is none that [`is_available`](crate::is_available), or there are no columns.
#[must_use]
pub fn cosine(input: Tensor<2>) -> Tensor<2> {
    check(&input);
    Tensor::from_dispatch(<Dispatch as ActivationOps>::cosine(input.into_dispatch()))
}

/// `max(input, 0)`, with autodiff or without.
///
/// # Panics
///
/// If the backend is none that [`is_available`](crate::is_available), or there are no columns.
#[must_use]
pub fn relu(input: Tensor<2>) -> Tensor<2> {
    check(&input);
    Tensor::from_dispatch(<Dispatch as ActivationOps>::relu(input.into_dispatch()))
}

fn check(input: &Tensor<2>) {
    let [_, columns] = input.dims();
    assert!(columns > 0, "a tensor without columns");
}

/// Any backend of the host, with gradients.
impl<B: Host, C: CheckpointStrategy> ActivationOps for Autodiff<B, C> {
    fn cosine(input: FloatTensor<Self>) -> FloatTensor<Self> {
        let (input, node) = input.into_parts();
        match Cosine.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => {
                let output = B::changed(input.clone(), cosine::forward);
                prepared.finish(input, output)
            }
            OpsKind::UnTracked(prepared) => prepared.finish(B::changed(input, cosine::forward)),
        }
    }

    fn relu(input: FloatTensor<Self>) -> FloatTensor<Self> {
        let (input, node) = input.into_parts();
        let output = B::changed(input, relu::forward);
        match Relu.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish(output.clone(), output),
            OpsKind::UnTracked(prepared) => prepared.finish(output),
        }
    }
}

/// Passes the gradient of an operation's output on to its input, changed by `change`, which takes what was kept and
/// the gradient.
fn pass_back<B: Host>(
    ops: Ops<FloatTensor<B>, 1>,
    gradients: &mut Gradients,
    change: impl Fn(&[f32], &mut [f32]),
) {
    let gradient = gradients.consume::<B>(&ops.node);
    let [Some(parent)] = ops.parents else {
        return;
    };
    let kept = B::numbers(&ops.state);
    let gradient = B::changed(gradient, |gradient| change(&kept, gradient));
    gradients.register::<B>(parent.id, gradient);
}

/// [`cosine`](fn@cosine) on its way back.
#[derive(Debug)]
struct Cosine;

impl<B: Host> Backward<B, 1> for Cosine {
    type State = FloatTensor<B>;

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        pass_back::<B>(ops, gradients, cosine::backward);
    }
}

/// [`relu`](fn@relu) on its way back.
#[derive(Debug)]
struct Relu;

impl<B: Host> Backward<B, 1> for Relu {
    type State = FloatTensor<B>;

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        pass_back::<B>(ops, gradients, relu::backward);
    }
}

/// The operations of a backend whose tensors lie in the host's memory.
macro_rules! on_the_host {
    ($backend:ty) => {
        impl ActivationOps for $backend {
            fn cosine(input: FloatTensor<Self>) -> FloatTensor<Self> {
                Self::changed(input, cosine::forward)
            }

            fn relu(input: FloatTensor<Self>) -> FloatTensor<Self> {
                Self::changed(input, relu::forward)
            }
        }
    };
}

#[cfg(feature = "flex")]
on_the_host!(burn::backend::Flex);
#[cfg(feature = "ndarray")]
on_the_host!(burn::backend::NdArray);

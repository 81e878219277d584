//! What training makes small.

use std::sync::Arc;

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, backend_extension};
use burn::tensor::Tensor;

use crate::cpu::cross_entropy::{self, Softmax};
use crate::host::Host;

/// The operations that can be differentiated.
#[backend_extension(Autodiff, Flex: cfg(feature = "flex"), NdArray: cfg(feature = "ndarray"))]
pub trait LossOps: Backend {
    /// See [`cross_entropy`](fn@cross_entropy).
    fn cross_entropy(logits: FloatTensor<Self>, targets: Arc<Vec<f32>>) -> FloatTensor<Self>;
}

/// The mean cross-entropy of `logits`, of shape `[rows, classes]`, against the probabilities `targets`, row-major, with
/// autodiff or without: a tensor of one number.
///
/// # Panics
///
/// If the backend is none that [`is_available`](crate::is_available), or sizes do not fit.
#[must_use]
pub fn cross_entropy(logits: Tensor<2>, targets: Arc<Vec<f32>>) -> Tensor<1> {
    let [rows, classes] = logits.dims();
    let count = targets.len();
    assert!(
        count == rows * classes && count > 0,
        "{count} targets do not fit {rows} x {classes} logits"
    );
    Tensor::from_dispatch(<Dispatch as LossOps>::cross_entropy(
        logits.into_dispatch(),
        targets,
    ))
}

/// Any backend of the host, with gradients.
impl<B: Host, C: CheckpointStrategy> LossOps for Autodiff<B, C> {
    fn cross_entropy(logits: FloatTensor<Self>, targets: Arc<Vec<f32>>) -> FloatTensor<Self> {
        let (logits, node) = logits.into_parts();
        let (output, softmax) = mean::<B>(&logits, &targets);
        let state = (softmax, targets, B::columns(&logits));
        match CrossEntropy.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish(state, output),
            OpsKind::UnTracked(prepared) => prepared.finish(output),
        }
    }
}

fn mean<B: Host>(logits: &FloatTensor<B>, targets: &[f32]) -> (FloatTensor<B>, Softmax) {
    let classes = B::columns(logits);
    let (mean, softmax) = cross_entropy::forward(&B::numbers(logits), targets, classes);
    (B::vector(vec![mean]), softmax)
}

/// [`cross_entropy`](fn@cross_entropy) on its way back.
#[derive(Debug)]
struct CrossEntropy;

impl<B: Host> Backward<B, 1> for CrossEntropy {
    type State = (Softmax, Arc<Vec<f32>>, usize);

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let (softmax, targets, classes) = ops.state;
        let gradient = gradients.consume::<B>(&ops.node);
        let [Some(parent)] = ops.parents else {
            return;
        };
        let gradient = B::numbers(&gradient).first().copied().unwrap_or_default();
        let found = cross_entropy::backward(&softmax, &targets, classes, gradient);
        gradients.register::<B>(parent.id, B::tensor(found, classes));
    }
}

/// The operations of a backend whose tensors lie in the host's memory.
macro_rules! on_the_host {
    ($backend:ty) => {
        impl LossOps for $backend {
            fn cross_entropy(
                logits: FloatTensor<Self>,
                targets: Arc<Vec<f32>>,
            ) -> FloatTensor<Self> {
                mean::<Self>(&logits, &targets).0
            }
        }
    };
}

#[cfg(feature = "flex")]
on_the_host!(burn::backend::Flex);
#[cfg(feature = "ndarray")]
on_the_host!(burn::backend::NdArray);

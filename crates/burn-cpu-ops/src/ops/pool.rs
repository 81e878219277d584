//! Pooling of images.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, backend_extension};
use burn::tensor::Tensor;
use kernels::Pool;

use crate::cpu::pool;
use crate::host::Host;

/// The operations that can be differentiated.
#[backend_extension(Autodiff, Flex: cfg(feature = "flex"), NdArray: cfg(feature = "ndarray"))]
pub trait PoolOps: Backend {
    /// See [`max_pool`](fn@max_pool).
    fn max_pool(input: FloatTensor<Self>, pool: Pool) -> FloatTensor<Self>;
}

/// The largest numbers of squares of images, with a border of zeros, with autodiff or without: `[images, pool.inputs()]`,
/// and `[images, pool.outputs()]` comes out.
///
/// # Panics
///
/// If the backend is none that [`is_available`](crate::is_available), or shapes do not fit.
#[must_use]
pub fn max_pool(input: Tensor<2>, pool: Pool) -> Tensor<2> {
    let [images, inputs] = input.dims();
    assert!(
        pool.is_sound() && images > 0 && inputs == pool.inputs(),
        "{pool:?} does not fit an input of {images} x {inputs}"
    );
    Tensor::from_dispatch(<Dispatch as PoolOps>::max_pool(input.into_dispatch(), pool))
}

/// Any backend of the host, with gradients.
impl<B: Host, C: CheckpointStrategy> PoolOps for Autodiff<B, C> {
    fn max_pool(input: FloatTensor<Self>, pool: Pool) -> FloatTensor<Self> {
        let (input, node) = input.into_parts();
        let output = pooled::<B>(&input, pool);
        match MaxPool.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish((input, pool), output),
            OpsKind::UnTracked(prepared) => prepared.finish(output),
        }
    }
}

fn pooled<B: Host>(input: &FloatTensor<B>, pool: Pool) -> FloatTensor<B> {
    B::tensor(pool::forward(pool, &B::numbers(input)), pool.outputs())
}

/// [`max_pool`](fn@max_pool) on its way back.
#[derive(Debug)]
struct MaxPool;

impl<B: Host> Backward<B, 1> for MaxPool {
    type State = (FloatTensor<B>, Pool);

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let (input, pool) = ops.state;
        let gradient = gradients.consume::<B>(&ops.node);
        let [Some(parent)] = ops.parents else {
            return;
        };
        let found = pool::backward(pool, &B::numbers(&input), &B::numbers(&gradient));
        gradients.register::<B>(parent.id, B::tensor(found, pool.inputs()));
    }
}

/// The operations of a backend whose tensors lie in the host's memory.
macro_rules! on_the_host {
    ($backend:ty) => {
        impl PoolOps for $backend {
            fn max_pool(input: FloatTensor<Self>, pool: Pool) -> FloatTensor<Self> {
                pooled::<Self>(&input, pool)
            }
        }
    };
}

#[cfg(feature = "flex")]
on_the_host!(burn::backend::Flex);
#[cfg(feature = "ndarray")]
on_the_host!(burn::backend::NdArray);

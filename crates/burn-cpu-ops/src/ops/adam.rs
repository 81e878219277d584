//! Operations of an optimiser.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, TensorMetadata, backend_extension};
use burn::tensor::Tensor;

use crate::cpu::adam::{self, AdamStep};
use crate::host::Host;

/// The operations of an optimiser.
#[backend_extension(Flex: cfg(feature = "flex"), NdArray: cfg(feature = "ndarray"))]
pub trait OptimiserOps: Backend {
    /// See [`adam`].
    fn adam(
        weight: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        first: FloatTensor<Self>,
        second: FloatTensor<Self>,
        step: AdamStep,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    /// See [`moving_average`].
    fn moving_average(
        old: FloatTensor<Self>,
        new: FloatTensor<Self>,
        decay: f64,
    ) -> FloatTensor<Self>;
}

/// A step of Adam: `weight` and the flattened moments after it, without autodiff. Where nobody else has a tensor
/// that comes in, its memory is that of the one that comes out.
///
/// # Panics
///
/// If the backend is none that [`is_available`](crate::is_available), or sizes differ.
#[must_use]
pub fn adam<const D: usize>(
    weight: Tensor<D>,
    gradient: Tensor<D>,
    [first, second]: [Tensor<1>; 2],
    step: AdamStep,
) -> (Tensor<D>, [Tensor<1>; 2]) {
    let shape = weight.dims();
    let length: [usize; 1] = [shape.iter().product()];
    assert!(
        gradient.dims() == shape && first.dims() == length && second.dims() == length,
        "gradient and moments do not fit a weight of {shape:?}"
    );
    let (weight, first, second) = <Dispatch as OptimiserOps>::adam(
        weight.into_dispatch(),
        gradient.into_dispatch(),
        first.into_dispatch(),
        second.into_dispatch(),
        step,
    );
    let moments = [first, second].map(Tensor::from_dispatch);
    (Tensor::from_dispatch(weight), moments)
}

/// `old · decay + new · (1 − decay)`, without autodiff; in the memory of `old`, if nobody else has it.
///
/// # Panics
///
/// If the backend is none that [`is_available`](crate::is_available), or lengths differ.
#[must_use]
pub fn moving_average(old: Tensor<1>, new: Tensor<1>, decay: f64) -> Tensor<1> {
    assert_eq!(
        old.dims(),
        new.dims(),
        "lengths of a tensor and its average"
    );
    Tensor::from_dispatch(<Dispatch as OptimiserOps>::moving_average(
        old.into_dispatch(),
        new.into_dispatch(),
        decay,
    ))
}

/// The operations of a backend whose tensors lie in the host's memory.
macro_rules! on_the_host {
    ($backend:ty) => {
        impl OptimiserOps for $backend {
            fn adam(
                weight: FloatTensor<Self>,
                gradient: FloatTensor<Self>,
                first: FloatTensor<Self>,
                second: FloatTensor<Self>,
                step: AdamStep,
            ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
                let shape = weight.shape();
                let [mut weight, mut first, mut second] =
                    [weight, first, second].map(Self::into_numbers);
                let gradient = Self::numbers(&gradient);
                adam::adam(step, &mut weight, &gradient, [&mut first, &mut second]);
                let [first, second] = [first, second].map(Self::vector);
                (Self::shaped(weight, shape), first, second)
            }

            fn moving_average(
                old: FloatTensor<Self>,
                new: FloatTensor<Self>,
                decay: f64,
            ) -> FloatTensor<Self> {
                let mut old = Self::into_numbers(old);
                adam::average(decay, &mut old, &Self::numbers(&new));
                Self::vector(old)
            }
        }
    };
}

#[cfg(feature = "flex")]
on_the_host!(burn::backend::Flex);
#[cfg(feature = "ndarray")]
on_the_host!(burn::backend::NdArray);

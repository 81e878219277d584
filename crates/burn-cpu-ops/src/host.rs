//! Tensors of the backends that keep them in the host's memory.

use std::borrow::Cow;

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, TensorMetadata};
use burn::tensor::{Shape, TensorData};

/// A backend whose tensors are floats in the host's memory.
pub trait Host: Backend {
    /// The numbers of a tensor of `f32`, row-major; borrowed where they lie in that order.
    fn numbers(tensor: &FloatTensor<Self>) -> Cow<'_, [f32]>;

    /// The same, to keep: without a copy if nobody else has the tensor.
    fn into_numbers(tensor: FloatTensor<Self>) -> Vec<f32>;

    /// Numbers of a row.
    fn columns(tensor: &FloatTensor<Self>) -> usize {
        tensor.shape().last().copied().unwrap_or(1)
    }

    /// A tensor of this shape.
    fn shaped(numbers: Vec<f32>, shape: impl Into<Shape>) -> FloatTensor<Self> {
        Self::float_from_data(TensorData::new(numbers, shape), &Default::default())
    }

    /// A tensor with rows of `columns` numbers.
    fn tensor(numbers: Vec<f32>, columns: usize) -> FloatTensor<Self> {
        let rows = numbers.len() / columns;
        Self::shaped(numbers, [rows, columns])
    }

    /// `tensor`, of two dimensions, with its numbers changed: in place if nobody else has it.
    fn changed(tensor: FloatTensor<Self>, change: impl FnOnce(&mut [f32])) -> FloatTensor<Self> {
        let columns = Self::columns(&tensor);
        let mut numbers = Self::into_numbers(tensor);
        change(&mut numbers);
        Self::tensor(numbers, columns)
    }

    /// A tensor of one dimension.
    fn vector(numbers: Vec<f32>) -> FloatTensor<Self> {
        let length = numbers.len();
        Self::shaped(numbers, [length])
    }
}

#[cfg(feature = "flex")]
impl Host for burn::backend::Flex {
    fn numbers(tensor: &FloatTensor<Self>) -> Cow<'_, [f32]> {
        match tensor.as_slice::<f32>() {
            Some(numbers) => Cow::Borrowed(numbers),
            None => Cow::Owned(Self::into_numbers(tensor.clone())),
        }
    }

    fn into_numbers(tensor: FloatTensor<Self>) -> Vec<f32> {
        tensor.into_data().try_into_vec().unwrap_or_default()
    }
}

#[cfg(feature = "ndarray")]
impl Host for burn::backend::NdArray {
    fn numbers(tensor: &FloatTensor<Self>) -> Cow<'_, [f32]> {
        use burn::backend::ndarray::NdArrayTensor;
        let slice = match tensor {
            NdArrayTensor::F32(storage) => storage.view().to_slice(),
            _ => None,
        };
        match slice {
            Some(numbers) => Cow::Borrowed(numbers),
            None => Cow::Owned(Self::into_numbers(tensor.clone())),
        }
    }

    fn into_numbers(tensor: FloatTensor<Self>) -> Vec<f32> {
        use burn::backend::ndarray::NdArrayTensor;
        let NdArrayTensor::F32(storage) = tensor else {
            return Vec::new();
        };
        let array = storage.into_owned();
        match array.is_standard_layout() {
            true => {
                let length = array.len();
                let (mut numbers, start) = array.into_owned().into_raw_vec_and_offset();
                numbers.drain(..start.unwrap_or(0));
                numbers.truncate(length);
                numbers
            }
            false => array.iter().copied().collect(),
        }
    }
}

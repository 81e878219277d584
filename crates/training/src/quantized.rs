//! Weights as modules store them: whole numbers of 8 bits, with a scale for each column.

use burn::tensor::Tensor;

/// The largest rounded weight.
pub const LARGEST: f32 = 127.0;
/// A scale for a column whose weights are all zero; it must only be more than that.
const SMALLEST_SCALE: f64 = 1e-30;

/// The scale of each column of `weight`, shape `[1, columns]`: the largest weight over 127.
pub fn scales(weight: Tensor<2>) -> Tensor<2> {
    (weight.abs().max_dim(0))
        .mul_scalar(1.0 / f64::from(LARGEST))
        .clamp_min(SMALLEST_SCALE)
}

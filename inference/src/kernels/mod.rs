//! The numerical loops that modules and trainers share: what a module computes is, instruction by
//! instruction, what it was trained with.
//!
//! All are always inlined, so that a caller compiled for a wider vector unit takes them along. The
//! parameter `FMA` says that the caller is compiled for one that multiplies and adds in one
//! instruction; without such a unit `f32::mul_add` is a slow function call.

mod convolution;
mod gelu;

pub use convolution::{Geometry, KERNEL, LANES, convolve};
pub use gelu::{Gelu, gelu};

/// `x · y + sum`.
#[inline(always)]
pub fn multiply_add<const FMA: bool>(x: f32, y: f32, sum: f32) -> f32 {
    match FMA {
        true => x.mul_add(y, sum),
        false => x * y + sum,
    }
}

//! Fused CPU operations for Burn.
//!
//! A network of few channels, or one that reads texts, spends its time on memory, not on arithmetic, if
//! every operation walks through it once more. [`conv_block`] does convolution, batch normalisation and
//! GELU at once, [`adam`] all of a step, and so on, forwards and backwards, on
//! [`burn-ndarray`](burn::backend::NdArray) and burn-flex alike.
//!
//! Images are channels last and flat: a tensor of shape `[images, height · width · channels]`.

#![cfg_attr(
    feature = "ndarray",
    allow(
        deprecated,
        reason = "Burn will drop this backend; until then it is offered beside flex"
    )
)]

pub mod cpu;
mod device;
mod host;
mod ops;

pub use cpu::adam::AdamStep;
pub use cpu::bags::Bags;
pub use cpu::dropout::Mask;
pub use cpu::parallel;
pub use cpu::windows::Texts;
pub use device::is_available;
pub use kernels::{Geometry, KERNEL, Pool};
pub use ops::{
    adam, conv_block, conv_gelu, conv_moments, cosine, cross_entropy, dropout, embedding_bag,
    linear, max_pool, moving_average, relu, word_windows,
};

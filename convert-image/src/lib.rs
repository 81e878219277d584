//! Turns a picture of a handwritten digit into the 784 numbers that an MNIST classifier takes.
//!
//! [`convert()`] is the whole conversion. In its order: [`read`] takes in a bounded number of bytes
//! and decodes them, [`transparency`] puts transparent pictures on a ground, [`polarity`] tells ink
//! from paper, [`background`] flattens the light on the paper, [`ink`] finds the strokes, [`scale`]
//! and [`centre`] give them the size and the place that MNIST gives them.

pub mod background;
pub mod centre;
pub mod components;
pub mod convert;
pub mod digit;
pub mod error;
pub mod grey;
pub mod ink;
pub mod limits;
pub mod polarity;
pub mod quantile;
pub mod read;
pub mod scale;
pub mod sums;
pub mod threshold;
pub mod transparency;

pub use convert::convert;
pub use digit::Digit;
pub use error::ConvertError;
pub use polarity::Inversion;

/// Side of an image of MNIST, in pixels.
pub const SIDE: usize = 28;

//! Turns a picture of a handwritten digit into the 784 numbers that an MNIST classifier takes.
//!
//! [`convert()`] is the whole conversion. In its order: [`read`] takes in a bounded number of bytes
//! and decodes them, [`transparency`] puts transparent pictures on a ground, [`colour`] picks what
//! tells ink from paper, [`as_it_is`] lets images pass that are MNIST's already, [`sheet`] finds the
//! paper, [`polarity`] and [`level`] make ink light and paper dark, [`background`] takes the rest of
//! the paper away, [`ink`] finds the strokes, [`grouping`] the digits, [`scale`] and [`centre`] give
//! them the size and the place that MNIST gives them.
//!
//! [`Target`] prepares pictures of anything for a model that was trained on them.

pub mod as_it_is;
pub mod background;
pub mod centre;
pub mod colour;
pub mod components;
pub mod convert;
pub mod digit;
pub mod error;
pub mod grey;
pub mod grouping;
pub mod ink;
pub mod level;
pub mod polarity;
pub mod quantile;
pub mod read;
pub mod scale;
pub mod sheet;
pub mod sums;
pub mod target;
pub mod transparency;

pub use convert::{convert, convert_each};
pub use digit::Digit;
pub use error::ConvertError;
pub use polarity::Inversion;
pub use target::{Target, TargetError};

/// Side of an image of MNIST, in pixels.
pub const SIDE: usize = 28;

//! Linear models with a quadratic penalty: ridge, logistic and multinomial regression, and the choice of the
//! penalty by cross-validation.
//!
//! A fit minimises the sum over the rows of *row weight × loss*, plus *penalty / 2 × the sum of the squared
//! weights*. The bias is not penalised (T. Hastie, R. Tibshirani and J. Friedman, "The Elements of Statistical
//! Learning", 2nd edition, 2009, sections 3.4.1 and 4.4).
//!
//! All arithmetic is in `f64`, and every sum is taken in an order that depends on the data alone, so that the
//! number of threads does not change a single bit of a result. `exp` and `ln` come from `libm`, whose results are the
//! same on every processor.

mod check;
mod choose;
mod design;
mod error;
mod fit;
mod kernels;
mod lbfgs;
mod loss;
mod matrix;
mod moments;
mod objective;
mod precondition;
#[cfg(test)]
mod tests;

pub use choose::{Choice, choose, penalties};
pub use design::{Design, Linear};
pub use error::LinearError;
pub use fit::fit;
pub use loss::Loss;

/// The fold number of a row that takes no part in [`choose`].
pub const NO_FOLD: u8 = u8::MAX;

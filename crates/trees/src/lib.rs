//! Gradient-boosted decision trees for tables.
//!
//! Trees are grown leaf by leaf on histograms of at most 255 bins, with first and second derivatives
//! of the loss (J. Friedman, "Greedy function approximation: a gradient boosting machine", Annals of
//! Statistics 29, 2001; T. Chen and C. Guestrin, "`XGBoost`: a scalable tree boosting system", KDD
//! 2016; G. Ke et al., "`LightGBM`: a highly efficient gradient boosting decision tree", NIPS 2017).
//!
//! [`Binned`] cuts the columns of a table into bins. [`cross_validate`] finds the number of rounds
//! and gives a [`Booster`] for each fold; [`fit`] grows one on given rows.
//!
//! The same data and seed give the same trees to the last bit, whatever the number of threads and
//! the platform: histograms are sums of integers, and all other sums have a fixed order.

mod bins;
mod boost;
mod booster;
mod cells;
mod folds;
mod grow;
mod histogram;
mod loss;
mod run;
mod settings;
mod split;
mod tree;

pub use bins::{Binned, Column, Values};
pub use boost::fit;
pub use booster::Booster;
pub use folds::{CrossValidated, NO_FOLD, cross_validate};
pub use loss::Loss;
pub use settings::Settings;
pub use tree::{Left, Node, Tree};

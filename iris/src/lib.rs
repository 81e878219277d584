//! Iris: which of three species a flower is, from four measurements.

pub mod model;
pub mod training;

pub use training::Iris;

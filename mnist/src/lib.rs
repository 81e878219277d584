//! MNIST: which of ten digits an image of handwriting shows.

pub mod augmentation;
pub mod error_gallery;
pub mod model;
pub mod non_digits;
mod strokes;
pub mod training;

pub use training::Mnist;

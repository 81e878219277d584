//! AG News: what a news article is about, from its title and first sentences.

pub mod model;
pub mod training;

pub use training::AgNews;

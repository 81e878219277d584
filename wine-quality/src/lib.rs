//! Wine quality: what score tasters give a wine, from eleven measurements.

pub mod model;
pub mod training;

pub use training::WineQuality;

//! Anybody's pictures: from a folder to a model and a module.
//!
//! [`read`] finds the classes and decodes the files, [`duplicates`] keeps copies on one side of every split, [`mirror`] finds
//! out whether pictures may be mirrored, [`augmentation`] disturbs them, [`model`] is the network, and [`training`] tells the
//! training loop about all that.

pub mod augmentation;
pub mod duplicates;
pub mod mirror;
pub mod model;
pub mod options;
pub mod page;
pub mod read;
pub mod training;

pub use training::Images;

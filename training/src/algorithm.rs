//! What an algorithm has to say about itself.

use std::path::Path;

use burn::tensor::Device;
use inference::schema::Field;

use crate::error::TrainingError;
use crate::layers::Network;
use crate::random::Random;
use crate::settings::Settings;

/// An algorithm: a data set in memory, and the network to train on it.
pub trait Algorithm: Sized {
    /// Name, as in `artifacts/<name>`.
    const NAME: &'static str;
    /// What is trained, in one sentence for the help.
    const ABOUT: &'static str;
    /// The inputs, in order.
    const FIELDS: &'static [Field];
    /// Names of the classes, in the order of the labels.
    const CLASSES: &'static [&'static str];

    /// The network.
    type Model: Network;

    /// Settings that give the shipped artifacts.
    fn defaults() -> Settings;

    /// Reads the data set from `data`, or the one that comes with the algorithm.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the data, and where.
    fn load(data: Option<&Path>) -> Result<Self, TrainingError>;

    /// SHA-256 of the data set as it was read, in hexadecimal.
    fn data_sha256(&self) -> &str;

    /// The class of each row, as an index into [`CLASSES`](Self::CLASSES).
    fn labels(&self) -> &[usize];

    /// The network's input for `rows`, row-major: shape `[rows, FIELDS]`.
    fn inputs(&self, rows: &[usize]) -> Vec<f32>;

    /// A network with fresh weights. Whatever it measures on data, such as scaling, it measures on
    /// the rows `train` alone.
    fn model(&self, train: &[usize], random: &mut Random, device: &Device) -> Self::Model;
}

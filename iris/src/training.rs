//! Iris as an [`Algorithm`].

use std::path::PathBuf;
use std::vec::Vec;

use burn::tensor::Device;
use inference::frozen::Input;
use training::layers::Whitening;
use training::progress::Loading;
use training::random::Random;
use training::schedule::Schedule;
use training::settings::Settings;
use training::task::Classes;
use training::{Algorithm, TrainingError};

use crate::data::Flowers;
use crate::input::FIELDS;
use crate::model::ClassificationModel;

impl Algorithm for Flowers {
    const NAME: &'static str = "iris";
    const ABOUT: &'static str = "Trains a network that tells three species of iris apart by the \
                                 length and width of their sepals and petals";

    type Task = Classes;
    type Model = ClassificationModel;

    /// Chosen by repeated cross-validation, with other seeds, on all rows: there are too few to set
    /// some apart for this choice as well, which flatters the figures a little.
    fn defaults() -> Settings {
        Settings {
            epochs: 100,
            batch_size: 16,
            learning_rate: 5e-3,
            schedule: Schedule::Constant,
            weight_decay: 1.0,
            label_smoothing: 0.01,
            averaging: 0.95,
            patience: 5,
            seed: 42,
            calibrated: false,
            group_duplicates: false,
        }
    }

    fn load(data: &[PathBuf], _: &Loading) -> Result<Self, TrainingError> {
        Self::load(data.first().map(PathBuf::as_path))
    }

    fn input() -> Input {
        Input::from(FIELDS)
    }

    fn data_sha256(&self) -> &str {
        &self.sha256
    }

    fn task(&self) -> &Classes {
        &self.species
    }

    fn inputs(&self, rows: &[usize]) -> Vec<f32> {
        rows.iter()
            .flat_map(|row| self.measurements[*row])
            .collect()
    }

    fn model(&self, train: &[usize], random: &mut Random, device: &Device) -> ClassificationModel {
        let labels: Vec<_> = train.iter().map(|row| self.species.labels[*row]).collect();
        let scaling = Whitening::fit(&self.inputs(train), &labels, FIELDS.len(), device);
        ClassificationModel::new(scaling, random, device)
    }
}

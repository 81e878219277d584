//! Wine quality as an [`Algorithm`].

use std::path::PathBuf;
use std::vec;
use std::vec::Vec;

use burn::tensor::Device;
use inference::frozen::Input;
use training::layers::{TargetScaler, Whitening};
use training::progress::Loading;
use training::random::Random;
use training::schedule::Schedule;
use training::settings::Settings;
use training::source::{Remote, Source};
use training::task::Quantity;
use training::{Algorithm, TrainingError};

use crate::data::Wines;
use crate::input::FIELDS;
use crate::model::RegressionModel;
use crate::remote;

impl Algorithm for Wines {
    const NAME: &'static str = "wine-quality";
    const ABOUT: &'static str = "Trains a network that estimates the quality of a wine, from 0 to 10, \
                                 by eleven measurements. Red wines come with the program; white ones \
                                 are got with --download, and any file of UCI's form is read with --data";
    const SOURCE: Source = Source {
        folders: &[],
        remote: Some(Remote {
            mirror: remote::MIRROR,
            files: &remote::FILES,
            folder: "data/wine-quality",
        }),
        several: false,
    };

    type Task = Quantity;
    type Model = RegressionModel;

    /// Chosen by cross-validation, with other seeds, on all wines, red and white: there are too few to
    /// set some apart for this choice as well, which flatters the figures a little.
    fn defaults() -> Settings {
        Settings {
            epochs: 50,
            batch_size: 128,
            learning_rate: 2e-2,
            schedule: Schedule::Cosine,
            weight_decay: 0.01,
            label_smoothing: 0.0,
            averaging: 0.99,
            patience: 50,
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

    fn task(&self) -> &Quantity {
        &self.quality
    }

    fn inputs(&self, rows: &[usize]) -> Vec<f32> {
        let numbers = rows
            .iter()
            .flat_map(|row| self.measurements[*row].iter().zip(FIELDS));
        numbers
            .map(|(number, field)| (field.scaled)(*number))
            .collect()
    }

    fn model(&self, train: &[usize], random: &mut Random, device: &Device) -> RegressionModel {
        let inputs = self.inputs(train);
        // All wines are of one kind: their cloud is made round as a whole.
        let scaling = Whitening::fit(&inputs, &vec![0; train.len()], FIELDS.len(), device);
        let quality = TargetScaler::fit(&self.quality.of(train), device);
        RegressionModel::new(scaling, quality, random, device)
    }
}

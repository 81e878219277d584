//! MNIST as an [`Algorithm`].

use std::path::{Path, PathBuf};
use std::vec::Vec;

use burn::tensor::Device;
use inference::frozen::Input;
use training::artifacts::NamedBytes;
use training::progress::Loading;
use training::random::Random;
use training::schedule::Schedule;
use training::settings::Settings;
use training::source::{Remote, Source};
use training::split::{Rows, Split};
use training::task::Classes;
use training::{Algorithm, TrainingError};

use crate::augmentation::augment;
use crate::data::{Digits, remote};
use crate::error_gallery;
use crate::input::{IMAGE, scaled};
use crate::model::Model;

/// Of how many training images one is for validation.
const VALIDATION: usize = 12;

impl Algorithm for Digits {
    const NAME: &'static str = "mnist";
    const ABOUT: &'static str = "Trains a network that tells handwritten digits apart";
    const SOURCE: Source = Source {
        folders: &["data", "mnist/data"],
        remote: Some(Remote {
            mirror: remote::MIRROR,
            files: &remote::FILES,
            folder: "data/mnist",
        }),
        several: false,
    };

    const PREFETCHED: bool = true;

    type Task = Classes;
    type Model = Model;

    /// Chosen on the validation images.
    fn defaults() -> Settings {
        Settings {
            epochs: 30,
            batch_size: 64,
            learning_rate: 2e-3,
            schedule: Schedule::Cosine,
            weight_decay: 0.05,
            label_smoothing: 0.05,
            averaging: 0.999,
            patience: 30,
            seed: 42,
            calibrated: false,
            group_duplicates: false,
        }
    }

    fn load(data: &[PathBuf], loading: &Loading) -> Result<Self, TrainingError> {
        let folder = data.first().map_or(Path::new("."), PathBuf::as_path);
        Self::load(folder, &|done, total| {
            loading.show("images", done as u64, total as u64);
        })
    }

    fn input() -> Input {
        IMAGE.into()
    }

    fn data_sha256(&self) -> &str {
        &self.sha256
    }

    fn task(&self) -> &Classes {
        &self.digits
    }

    /// The test images are those that the data set calls so.
    fn split(&self, rows: &Rows<'_>, seed: u64) -> Split {
        let rest: Vec<_> = (0..self.train).collect();
        let test = (self.train..rows.len()).collect();
        Split::with_test(rows, &rest, test, rest.len() / VALIDATION, seed)
    }

    fn inputs(&self, rows: &[usize]) -> Vec<f32> {
        let images = rows.iter().map(|row| &self.images[*row]);
        images
            .flatten()
            .map(|pixel| scaled(f32::from(*pixel)))
            .collect()
    }

    fn augmented(&self, rows: &[usize], random: &mut Random) -> Vec<f32> {
        let images: Vec<_> = rows.iter().map(|row| &self.images[*row]).collect();
        augment(&images, random)
    }

    fn pictures(
        &self,
        test: &[usize],
        outputs: &[f32],
    ) -> Result<Vec<NamedBytes<'static>>, TrainingError> {
        Ok(std::vec![(
            "errors.png",
            error_gallery::errors(self, test, outputs)?
        )])
    }

    fn model(&self, _: &[usize], random: &mut Random, device: &Device) -> Model {
        Model::new(random, device)
    }
}

//! MNIST as an [`Algorithm`].

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use datasets::json;
use datasets::mnist::{self, DIGITS, Digits, SIDE, remote};
use datasets::source::{Remote, Source};
use model::Input;
use pack::Runners;
use training::artifacts::NamedBytes;
use training::layers::Network;
use training::loading::Loading;
use training::random::Random;
use training::report::Outcome;
use training::settings::Settings;
use training::split::{Rows, Split};
use training::task::Classes;
use training::{Algorithm, Learner, TrainingError};

use images::page::{self, Picture};

use crate::augmentation::augment;
use crate::error_gallery;
use crate::model::network;
use crate::non_digits;

/// Of how many training images one is for validation.
const VALIDATION: usize = 12;

/// Images of digits, and what is to be learnt of them.
pub struct Mnist {
    digits: Digits,
    classes: Classes,
}

impl Learner for Mnist {
    const PREFETCHED: bool = true;

    const AUGMENTED: bool = true;

    const OUTLIERS: f64 = 0.03;

    type Task = Classes;

    fn task(&self) -> &Classes {
        &self.classes
    }

    fn inputs(&self, rows: &[usize]) -> Vec<f32> {
        let schema = mnist::schema();
        let images = rows.iter().map(|row| &self.digits.images[*row]);
        images
            .flatten()
            .map(|pixel| schema.scale(f32::from(*pixel), 0))
            .collect()
    }

    fn augmented(&self, rows: &[usize], random: &mut Random) -> Vec<f32> {
        let digits = &self.digits;
        let images: Vec<_> = (rows.iter())
            .map(|row| (&digits.images[*row], digits.labels[*row]))
            .collect();
        augment(&images, random)
    }

    fn outliers(&self, rows: &[usize], count: usize, random: &mut Random) -> Vec<f32> {
        let images: Vec<_> = rows.iter().map(|row| &self.digits.images[*row]).collect();
        let schema = mnist::schema();
        (0..count)
            .flat_map(|_| non_digits::draw(&images, random))
            .map(|pixel| schema.scale(pixel, 0))
            .collect()
    }

    fn model(&self, _: usize, _: &[usize], random: &mut Random, device: &Device) -> Network {
        network(random, device)
    }
}

impl Algorithm for Mnist {
    const NAME: &'static str = "mnist";

    const ABOUT: &'static str = "Trains a network that tells handwritten digits apart";

    const RUNNERS: Runners = pack::IMAGE;
    const SOURCE: Source = Source {
        folders: &["data", "mnist/data"],
        remote: Some(Remote {
            mirror: remote::MIRROR,
            files: &remote::FILES,
            folder: "data/mnist",
        }),
        several: false,
        images: true,
        own: false,
    };

    type Options = ();

    /// Chosen on the validation images.
    fn defaults() -> Settings {
        Settings {
            epochs: 40,
            learning_rate: 2e-3,
            weight_decay: 0.05,
            label_smoothing: 0.05,
            averaging: 0.999,
            patience: 40,
            calibrated: true,
            ..Settings::default()
        }
    }

    fn load(data: &[PathBuf], loading: &Loading, (): &()) -> Result<Self, TrainingError> {
        let folder = data.first().map_or(Path::new("."), PathBuf::as_path);
        let digits = Digits::load(folder, loading.transposed, &|done, total| {
            loading.show("images", done as u64, total as u64);
        })?;
        let classes = Classes::new(&DIGITS, digits.labels.clone());
        Ok(Self { digits, classes })
    }

    fn module_about(&self) -> String {
        "Tells which digit an image of handwriting shows; `convert-image` makes its input of a picture.".into()
    }

    fn input(&self) -> Input {
        Input::Image(mnist::schema())
    }

    fn data_sha256(&self) -> &str {
        &self.digits.sha256
    }

    /// The test images are those that the data set calls so.
    fn split(&self, rows: &Rows<'_>, seed: u64) -> Split {
        let rest: Vec<_> = (0..self.digits.train).collect();
        let test = (self.digits.train..rows.len()).collect();
        Split::with_test(rows, &rest, test, rest.len() / VALIDATION, seed)
    }

    fn json(&self, row: usize) -> String {
        json::image(&self.digits.images[row])
    }

    fn files(&self, outcome: &Outcome<'_>) -> Result<Vec<NamedBytes<'static>>, TrainingError> {
        let gallery = error_gallery::errors(&self.digits, &outcome.split.test, outcome.outputs)?;
        let mut files = page::files(outcome, &self.classes, &[], &|row| Picture {
            name: "",
            size: [SIDE; 2],
            pixels: &self.digits.images[row],
        })?;
        files.push(("errors.png", gallery));
        Ok(files)
    }
}

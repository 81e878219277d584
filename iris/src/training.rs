//! Iris as an [`Algorithm`].

use std::path::PathBuf;

use burn::tensor::Device;
use datasets::iris::{FIELDS, Flowers, SPECIES};
use datasets::{json, table};
use model::Input;
use training::layers::Whitening;
use training::loading::Loading;
use training::random::Random;
use training::schedule::Schedule;
use training::settings::Settings;
use training::task::Classes;
use training::{Algorithm, Learner, TrainingError};

use crate::model::ClassificationModel;

/// Measured flowers, and what is to be learnt of them.
pub struct Iris {
    flowers: Flowers,
    species: Classes,
}

impl Learner for Iris {
    type Task = Classes;

    type Model = ClassificationModel;

    fn task(&self) -> &Classes {
        &self.species
    }

    fn inputs(&self, rows: &[usize]) -> Vec<f32> {
        rows.iter()
            .flat_map(|row| self.flowers.measurements[*row])
            .collect()
    }

    fn model(&self, train: &[usize], random: &mut Random, device: &Device) -> ClassificationModel {
        let labels: Vec<_> = train.iter().map(|row| self.species.labels[*row]).collect();
        let scaling = Whitening::fit(&self.inputs(train), &labels, FIELDS.len(), device);
        ClassificationModel::new(scaling, random, device)
    }
}

impl Algorithm for Iris {
    const NAME: &'static str = "iris";

    const ABOUT: &'static str = "Trains a network that tells three species of iris apart by the \
                                 length and width of their sepals and petals";

    type Options = ();

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
            calibrated: true,
            ..Settings::default()
        }
    }

    fn load(data: &[PathBuf], _: &Loading, (): &()) -> Result<Self, TrainingError> {
        let flowers = Flowers::load(data.first().map(PathBuf::as_path))?;
        let species = Classes::new(&SPECIES, flowers.labels.clone());
        Ok(Self { flowers, species })
    }

    fn example(&self) -> &'static str {
        r#"{"sepal_length": 7.0, "sepal_width": 3.2, "petal_length": 4.7, "petal_width": 1.4}"#
    }

    fn module_about(&self) -> String {
        "Tells the species of an iris flower from four measurements.".into()
    }

    fn input(&self) -> Input {
        table(&FIELDS)
    }

    fn notes(&self) -> &[String] {
        &self.flowers.notes
    }

    fn data_sha256(&self) -> &str {
        &self.flowers.sha256
    }

    fn json(&self, row: usize) -> String {
        json::table(&FIELDS, &self.flowers.measurements[row])
    }
}

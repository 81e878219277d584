//! Wine quality: how good a wine tastes, from eleven measurements; a preset of the programs for tables.

use std::f32::consts::PI;
use std::path::Path;

use burn::nn::Linear;
use burn::tensor::Device;
use datasets::Measurement;
use datasets::source::{Remote, Source};
use datasets::wine_quality::{FIELDS, QUALITY, Wines, remote};
use tabular::preset::{Preset, Rows};
use training::TrainingError;
use training::init::{normal, trainable, uniform_within};
use training::layers::{Cosine, Dropout, Ensemble, Network, TargetScaler, Whitening};
use training::random::Random;
use training::settings::Settings;
use training::task::Quantity;

const MEMBERS: usize = 16;
/// Cosines of each member.
const FEATURES: usize = 32;
/// Of standardised inputs, the distance over which a network expects quality to change is the inverse
/// of this.
const FREQUENCY: f32 = 2.5;
/// Probability that dropout sets a number to zero.
const DROPOUT: f64 = 0.1;

/// The preset.
#[derive(Debug)]
pub struct WineQuality;

impl Preset for WineQuality {
    const NAME: &'static str = "wine-quality";
    const ABOUT: &'static str = "Trains a network that estimates the quality of a wine, from 0 to 10, \
                                 by eleven measurements. Red wines come with the program; white ones \
                                 are got with --download, and any file of UCI's form is read with --data";
    const SOURCE: Source = Source {
        remote: Some(Remote {
            mirror: remote::MIRROR,
            files: &remote::FILES,
            folder: "data/wine-quality",
        }),
        ..Source::EMBEDDED
    };
    const FIELDS: &'static [Measurement] = &FIELDS;
    const TARGET: &'static str = QUALITY;
    const EXAMPLE: &'static str = r#"{"fixed_acidity": 7.4, "volatile_acidity": 0.7, "citric_acid": 0, "residual_sugar": 1.9, "chlorides": 0.076, "free_sulfur_dioxide": 11, "total_sulfur_dioxide": 34, "density": 0.9978, "pH": 3.51, "sulphates": 0.56, "alcohol": 9.4}"#;

    type Task = Quantity;

    /// Chosen by cross-validation, with other seeds, on all wines, red and white: there are too few to
    /// set some apart for this choice as well, which flatters the figures a little.
    fn defaults() -> Settings {
        Settings {
            batch_size: 128,
            learning_rate: 2e-2,
            ..Settings::default()
        }
    }

    fn read(path: Option<&Path>) -> Result<Rows<Quantity>, TrainingError> {
        let wines = Wines::load(path)?;
        let wine = match wines.colour {
            Some(colour) => format!("a {colour} wine (Vinho Verde, Portugal)"),
            None => "a wine like those that it was trained on".to_owned(),
        };
        Ok(Rows {
            measurements: wines.measurements.iter().map(|row| row.to_vec()).collect(),
            task: Quantity::new(QUALITY, wines.quality),
            about: format!(
                "Estimates the quality of {wine}, from 0 to 10, from eleven measurements."
            ),
            notes: wines.notes,
            sha256: wines.sha256,
        })
    }

    /// Sixteen members of 32 cosines each, which learn side by side.
    fn network(
        quality: &Quantity,
        (rows, inputs): (&[usize], &[f32]),
        random: &mut Random,
        device: &Device,
    ) -> Network {
        // All wines are of one kind: their cloud is made round as a whole.
        let scaling = Whitening::fit(inputs, &vec![0; rows.len()], FIELDS.len(), device);
        let scaler = TargetScaler::fit(&quality.of(rows), device);
        let (numbers, cosines) = (FIELDS.len(), MEMBERS * FEATURES);
        let deviation = FREQUENCY / (numbers as f32).sqrt();
        let features = Linear {
            weight: trainable(normal([numbers, cosines], deviation, random, device)),
            // Phases all around.
            bias: Some(trainable(uniform_within([cosines], PI, random, device))),
        };
        Network::new("RegressionModel")
            .then("scaling", scaling)
            .then("features", features)
            .then("activation", Cosine)
            .then("dropout", Dropout::new(DROPOUT))
            .then("members", Ensemble::new(MEMBERS, FEATURES, random, device))
            .then("quality", scaler)
    }
}

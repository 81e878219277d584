//! Anybody's pictures as an [`Algorithm`].

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use burn::tensor::Device;
use datasets::json;
use datasets::source::Source;
use model::{Image, Input, sha256};
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

use crate::augmentation::augment;
use crate::model::{KINDS, network};
use crate::options::Options;
use crate::page::{self, Picture};
use crate::read::Pictures;
use crate::{duplicates, mirror};

/// Of how many pictures to train on one is for validation.
const VALIDATION: usize = 8;
/// Rows that an epoch learns from, at least and at most; between them, five thirds of the training rows: all of them 20 times
/// in 12 epochs.
const ROWS_OF_EPOCH: [usize; 2] = [6400, 50_000];
/// Up to so many pictures for training and validation are few: in the end the networks learn from all of them.
const FEW: usize = 5000;
/// Scaling of pixels: white is 2 and black −2. The same for all pictures, because the network normalises what it sees.
const MEAN: f32 = 0.5;
const STD_DEV: f32 = 0.25;

/// Pictures, and what is to be learnt of them.
pub struct Images {
    name: String,
    pictures: Pictures,
    classes: Classes,
    groups: Vec<usize>,
    sha256: String,
    /// Whether the training pictures at hand may be mirrored.
    mirror: AtomicBool,
}

impl Images {
    fn schema(&self) -> Image {
        Image {
            height: self.pictures.height,
            width: self.pictures.width,
            channels: self.pictures.channels,
            maximum: u8::MAX.into(),
            unit: match self.pictures.channels {
                1 => "brightness, 0 is black",
                _ => "red, green and blue",
            }
            .into(),
            mean: vec![MEAN; self.pictures.channels],
            std_dev: vec![STD_DEV; self.pictures.channels],
        }
    }
}

impl Learner for Images {
    const PREFETCHED: bool = true;
    const AUGMENTED: bool = true;
    const KINDS: usize = KINDS;

    type Task = Classes;

    fn task(&self) -> &Classes {
        &self.classes
    }

    fn rows_of_epoch(&self, train: usize) -> usize {
        (train * 5 / 3).clamp(ROWS_OF_EPOCH[0], ROWS_OF_EPOCH[1])
    }

    fn learns_again(&self, rows: usize) -> bool {
        rows <= FEW
    }

    fn inputs(&self, rows: &[usize]) -> Vec<f32> {
        let schema = self.schema();
        let scaled: Vec<f32> = (0..=u8::MAX)
            .map(|pixel| schema.scale(pixel.into(), 0))
            .collect();
        (rows.iter())
            .flat_map(|row| self.pictures.picture(*row))
            .map(|pixel| scaled[usize::from(*pixel)])
            .collect()
    }

    fn augmented(&self, rows: &[usize], random: &mut Random) -> Vec<f32> {
        let mirror = self.mirror.load(Ordering::Relaxed);
        let schema = self.schema();
        let mut pixels = augment(&self.pictures, rows, mirror, random);
        for pixel in &mut pixels {
            *pixel = schema.scale(*pixel, 0);
        }
        pixels
    }

    fn model(&self, kind: usize, train: &[usize], random: &mut Random, device: &Device) -> Network {
        let helps = mirror::helps(&self.pictures, &self.groups, train, random);
        self.mirror.store(helps, Ordering::Relaxed);
        let pictures = &self.pictures;
        let shape = [pictures.height, pictures.width, pictures.channels];
        network(kind, shape, pictures.classes.len(), random, device)
    }
}

impl Algorithm for Images {
    const NAME: &'static str = "images";
    const ABOUT: &'static str = "Trains a classifier on pictures of your own, and makes a module of it: \
                                 --data is a folder with a folder of pictures for each class, or with train/ and test/ \
                                 that have such folders, or with IDX files";
    const RUNNERS: Runners = pack::IMAGE;
    const SOURCE: Source = Source {
        images: true,
        ..Source::OWN
    };

    type Options = Options;
    /// Chosen on pictures of emoji, with other splits than those of the figures in the documentation.
    fn defaults() -> Settings {
        Settings {
            epochs: 12,
            learning_rate: 3e-3,
            weight_decay: 1.0,
            label_smoothing: 0.05,
            averaging: 0.995,
            patience: 20,
            calibrated: true,
            ..Settings::default()
        }
    }

    fn load(data: &[PathBuf], loading: &Loading, options: &Options) -> Result<Self, TrainingError> {
        let folder = data.first().map_or(Path::new("."), PathBuf::as_path);
        let pictures = Pictures::read(folder, options, loading.transposed, &|done, total| {
            loading.show("pictures", done as u64, total as u64);
        })?;
        Ok(Self {
            name: Self::model_name(data, options),
            classes: Classes {
                names: pictures.classes.clone(),
                labels: pictures.labels.clone(),
            },
            groups: duplicates::groups(&pictures),
            sha256: digest(&pictures),
            mirror: AtomicBool::new(false),
            pictures,
        })
    }

    /// By the user, or after the folder, in letters, digits, `-` and `_`.
    fn model_name(data: &[PathBuf], options: &Options) -> String {
        let folder = data.first().map_or(Path::new("."), PathBuf::as_path);
        // `.` and `..` have names of their own.
        let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let stem = whole.file_name().unwrap_or_default().to_string_lossy();
        let name = options.name.as_deref().unwrap_or(&stem);
        let plain = |c: char| match c.is_alphanumeric() || c == '-' || c == '_' {
            true => c,
            false => '-',
        };
        let name: String = name.chars().map(plain).collect();
        match name.is_empty() {
            true => "images".into(),
            false => name,
        }
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn module_about(&self) -> String {
        const LISTED: usize = 8;
        let listed: Vec<_> = self.pictures.classes.iter().take(LISTED).cloned().collect();
        let more = match self.pictures.classes.len() - listed.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        format!(
            "Tells of which class a picture is: {}{more}; `convert-image --for` makes its input.",
            listed.join(", ")
        )
    }

    fn input(&self) -> Input {
        Input::Image(self.schema())
    }

    fn notes(&self) -> &[String] {
        &self.pictures.notes
    }

    fn data_sha256(&self) -> &str {
        &self.sha256
    }

    fn groups(&self) -> Option<&[usize]> {
        Some(&self.groups)
    }

    /// The test pictures are those that the data set calls so, if it does.
    fn split(&self, rows: &Rows<'_>, seed: u64) -> Split {
        match self.pictures.first_of_test {
            None => Split::new(rows, seed),
            Some(first) => {
                let rest: Vec<_> = (0..first).collect();
                let test = (first..rows.len()).collect();
                Split::with_test(rows, &rest, test, rest.len() / VALIDATION, seed)
            }
        }
    }

    fn files(&self, outcome: &Outcome<'_>) -> Result<Vec<NamedBytes<'static>>, TrainingError> {
        let pictures = &self.pictures;
        page::files(outcome, &self.classes, &pictures.notes, &|row| Picture {
            name: pictures.names.get(row).map_or("", String::as_str),
            size: [pictures.width, pictures.height],
            pixels: pictures.picture(row),
        })
    }

    fn json(&self, row: usize) -> String {
        json::image(self.pictures.picture(row))
    }
}

/// SHA-256 of the pictures as they were read, with their classes.
fn digest(pictures: &Pictures) -> String {
    let mut text = format!(
        "{}x{}x{} {:?} {:?}",
        pictures.height,
        pictures.width,
        pictures.channels,
        pictures.classes,
        pictures.first_of_test
    );
    for (row, label) in pictures.labels.iter().enumerate() {
        text += &format!("\n{label} {}", sha256(pictures.picture(row)));
    }
    sha256(text.as_bytes())
}

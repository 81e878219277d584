//! What an algorithm has to say about itself.

use std::fmt::Debug;
use std::path::PathBuf;

use burn::tensor::Device;
use clap::Args;
use datasets::source::Source;
use model::Input;
use pack::Runners;

use crate::artifacts::NamedBytes;
use crate::error::TrainingError;
use crate::layers::Network;
use crate::loading::Loading;
use crate::random::Random;
use crate::report::Outcome;
use crate::settings::Settings;
use crate::split::{Rows, Split};
use crate::task::Task;

/// Rows and a network that learns from them: what the training loop needs.
pub trait Learner: Sized + Sync {
    /// Whether rows take so long to prepare that it is worth a thread of its own.
    const PREFETCHED: bool = false;

    /// Whether [`augmented`](Self::augmented) disturbs rows. The epoch to keep is then chosen on
    /// disturbed validation rows too.
    const AUGMENTED: bool = false;

    /// How many inputs that belong to no class are learnt beside each [`augmented`](Self::augmented)
    /// one: a share.
    const OUTLIERS: f64 = 0.0;

    /// Rows that are predicted at once: enough that what is done once for them, such as rounding weights, takes little time, and few enough
    /// for the memory.
    const PREDICTED_AT_ONCE: usize = 256;

    /// How many kinds of networks learn and answer together.
    const KINDS: usize = 1;

    /// What the network learns.
    type Task: Task;

    /// What is to be learnt of each row.
    fn task(&self) -> &Self::Task;

    /// How many rows an epoch learns from, where there are `train` training rows. Fewer are a part of them in each epoch,
    /// more are all of them several times.
    fn rows_of_epoch(&self, train: usize) -> usize {
        train
    }

    /// Whether the networks learn once more, from the validation rows too, where there are `rows` training and validation rows:
    /// see [`Committee`](crate::committee::Committee).
    fn learns_again(&self, rows: usize) -> bool {
        let _ = rows;
        false
    }

    /// The network's input for `rows`, row-major.
    fn inputs(&self, rows: &[usize]) -> Vec<f32>;

    /// The network's input for `rows` to learn from, disturbed at random if that helps.
    fn augmented(&self, rows: &[usize], random: &mut Random) -> Vec<f32> {
        let _ = random;
        self.inputs(rows)
    }

    /// `count` inputs that belong to no class, partly made from `rows`, row-major. Called only with
    /// [`OUTLIERS`](Self::OUTLIERS).
    fn outliers(&self, rows: &[usize], count: usize, random: &mut Random) -> Vec<f32> {
        let _ = (rows, count, random);
        Vec::new()
    }

    /// A network of the kind `kind`, below [`KINDS`](Self::KINDS), with fresh weights. Whatever it measures on data, such as scaling, it measures on
    /// the rows `train` alone.
    fn model(&self, kind: usize, train: &[usize], random: &mut Random, device: &Device) -> Network;
}

/// A trainer program: a data set in memory, and the network to train on it.
pub trait Algorithm: Learner {
    /// Name of the program, and of the model too unless the data is [of the user's own](Source::OWN).
    const NAME: &'static str;

    /// What is trained, in one sentence for the help.
    const ABOUT: &'static str;

    /// What its models are put into.
    const RUNNERS: Runners;

    /// Where the data set comes from.
    const SOURCE: Source = Source::EMBEDDED;

    /// What this algorithm takes on the command line beside what all do; `()` for nothing. The names must differ from those
    /// of [`Options`](crate::cli::Options) and [`Settings`].
    type Options: Args + Debug;

    /// Settings that give the shipped artifacts.
    fn defaults() -> Settings;

    /// Reads the data set from `data`, or the one that comes with the algorithm if that is empty.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the data, and where.
    fn load(
        data: &[PathBuf],
        loading: &Loading,
        options: &Self::Options,
    ) -> Result<Self, TrainingError>;

    /// Name of the model that will be trained on `data`, as in `artifacts/<name>`. It is needed before the data is read.
    fn model_name(data: &[PathBuf], options: &Self::Options) -> String {
        let _ = (data, options);
        Self::NAME.to_owned()
    }

    /// Name of the model: what [`model_name`](Self::model_name) gave for its data.
    fn name(&self) -> &str {
        Self::NAME
    }

    /// An input for the module's help, as JSON; empty if it would be too long for that.
    #[expect(
        clippy::unnecessary_literal_bound,
        reason = "an example may be of the data"
    )]
    fn example(&self) -> &str {
        ""
    }

    /// What a module with the model does, in one sentence for its help.
    fn module_about(&self) -> String;

    /// What the network takes, for the module that will read it.
    fn input(&self) -> Input;

    /// What a person should know of the data set that was read, such as rows that are left out.
    fn notes(&self) -> &[String] {
        &[]
    }

    /// SHA-256 of the data set as it was read, in hexadecimal.
    fn data_sha256(&self) -> &str;

    /// The group of each row, if there are rows that have to stay on one side of every split, such as copies of one picture.
    fn groups(&self) -> Option<&[usize]> {
        None
    }

    /// Which of `rows` are for training, validation and test: at random, unless the data set says.
    fn split(&self, rows: &Rows<'_>, seed: u64) -> Split {
        Split::new(rows, seed)
    }

    /// The row number `row` as a module's users write it: a JSON value that gives the numbers in
    /// [`inputs`](Learner::inputs).
    fn json(&self, row: usize) -> String;

    /// Further files for the artifacts folder, of what came of the run: names and bytes.
    ///
    /// # Errors
    ///
    /// If they cannot be made.
    fn files(&self, outcome: &Outcome<'_>) -> Result<Vec<NamedBytes<'static>>, TrainingError> {
        let _ = outcome;
        Ok(Vec::new())
    }
}

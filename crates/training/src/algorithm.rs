//! What an algorithm has to say about itself.

use std::path::PathBuf;

use burn::tensor::Device;
use datasets::source::Source;
use model::Input;

use crate::artifacts::NamedBytes;
use crate::error::TrainingError;
use crate::layers::Network;
use crate::loading::Loading;
use crate::random::Random;
use crate::settings::Settings;
use crate::split::{Rows, Split};
use crate::task::Task;

/// An algorithm: a data set in memory, and the network to train on it.
pub trait Algorithm: Sized + Sync {
    /// Name, as in `artifacts/<name>`.
    const NAME: &'static str;
    /// What is trained, in one sentence for the help.
    const ABOUT: &'static str;
    /// An input for the module's help, as JSON; empty if it would be too long for that.
    const EXAMPLE: &'static str = "";
    /// Where the data set comes from.
    const SOURCE: Source = Source::EMBEDDED;

    /// Whether rows take so long to prepare that it is worth a thread of its own.
    const PREFETCHED: bool = false;

    /// Whether [`augmented`](Self::augmented) disturbs rows. The epoch to keep is then chosen on
    /// disturbed validation rows too.
    const AUGMENTED: bool = false;

    /// How many inputs that belong to no class are learnt beside each [`augmented`](Self::augmented)
    /// one: a share.
    const OUTLIERS: f64 = 0.0;

    /// What the network learns.
    type Task: Task;

    /// The network.
    type Model: Network;

    /// Settings that give the shipped artifacts.
    fn defaults() -> Settings;

    /// Reads the data set from `data`, or the one that comes with the algorithm if that is empty.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the data, and where.
    fn load(data: &[PathBuf], loading: &Loading) -> Result<Self, TrainingError>;

    /// What a module with the model does, in one sentence for its help.
    fn module_about(&self) -> String;

    /// What the network takes, for the module that will read it.
    fn input() -> Input;

    /// What a person should know of the data set that was read, such as rows that are left out.
    fn notes(&self) -> &[String] {
        &[]
    }

    /// SHA-256 of the data set as it was read, in hexadecimal.
    fn data_sha256(&self) -> &str;

    /// What is to be learnt of each row.
    fn task(&self) -> &Self::Task;

    /// Which of `rows` are for training, validation and test: at random, unless the data set says.
    fn split(&self, rows: &Rows<'_>, seed: u64) -> Split {
        Split::new(rows, seed)
    }

    /// The network's input for `rows`, row-major.
    fn inputs(&self, rows: &[usize]) -> Vec<f32>;

    /// The row number `row` as a module's users write it: a JSON value that gives the numbers in
    /// [`inputs`](Self::inputs).
    fn json(&self, row: usize) -> String;

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

    /// Further pictures for the artifacts folder, given the `outputs` for the `test` rows: names and
    /// bytes.
    ///
    /// # Errors
    ///
    /// If the drawing fails.
    fn pictures(
        &self,
        test: &[usize],
        outputs: &[f32],
    ) -> Result<Vec<NamedBytes<'static>>, TrainingError> {
        let _ = (test, outputs);
        Ok(Vec::new())
    }

    /// A network with fresh weights. Whatever it measures on data, such as scaling, it measures on
    /// the rows `train` alone.
    fn model(&self, train: &[usize], random: &mut Random, device: &Device) -> Self::Model;
}

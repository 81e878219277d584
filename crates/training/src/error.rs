//! Why training fails, and whose fault it is.

use std::io;
use std::path::PathBuf;

use inference::frozen::FrozenError;
use thiserror::Error;

use crate::download::DownloadError;

/// A failed training run. Its message says what to do next.
#[derive(Debug, Error)]
pub enum TrainingError {
    /// A data file that cannot be read.
    #[error("cannot read the data in `{}`: {source}", path.display())]
    ReadData {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// No data set where one is looked for.
    #[error(
        "there is no data set: looked for the folders {}; {}`{command} --data FOLDER` names another",
        quoted(folders),
        if *download { format!("`{command} --download` gets it, ") } else { String::new() }
    )]
    MissingData {
        /// The folders.
        folders: &'static [&'static str],
        /// Name of the program.
        command: String,
        /// Whether it can be downloaded.
        download: bool,
    },
    /// A data set that could not be downloaded.
    #[error(transparent)]
    Download(#[from] DownloadError),
    /// A data file with something wrong in it.
    #[error("`{}`{}: {problem}", path.display(), line.map(|l| format!(", line {l}")).unwrap_or_default())]
    BadData {
        /// The file.
        path: PathBuf,
        /// The line, from 1, where it is known.
        line: Option<u64>,
        /// What is wrong, and what was expected.
        problem: String,
    },
    /// Settings that cannot work together or with the data.
    #[error("{0}")]
    BadSettings(String),
    /// A folder that artifacts cannot go to; found out before training.
    #[error("cannot write to the artifacts folder `{}`: {source}; choose another with --artifacts", path.display())]
    ArtifactsFolder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// An artifact that could not be written.
    #[error("cannot write `{}`: {source}; the artifacts of earlier runs are as they were", path.display())]
    WriteArtifact {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// An artifact that was written beside its place but could not be moved there.
    #[error("cannot replace `{}`: {source}; remove it and train again", path.display())]
    MoveArtifact {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// `--resume` without anything to resume.
    #[error("there is no checkpoint `{}` to resume: start without --resume", path.display())]
    NoCheckpoint {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A checkpoint that cannot be used.
    #[error("cannot resume from `{}`: {problem}; start without --resume", path.display())]
    BadCheckpoint {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A loss that is no number.
    #[error(
        "training diverged in epoch {epoch}: the loss is not finite; try a lower --learning-rate"
    )]
    Diverged {
        /// The epoch, from 1.
        epoch: usize,
    },
    /// A layer that the frozen format does not have.
    #[error("cannot freeze the layer `{name}`: no module can run a {kind}")]
    UnknownLayer {
        /// Name of the layer in the network.
        name: String,
        /// Its kind.
        kind: String,
    },
    /// A frozen model that does not compute what the network does.
    #[error(
        "the frozen model is off by {difference:e} from the network on row {row}, which is more than rounding; try a lower --learning-rate"
    )]
    FrozenDiffers {
        /// Largest difference between two probabilities.
        difference: f32,
        /// The row of the data set, from 0.
        row: usize,
    },
    /// A network that cannot be frozen.
    #[error("cannot freeze the model: {0}")]
    Freeze(#[from] FrozenError),
    /// A checkpoint that cannot be put together.
    #[error("cannot write the checkpoint: {0}")]
    Checkpoint(safetensors::SafeTensorError),
    /// A picture that could not be drawn.
    #[error("cannot draw {0}")]
    Plot(String),
    /// A figure that could not be put into JSON.
    #[error("cannot write the report: {0}")]
    Report(#[from] serde_json::Error),
    /// Standard output failed.
    #[error("cannot write to standard output: {0}")]
    Output(io::Error),
    /// Control-C could not be caught.
    #[error("cannot watch for Ctrl-C: {0}")]
    Interrupt(String),
}

fn quoted(folders: &[&str]) -> String {
    let quoted: Vec<_> = folders.iter().map(|folder| format!("`{folder}`")).collect();
    quoted.join(", ")
}

impl TrainingError {
    /// 2 for what the user can mend, 1 for the rest.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::ReadData { .. }
            | Self::MissingData { .. }
            | Self::Download(_)
            | Self::BadData { .. }
            | Self::BadSettings(_)
            | Self::ArtifactsFolder { .. }
            | Self::NoCheckpoint { .. }
            | Self::BadCheckpoint { .. }
            | Self::Diverged { .. } => 2,
            Self::WriteArtifact { .. }
            | Self::MoveArtifact { .. }
            | Self::UnknownLayer { .. }
            | Self::FrozenDiffers { .. }
            | Self::Freeze(_)
            | Self::Checkpoint(_)
            | Self::Plot(_)
            | Self::Report(_)
            | Self::Output(_)
            | Self::Interrupt(_) => 1,
        }
    }
}

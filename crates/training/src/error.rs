//! Why training fails, and whose fault it is.

use std::io;
use std::path::PathBuf;

use datasets::DataError;
use model::{ModelError, WriteError};
use pack::PackError;
use signing::SigningError;
use thiserror::Error;

/// A failed training run. Its message says what to do next.
#[derive(Debug, Error)]
pub enum TrainingError {
    /// A data set that cannot be had.
    #[error(transparent)]
    Data(#[from] DataError),
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
    /// A run to be resumed that has nothing left to do.
    #[error("the run in `{}` is finished, and there is nothing to resume; without --resume, it is trained anew", folder.display())]
    Finished {
        /// The artifacts folder.
        folder: PathBuf,
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
    /// A model file that does not compute what the network does.
    #[error(
        "the model file is off by {difference:e} from the network on row {row}, which is more than rounding"
    )]
    FrozenDiffers {
        /// Largest difference between two probabilities or numbers.
        difference: f32,
        /// The row of the data set, from 0.
        row: usize,
    },
    /// A row of the data set that the model file's users could not give.
    #[error("the model file refuses row {row} of the data set: {problem}")]
    RowRefused {
        /// The row of the data set, from 0.
        row: usize,
        /// Why.
        problem: String,
    },
    /// A model that failed the last check.
    #[error("{error}; the model is kept in `{}`, without a module: please report this", path.display())]
    KeptUnchecked {
        /// What the check found.
        error: Box<TrainingError>,
        /// Where the model is.
        path: PathBuf,
    },
    /// A model file that the runtime refuses.
    #[error("cannot freeze the model: {0}")]
    Freeze(#[from] ModelError),
    /// A model file that cannot be written.
    #[error("cannot freeze the model: {0}")]
    Write(#[from] WriteError),
    /// A checkpoint that cannot be put together.
    #[error("cannot write the checkpoint: {0}")]
    Checkpoint(#[from] safetensors::SafeTensorError),
    /// A part of a run that cannot be put into a journal.
    #[error("cannot write the checkpoint: {0}")]
    Journal(#[from] postcard::Error),
    /// A model that cannot be packed.
    #[error("cannot make a module of the model: {0}")]
    Pack(#[from] PackError),
    /// A model that cannot be signed.
    #[error(transparent)]
    Signing(#[from] SigningError),
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

impl TrainingError {
    /// 2 for what the user can mend, 1 for the rest.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Data(_)
            | Self::BadSettings(_)
            | Self::ArtifactsFolder { .. }
            | Self::Finished { .. }
            | Self::NoCheckpoint { .. }
            | Self::BadCheckpoint { .. }
            | Self::Diverged { .. }
            | Self::Signing(_) => 2,
            Self::WriteArtifact { .. }
            | Self::MoveArtifact { .. }
            | Self::FrozenDiffers { .. }
            | Self::RowRefused { .. }
            | Self::KeptUnchecked { .. }
            | Self::Freeze(_)
            | Self::Write(_)
            | Self::Checkpoint(_)
            | Self::Journal(_)
            | Self::Pack(_)
            | Self::Plot(_)
            | Self::Report(_)
            | Self::Output(_)
            | Self::Interrupt(_) => 1,
        }
    }
}

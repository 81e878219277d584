//! Why a table gives no model, and whose fault it is.

use datasets::DataError;
use linear::LinearError;
use model::Excerpt;
use thiserror::Error;
use training::TrainingError;

use crate::view::Subject;

/// A failed run. Its message says what to do next.
#[derive(Debug, Error)]
pub enum TabularError {
    /// What trainers have in common.
    #[error(transparent)]
    Training(#[from] TrainingError),
    /// No target is named.
    #[error("which column is to be predicted? name it with --target; the columns are {0}")]
    NoTarget(String),
    /// A column that there is not.
    #[error("there is no column `{name}`, which {option} names; the columns are {columns}")]
    NoColumn {
        /// The name.
        name: Excerpt,
        /// Where it is named.
        option: &'static str,
        /// Those that there are.
        columns: String,
    },
    /// A column that cannot be predicted.
    #[error("the target `{name}` {problem}")]
    BadTarget {
        /// Its name.
        name: Excerpt,
        /// What is wrong, and what to do.
        problem: String,
    },
    /// A column that cannot be used as it is wanted.
    #[error("the column `{name}`, which {option} names, {problem}")]
    BadColumn {
        /// Its name.
        name: Excerpt,
        /// Where it is named.
        option: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// No column to learn from, or too many.
    #[error("{0}")]
    Inputs(String),
    /// A model whose target is not known.
    #[error("which column has the true answers? name it with --target")]
    UnknownTarget,
    /// A model of something else than this.
    #[error(
        "the model is not of {} that this program has read; expected one that it has trained",
        match .0 { Subject::Table => "a table", _ => .0.many() }
    )]
    OtherModel(Subject),
    /// Too few rows.
    #[error("{rows} rows have a target; expected at least {least}")]
    FewRows {
        /// How many there are.
        rows: usize,
        /// How many are needed.
        least: usize,
    },
    /// A module beyond `--size`.
    #[error(
        "the module would have {found} KiB, and --size allows {allowed}: ask for more with --size {found}{}",
        match subject { Subject::Table => ", or leave columns out with --drop", _ => "" }
    )]
    TooLarge {
        /// Its size, in KiB.
        found: usize,
        /// The limit, in KiB.
        allowed: usize,
        /// What it learns from.
        subject: Subject,
    },
    /// A linear model that could not be fitted.
    #[error("cannot fit a linear model: {0}")]
    Linear(#[from] LinearError),
    /// The user has pressed Ctrl-C.
    #[error("interrupted: nothing was written")]
    Interrupted,
    /// The user has pressed Ctrl-C, and the run can go on from there.
    #[error("interrupted; the checkpoint has {parts} finished parts. To continue:")]
    Stopped {
        /// How many parts of the run are finished.
        parts: usize,
        /// The command that goes on.
        command: String,
    },
}

impl From<DataError> for TabularError {
    fn from(error: DataError) -> Self {
        Self::Training(error.into())
    }
}

impl TabularError {
    /// 2 for what the user can mend, 130 for Ctrl-C, 1 for the rest.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Training(error) => error.exit_code(),
            Self::Linear(_) => 1,
            Self::Interrupted | Self::Stopped { .. } => 130,
            _ => 2,
        }
    }
}

//! What the user wants to see of progress.

use std::io::IsTerminal;

use super::json::JsonLines;
use crate::bar::Bar;

/// How progress is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// A bar on a terminal, lines elsewhere.
    #[default]
    Auto,
    /// A JSON object a line, for programs.
    Json,
}

/// What the user says of it. It decides nothing about the model.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
#[group(skip)]
pub struct Shown {
    /// Show no progress.
    #[arg(long, short)]
    pub quiet: bool,
    /// How progress is shown on standard error.
    #[arg(
        long,
        value_name = "FORM",
        default_value = "auto",
        conflicts_with = "quiet"
    )]
    pub progress: Form,
}

impl Shown {
    /// Whether progress is shown to people.
    fn to_people(self) -> bool {
        !self.quiet && self.progress == Form::Auto
    }

    /// A bar, if standard error is a terminal.
    #[must_use]
    pub fn bar(self) -> Option<Bar> {
        let shown = self.to_people() && std::io::stderr().is_terminal();
        shown.then(Bar::new).flatten()
    }

    /// Lines of JSON, if they are asked for.
    #[must_use]
    pub fn json(self) -> Option<JsonLines> {
        (self.progress == Form::Json).then(JsonLines::default)
    }

    /// Whether there are plain lines where there is no bar.
    #[must_use]
    pub fn lines(self) -> bool {
        self.to_people()
    }
}

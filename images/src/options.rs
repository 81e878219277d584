//! What the command line takes beside what all trainers do.

use std::path::PathBuf;

use clap::Args;

/// Pixels of a side of what a model may see.
const SIDES: std::ops::RangeInclusive<i64> = 8..=128;

/// How the pictures are read.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Pictures")]
pub struct Options {
    /// Pictures to test on: a folder for each class. Without it, those in --data's folder test/, if there is one, or a fifth.
    #[arg(long, value_name = "FOLDER")]
    pub test: Option<PathBuf>,
    /// What the model is called; by default after the folder.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Width and height of what the model sees, in pixels; by default chosen by the number and the size of the pictures.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(SIDES))]
    pub pixels: Option<u16>,
    /// Leave out files that cannot be read, and list them.
    #[arg(long)]
    pub skip_broken: bool,
}

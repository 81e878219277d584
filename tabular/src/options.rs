//! The command line.

use std::path::PathBuf;

use clap::{CommandFactory, FromArgMatches, Parser};
use training::Backend;
use training::destination::Destination;
use training::journal::Origin;
use training::progress::Shown;

use crate::members::Family;
use crate::resume::origin;

/// What the user asks for.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Options {
    /// The table: CSV (separated by commas, semicolons, tabs or spaces), JSON lines or a JSON array; gzipped or not; `-` for
    /// standard input.
    #[arg(long, value_name = "FILE")]
    pub data: PathBuf,
    /// Rows to test on. Without them, a fifth of a table of 2,000 rows or more is held out; smaller tables are
    /// cross-validated.
    #[arg(long, value_name = "FILE")]
    pub test: Option<PathBuf>,
    /// What the model is called; by default after the file.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Where the artifacts go.
    #[command(flatten)]
    pub destination: Destination,
    /// Measure a finished model, in its artifacts folder or file, on the rows of --data.
    #[arg(long, value_name = "MODEL", conflicts_with_all = ["predict", "test", "cross_validate", "sign", "stdout"])]
    pub evaluate: Option<PathBuf>,
    /// Write the rows of --data with the answers of a finished model beside them, as CSV, to standard output.
    #[arg(long, value_name = "MODEL", conflicts_with_all = ["test", "cross_validate", "sign", "stdout"])]
    pub predict: Option<PathBuf>,
    /// Tell what is in --data, as JSON on standard output, and train nothing: of all columns, or with --target of those that
    /// would be learnt from.
    #[arg(long, conflicts_with_all = ["evaluate", "predict", "cross_validate", "resume", "stdout", "sign", "test"])]
    pub inspect: bool,
    /// Estimate how good models of this table are by cross-validation with K folds; keep no model.
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u8).range(2..=100))]
    pub cross_validate: Option<u8>,
    /// Continue the run whose checkpoint is in the artifacts folder. The other options have to be the same.
    #[arg(long, conflicts_with_all = ["evaluate", "predict"])]
    pub resume: bool,
    /// What is shown of progress.
    #[command(flatten)]
    pub shown: Shown,
    /// How the file is read.
    #[command(flatten)]
    pub columns: Columns,
    /// How the model is made.
    #[command(flatten)]
    pub settings: Settings,
    /// The program, and the options that decide what comes out of a run.
    #[arg(skip)]
    pub origin: Origin,
}

/// What the user says of columns.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Columns")]
pub struct Columns {
    /// The column to be predicted.
    #[arg(long, value_name = "COLUMN")]
    pub target: Option<String>,
    /// Columns to leave out.
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    pub drop: Vec<String>,
    /// Columns to take though they look like identifiers, or are of no use otherwise.
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    pub keep: Vec<String>,
    /// Columns of categories, even if they hold numbers; the target too.
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    pub categorical: Vec<String>,
    /// Columns of numbers, even if there are words in them, which count as missing; the target too.
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    pub numeric: Vec<String>,
    /// A column that only names the rows.
    #[arg(long, value_name = "COLUMN")]
    pub id: Option<String>,
    /// A column that says which rows belong together: they stay on one side of every split.
    #[arg(long, value_name = "COLUMN")]
    pub group: Option<String>,
    /// A column with the weight of each row.
    #[arg(long, value_name = "COLUMN", conflicts_with = "balanced")]
    pub weights: Option<String>,
    /// Weigh rows so that all classes count the same. Probabilities are then those of a world in which they are equally
    /// frequent.
    #[arg(long)]
    pub balanced: bool,
    /// A schema.toml, as a run writes it and a person may have edited it.
    #[arg(long, value_name = "FILE")]
    pub schema: Option<PathBuf>,
    /// The file has no header: columns are called `column_1`, `column_2` and so on
    #[arg(long)]
    pub no_header: bool,
}

/// How the model is made.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Settings")]
pub struct Settings {
    /// Families of models to try.
    #[arg(
        long,
        value_name = "FAMILY,…",
        value_delimiter = ',',
        default_value = "linear,trees,network"
    )]
    pub models: Vec<Models>,
    /// Largest module, in KiB.
    #[arg(long, value_name = "KIB", default_value_t = 300, value_parser = clap::value_parser!(u64).range(128..=16384))]
    pub size: u64,
    /// Seed of every random choice.
    #[arg(long, value_name = "SEED", default_value_t = 42)]
    pub seed: u64,
}

impl Settings {
    /// The families that are tried, each once.
    #[must_use]
    pub fn families(&self) -> Vec<Family> {
        let mut families: Vec<Family> = Vec::new();
        for models in &self.models {
            let family = (*models).into();
            if !families.contains(&family) {
                families.push(family);
            }
        }
        families
    }
}

/// A family of models, on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Models {
    /// Linear and piecewise linear models.
    Linear,
    /// Boosted trees.
    Trees,
    /// A network with two hidden layers.
    Network,
}

impl From<Models> for Family {
    fn from(models: Models) -> Self {
        match models {
            Models::Linear => Self::Linear,
            Models::Trees => Self::Trees,
            Models::Network => Self::Network,
        }
    }
}

const ABOUT: &str = "Trains a model on a table of your own, and makes a module of it: linear models, boosted trees, and a \
                     blend of what is best on rows that were not learnt from";

const EXAMPLES: &str = "\
Examples:
  NAME --data heart.csv --inspect                 what is in the file?
  NAME --data heart.csv --target disease          train, and write artifacts/heart
  NAME --data wine.csv --target quality --numeric quality
                                                  predict a number, not classes
  NAME --data visits.csv --target ill --group patient --drop ward,bed
  NAME --data heart.csv --target disease --schema artifacts/heart/schema.toml
                                                  with units, ranges and types that you have edited
  NAME --data heart.csv --target disease --resume go on after Ctrl-C or a crash
  NAME --data new.csv --evaluate artifacts/heart  how good is the model on later rows?
  NAME --data new.csv --predict artifacts/heart > answers.csv

Exit codes: 0 success, 1 internal failure, 2 bad usage or bad data, 130 interrupted.";

/// Reads the process's arguments. On `--help`, `--version` or a bad command line it prints what is to be said and exits,
/// with 2 for the last.
#[must_use]
pub fn parse(backend: Backend) -> Options {
    let name = format!("tabular-{}", backend.name());
    let examples = EXAMPLES.replace("NAME ", &format!("{name} "));
    let command = Options::command()
        .name(name)
        .about(ABOUT)
        .after_help(examples);
    let matches = command.clone().get_matches();
    let options = Options::from_arg_matches(&matches);
    let mut options = options.unwrap_or_else(|error| error.exit());
    options.origin = origin(&command, &matches);
    options
}

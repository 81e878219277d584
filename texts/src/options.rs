//! The command line.

use std::path::PathBuf;

use clap::{CommandFactory, FromArgMatches, Parser};
use tabular::resume::origin;
use training::Backend;
use training::destination::Destination;
use training::journal::Origin;
use training::progress::Shown;

/// What the user asks for.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Options {
    /// The texts: CSV, JSON lines or a JSON array, lines of fastText (`__label__x text`), gzipped or not; `-` for standard
    /// input; or a folder with a folder of .txt files for each class.
    #[arg(long, value_name = "FILE")]
    pub data: PathBuf,
    /// Rows to test on. Without them, a fifth of 2,000 rows or more is held out; fewer are cross-validated.
    #[arg(long, value_name = "FILE")]
    pub test: Option<PathBuf>,
    /// What the model is called; by default after the file.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Where the artifacts go.
    #[command(flatten)]
    pub destination: Destination,
    /// Measure a finished model, in its artifacts folder or file, on the texts of --data.
    #[arg(long, value_name = "MODEL", conflicts_with_all = ["predict", "test", "cross_validate", "sign", "stdout"])]
    pub evaluate: Option<PathBuf>,
    /// Write the rows of --data with the answers of a finished model beside them, as CSV, to standard output.
    #[arg(long, value_name = "MODEL", conflicts_with_all = ["test", "cross_validate", "sign", "stdout"])]
    pub predict: Option<PathBuf>,
    /// Estimate how good models of these texts are by cross-validation with K folds; keep no model.
    #[arg(long, value_name = "K", conflicts_with = "test", value_parser = clap::value_parser!(u8).range(2..=100))]
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
    /// The columns with the text, in the order in which they are read.
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    pub text: Vec<String>,
    /// The column with the class.
    #[arg(long, value_name = "COLUMN")]
    pub target: Option<String>,
    /// The file has no header: columns are called `column_1`, `column_2`, …
    #[arg(long)]
    pub no_header: bool,
}

/// How the model is made.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Settings")]
pub struct Settings {
    /// Largest module, in KiB.
    #[arg(long, value_name = "KIB", default_value_t = 1024, value_parser = clap::value_parser!(u64).range(160..=16384))]
    pub size: u64,
    /// Seed of every random choice.
    #[arg(long, value_name = "SEED", default_value_t = 42)]
    pub seed: u64,
}

const ABOUT: &str =
    "Trains a classifier on texts of your own, in any language, and makes a module of it";

const EXAMPLES: &str = "\
Examples:
  NAME --data reviews.csv --text title,body --target stars
                                                  train, and write artifacts/reviews
  NAME --data train.jsonl --test test.jsonl --text text --target label
  NAME --data cooking.txt                         lines such as `__label__baking How long do muffins take?`
  NAME --data reviews/                            files such as reviews/good/1.txt and reviews/bad/1.txt
  NAME --data cooking.txt --resume                go on after Ctrl-C or a crash
  NAME --data new.csv --evaluate artifacts/reviews
                                                  how good is the model on later texts?
  NAME --data new.csv --predict artifacts/reviews > answers.csv

Exit codes: 0 success, 1 internal failure, 2 bad usage or bad data, 130 interrupted.";

/// Reads the process's arguments. On `--help`, `--version` or a bad command line it prints what is to be said and exits,
/// with 2 for the last.
#[must_use]
pub fn parse(backend: Backend) -> Options {
    let name = format!("texts-{}", backend.name());
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

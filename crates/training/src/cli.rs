//! The command line of a trainer.

use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, Args, Command, CommandFactory, FromArgMatches, Parser};

use crate::algorithm::Algorithm;
use crate::backend::Backend;
use crate::destination::Destination;
use crate::progress::Shown;
use crate::settings::{Settings, count};
use crate::task::Task;

/// What the user asks for.
#[derive(Debug, Parser)]
#[command(version)]
// An algorithm may call its own options by the same name.
#[group(skip)]
pub struct Options<O: Args> {
    /// Data set to train on, in place of the one that comes with the program or is found.
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub data: Vec<PathBuf>,
    /// Download the data set first, unless it is there already.
    #[arg(long)]
    pub download: bool,
    /// Address to download from.
    #[arg(long, value_name = "URL", requires = "download")]
    pub mirror: Option<String>,
    /// The images are stored column by column, as EMNIST's are.
    #[arg(long)]
    pub transpose: bool,
    /// Where the artifacts go.
    #[command(flatten)]
    pub destination: Destination,
    /// Continue the run whose checkpoint is in the artifacts folder, with its settings.
    #[arg(long)]
    pub resume: bool,
    /// Estimate the accuracy by stratified cross-validation with K folds; train no model to keep.
    #[arg(long, value_name = "K", value_parser = count(2), conflicts_with = "resume")]
    pub cross_validate: Option<usize>,
    /// Times to repeat the cross-validation, each with other folds and other first weights.
    #[arg(long, value_name = "R", value_parser = count(1), default_value = "1", requires = "cross_validate")]
    pub repeats: usize,
    /// What is shown of progress.
    #[command(flatten)]
    pub shown: Shown,
    /// What the algorithm takes of its own.
    #[command(flatten)]
    pub own: O,
    /// The settings.
    #[command(flatten)]
    pub settings: Settings,
    /// The arguments that the user gave for `own`.
    #[arg(skip)]
    pub own_arguments: Vec<String>,
}

/// Reads the process's arguments. On `--help`, `--version` or a bad command line it prints what is
/// to be said and exits, with 2 for the last.
#[must_use]
pub fn parse<A: Algorithm>(backend: Backend) -> Options<A::Options> {
    let matches = command::<A>(backend).get_matches();
    let options = Options::from_arg_matches(&matches);
    let mut options = options.unwrap_or_else(|error: clap::Error| error.exit());
    options.own_arguments = given::<A::Options>(&matches);
    options
}

/// The arguments of `O` that the user gave.
fn given<O: Args>(matches: &ArgMatches) -> Vec<String> {
    let mut given = Vec::new();
    for argument in O::augment_args(Command::new("")).get_arguments() {
        let name = argument.get_id().as_str();
        if matches.value_source(name) != Some(ValueSource::CommandLine) {
            continue;
        }
        given.push(format!("--{}", argument.get_long().unwrap_or(name)));
        if argument.get_action().takes_values() {
            let values = matches.get_raw(name).into_iter().flatten();
            given.extend(values.map(|value| value.to_string_lossy().into_owned()));
        }
    }
    given
}

fn examples<A: Algorithm>(name: &str) -> String {
    let (data, model) = match A::SOURCE.own {
        true => (" --data photos/", "photos"),
        false => ("", A::NAME),
    };
    let width = 37 + data.len();
    [
        ("", format!("train, and write artifacts/{model}")),
        (" --resume", "go on after Ctrl-C or a crash".to_owned()),
        (
            " --seed 7 --artifacts /tmp/seven",
            "train another model elsewhere".to_owned(),
        ),
        (
            " --cross-validate 10 --repeats 3",
            "how accurate is this, really?".to_owned(),
        ),
    ]
    .map(|(arguments, what)| format!("  {name}{:width$} {what}\n", format!("{data}{arguments}")))
    .concat()
}

fn command<A: Algorithm>(backend: Backend) -> Command {
    let name = format!("{}-{}", A::NAME, backend.name());
    let examples = format!(
        "Examples:\n{}\n\
         Exit codes: 0 success, 1 internal failure, 2 bad usage or bad data, 130 interrupted.",
        examples::<A>(&name)
    );
    // The settings by name, as they are written to files.
    let defaults = serde_json::to_value(A::defaults()).unwrap_or_default();
    let defaults = defaults.as_object().cloned().unwrap_or_default();
    let command = Options::<A::Options>::command()
        .name(name)
        .about(A::ABOUT)
        .after_help(examples)
        // Options that would do nothing.
        .mut_arg("label_smoothing", |argument| {
            argument.hide(!A::Task::SUPPORTS_LABEL_SMOOTHING)
        })
        .mut_arg("calibrated", |argument| {
            argument.hide(!A::Task::SUPPORTS_LABEL_SMOOTHING)
        })
        .mut_arg("transpose", |argument| argument.hide(!A::SOURCE.images))
        .mut_arg("download", |argument| {
            argument.hide(A::SOURCE.remote.is_none())
        })
        .mut_arg("mirror", |argument| {
            argument.hide(A::SOURCE.remote.is_none())
        });
    let command = match A::SOURCE.own {
        // Named after the data, and the data has to be named.
        true => command
            .mut_arg("data", |argument| {
                argument.required(true).help("Data to train on")
            })
            // Whoever reads people's own data finds its copies.
            .mut_arg("group_duplicates", |argument| argument.hide(true)),
        false => command,
    };
    defaults
        .into_iter()
        .fold(command, |command, (name, value)| {
            let value = value.as_str().map_or(value.to_string(), str::to_owned);
            command.mut_arg(name, |argument| {
                let argument = argument.required(false).conflicts_with("resume");
                match argument.get_action() {
                    ArgAction::SetTrue => argument,
                    _ => argument.default_value(value),
                }
            })
        })
}

//! The command line of a trainer.

use std::path::PathBuf;

use clap::{ArgAction, CommandFactory, FromArgMatches, Parser};

use crate::algorithm::Algorithm;
use crate::backend::Backend;
use crate::settings::{Settings, count};
use crate::task::Task;

/// What the user asks for.
#[derive(Debug, Parser)]
#[command(version)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own on the command line"
)]
pub struct Options {
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
    /// Folder for the model, the report and the pictures.
    #[arg(long, value_name = "FOLDER")]
    pub artifacts: PathBuf,
    /// Continue the run whose checkpoint is in the artifacts folder, with its settings.
    #[arg(long)]
    pub resume: bool,
    /// Estimate the accuracy by stratified cross-validation with K folds; train no model to keep.
    #[arg(long, value_name = "K", value_parser = count(2), conflicts_with = "resume")]
    pub cross_validate: Option<usize>,
    /// Times to repeat the cross-validation, each with other folds and other first weights.
    #[arg(long, value_name = "R", value_parser = count(1), default_value = "1", requires = "cross_validate")]
    pub repeats: usize,
    /// Show no progress.
    #[arg(long, short)]
    pub quiet: bool,
    /// The settings.
    #[command(flatten)]
    pub settings: Settings,
}

/// Reads the process's arguments. On `--help`, `--version` or a bad command line it prints what is
/// to be said and exits, with 2 for the last.
#[must_use]
pub fn parse<A: Algorithm>(backend: Backend) -> Options {
    let matches = command::<A>(backend).get_matches();
    Options::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}

fn command<A: Algorithm>(backend: Backend) -> clap::Command {
    let name = format!("{}-{}", A::NAME, backend.name());
    let examples = format!(
        "Examples:\n  \
         {name}                                       train, and write artifacts/{algorithm}\n  \
         {name} --resume                              go on after Ctrl-C or a crash\n  \
         {name} --seed 7 --artifacts /tmp/seven       train another model elsewhere\n  \
         {name} --cross-validate 10 --repeats 3       how accurate is this, really?\n\n\
         Exit codes: 0 success, 1 internal failure, 2 bad usage or bad data, 130 interrupted.",
        algorithm = A::NAME
    );
    // The settings by name, as they are written to files.
    let defaults = serde_json::to_value(A::defaults()).unwrap_or_default();
    let defaults = defaults.as_object().cloned().unwrap_or_default();
    let command = Options::command()
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
    let command = command.mut_arg("artifacts", |argument| {
        argument
            .required(false)
            .default_value(format!("artifacts/{}", A::NAME))
    });
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

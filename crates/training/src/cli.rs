//! The command line of a trainer.

use std::path::PathBuf;

use clap::builder::RangedU64ValueParser;
use clap::{Args, CommandFactory, FromArgMatches, Parser};

use crate::algorithm::Algorithm;
use crate::backend::Backend;
use crate::schedule::Schedule;
use crate::settings::Settings;
use crate::task::Task;

/// What the user asks for.
#[derive(Debug, Parser)]
#[command(version)]
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
    pub settings: SettingsArguments,
}

/// [`Settings`] on the command line. The defaults are the algorithm's.
#[derive(Debug, Args)]
#[command(next_help_heading = "Settings")]
pub struct SettingsArguments {
    /// Passes over the training rows, at most.
    #[arg(long, value_name = "N", value_parser = count(1), conflicts_with = "resume")]
    epochs: usize,
    /// Rows to a step.
    #[arg(long, value_name = "N", value_parser = count(1), conflicts_with = "resume")]
    batch_size: usize,
    /// Highest learning rate.
    #[arg(long, value_name = "RATE", value_parser = positive, conflicts_with = "resume")]
    learning_rate: f64,
    /// How the learning rate changes in the course of training.
    #[arg(long, conflicts_with = "resume")]
    schedule: Schedule,
    /// Decoupled weight decay, per step and unit of learning rate.
    #[arg(long, value_name = "DECAY", value_parser = not_negative, conflicts_with = "resume")]
    weight_decay: f64,
    /// Share of each target that is spread over all classes.
    #[arg(long, value_name = "SHARE", value_parser = share, conflicts_with = "resume")]
    label_smoothing: f64,
    /// Decay of the moving average of the weights, per step; 0 turns it off.
    #[arg(long, value_name = "DECAY", value_parser = share, conflicts_with = "resume")]
    averaging: f64,
    /// Epochs without improvement on the validation rows before training stops.
    #[arg(long, value_name = "N", value_parser = count(1), conflicts_with = "resume")]
    patience: usize,
    /// Seed of every random choice.
    #[arg(long, value_name = "SEED", conflicts_with = "resume")]
    seed: u64,
    /// Calibrate probabilities on the validation rows.
    #[arg(long, value_name = "BOOL", action = clap::ArgAction::Set, conflicts_with = "resume")]
    calibrated: bool,
    /// Keep rows with equal inputs on one side of every split.
    #[arg(long, alias = "together", conflicts_with = "resume")]
    group_duplicates: bool,
}

impl From<SettingsArguments> for Settings {
    fn from(arguments: SettingsArguments) -> Self {
        Self {
            epochs: arguments.epochs,
            batch_size: arguments.batch_size,
            learning_rate: arguments.learning_rate,
            schedule: arguments.schedule,
            weight_decay: arguments.weight_decay,
            label_smoothing: arguments.label_smoothing,
            averaging: arguments.averaging,
            patience: arguments.patience,
            seed: arguments.seed,
            calibrated: arguments.calibrated,
            group_duplicates: arguments.group_duplicates,
        }
    }
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
    let Settings {
        epochs,
        batch_size,
        learning_rate,
        schedule,
        weight_decay,
        label_smoothing,
        averaging,
        patience,
        seed,
        calibrated,
        group_duplicates: _,
    } = A::defaults();
    let schedule = clap::ValueEnum::to_possible_value(&schedule)
        .map(|value| value.get_name().to_owned())
        .unwrap_or_default();
    let defaults = [
        ("artifacts", format!("artifacts/{}", A::NAME)),
        ("epochs", epochs.to_string()),
        ("batch_size", batch_size.to_string()),
        ("learning_rate", learning_rate.to_string()),
        ("schedule", schedule),
        ("weight_decay", weight_decay.to_string()),
        ("label_smoothing", label_smoothing.to_string()),
        ("averaging", averaging.to_string()),
        ("patience", patience.to_string()),
        ("seed", seed.to_string()),
        ("calibrated", calibrated.to_string()),
    ];
    let command = Options::command()
        .name(name)
        .about(A::ABOUT)
        .after_help(examples)
        // Options that would do nothing.
        .mut_arg("label_smoothing", |argument| {
            argument.hide(!A::Task::SMOOTHS)
        })
        .mut_arg("calibrated", |argument| argument.hide(!A::Task::SMOOTHS))
        .mut_arg("download", |argument| {
            argument.hide(A::SOURCE.remote.is_none())
        })
        .mut_arg("mirror", |argument| {
            argument.hide(A::SOURCE.remote.is_none())
        });
    (defaults.into_iter()).fold(command, |command, (argument, value)| {
        command.mut_arg(argument, |argument| {
            argument.required(false).default_value(value)
        })
    })
}

fn count(least: u64) -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(least..)
}

fn number(text: &str, accepted: impl Fn(f64) -> bool, expected: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|value: &f64| value.is_finite() && accepted(*value))
        .ok_or_else(|| format!("expected {expected}"))
}

fn positive(text: &str) -> Result<f64, String> {
    number(text, |value| value > 0.0, "a number above 0")
}

fn not_negative(text: &str) -> Result<f64, String> {
    number(text, |value| value >= 0.0, "a number from 0")
}

fn share(text: &str) -> Result<f64, String> {
    number(
        text,
        |value| (0.0..1.0).contains(&value),
        "a number from 0 to below 1",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_out_of_range_are_refused() {
        assert_eq!(positive("5e-3"), Ok(0.005));
        assert_eq!(not_negative("0"), Ok(0.0));
        assert_eq!(share("0.999"), Ok(0.999));
        for (result, message) in [
            (positive("0"), "expected a number above 0"),
            (positive("inf"), "expected a number above 0"),
            (positive("fast"), "expected a number above 0"),
            (not_negative("-1"), "expected a number from 0"),
            (share("1"), "expected a number from 0 to below 1"),
            (share("NaN"), "expected a number from 0 to below 1"),
        ] {
            assert_eq!(result, Err(message.to_owned()));
        }
    }
}

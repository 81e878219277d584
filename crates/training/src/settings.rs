//! The settings of a training run.

use clap::builder::RangedU64ValueParser;
use clap::{Arg, Args, Command};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::schedule::Schedule;

/// Everything but the data and the backend that decides what comes out of a training run.
///
/// A setting is a field here, and nothing else: its comment is its help, its name its option, and its value
/// in the algorithm's defaults its default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Args)]
#[command(next_help_heading = "Settings")]
pub struct Settings {
    /// Passes over the training rows, at most.
    #[arg(long, value_name = "N", value_parser = count(1))]
    pub epochs: usize,
    /// Rows of a step.
    #[arg(long, value_name = "N", value_parser = count(1))]
    pub batch_size: usize,
    /// Highest learning rate.
    #[arg(long, value_name = "RATE", value_parser = positive)]
    pub learning_rate: f64,
    /// How the learning rate changes in the course of training.
    #[arg(long)]
    pub schedule: Schedule,
    /// Decoupled weight decay, per step and unit of learning rate.
    #[arg(long, value_name = "DECAY", value_parser = not_negative)]
    pub weight_decay: f64,
    // Szegedy et al., <https://arxiv.org/abs/1512.00567>, section 7.
    /// Share of each target that is spread over all classes.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub label_smoothing: f64,
    /// Decay of the moving average of the weights, per step; 0 turns it off.
    #[arg(long, value_name = "DECAY", value_parser = share)]
    pub averaging: f64,
    /// Epochs without improvement on the validation rows before training stops.
    #[arg(long, value_name = "N", value_parser = count(1))]
    pub patience: usize,
    /// Seed of every random choice.
    #[arg(long, value_name = "SEED")]
    pub seed: u64,
    // One temperature for all scores (Guo et al., <https://arxiv.org/abs/1706.04599>). Epochs are then
    // compared as they would be with it.
    /// Calibrate probabilities on the validation rows.
    #[arg(long, value_name = "BOOL", action = clap::ArgAction::Set)]
    pub calibrated: bool,
    /// Keep rows with equal inputs on one side of every split.
    #[arg(long, alias = "together")]
    pub group_duplicates: bool,
}

impl Default for Settings {
    /// What algorithms start from.
    fn default() -> Self {
        Self {
            epochs: 50,
            batch_size: 64,
            learning_rate: 1e-3,
            schedule: Schedule::Cosine,
            weight_decay: 0.01,
            label_smoothing: 0.0,
            averaging: 0.99,
            patience: 50,
            seed: 42,
            calibrated: false,
            group_duplicates: false,
        }
    }
}

impl Settings {
    /// The settings as arguments, each with its value.
    #[must_use]
    pub fn arguments(&self) -> Vec<String> {
        let values = serde_json::to_value(self).unwrap_or_default();
        let command = Self::augment_args(Command::new(""));
        let argument = |argument: &Arg| {
            let value = values.get(argument.get_id().as_str())?;
            let name = argument.get_long()?;
            match (argument.get_action().takes_values(), value) {
                (true, Value::String(value)) => Some(format!("--{name}={value}")),
                (true, value) => Some(format!("--{name}={value}")),
                (false, value) => (value == true).then(|| format!("--{name}")),
            }
        };
        command.get_arguments().filter_map(argument).collect()
    }

    /// Whether the loop can work with them. The command line makes sure; a file might not.
    #[must_use]
    pub fn are_sound(&self) -> bool {
        let share = 0.0..1.0;
        self.epochs > 0
            && self.batch_size > 0
            && self.patience > 0
            && self.learning_rate.is_finite()
            && self.learning_rate > 0.0
            && self.weight_decay.is_finite()
            && self.weight_decay >= 0.0
            && share.contains(&self.label_smoothing)
            && share.contains(&self.averaging)
    }
}

/// Accepts whole numbers from `least` up.
pub(crate) fn count(least: u64) -> RangedU64ValueParser<usize> {
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

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        settings: Settings,
    }

    #[test]
    fn arguments_give_the_settings_back() {
        let settings = Settings {
            epochs: 7,
            learning_rate: 1.5e-3,
            schedule: Schedule::Constant,
            group_duplicates: true,
            ..Settings::default()
        };
        for settings in [settings, Settings::default()] {
            let arguments = settings.arguments();
            let line = [&["trainer".to_owned()][..], &arguments].concat();
            let line: Line = clap::Parser::parse_from(line);
            assert_eq!(line.settings, settings, "{arguments:?}");
        }
    }

    #[test]
    fn settings_that_cannot_work_are_told() {
        assert!(Settings::default().are_sound());
        let endless = Settings {
            learning_rate: f64::INFINITY,
            ..Settings::default()
        };
        assert!(!endless.are_sound());
    }

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

//! What makes a run the run that it is, and how the user goes on with it.

use std::path::Path;

use clap::{ArgMatches, Command};
use training::journal::{Journal, Origin};
use training::report::{VERSION, target};
use training::shell::quoted;

use crate::error::TabularError;

/// Where the model goes.
pub const MODEL: &str = "model.safetensors";

/// Options that decide nothing, or name files whose contents decide.
const OTHERS: [&str; 10] = [
    "artifacts",
    "data",
    "inspect",
    "program",
    "progress",
    "quiet",
    "resume",
    "schema",
    "sign",
    "stdout",
];

/// The program `command` with its version, and the options that decide what comes out of a run. The digest of the data is to
/// be added.
#[must_use]
pub fn origin(command: &Command, matches: &ArgMatches) -> Origin {
    let program = format!("{} {VERSION} for {}", command.get_name(), target());
    let mut origin = Origin::from([("the program".into(), program)]);
    for argument in command.get_arguments() {
        let id = argument.get_id().as_str();
        let name = argument.get_long().unwrap_or(id);
        if let (false, Some(values)) = (OTHERS.contains(&id), matches.get_raw(id)) {
            let values: Vec<_> = values.map(|value| value.to_string_lossy()).collect();
            origin.insert(format!("--{name}"), values.join(","));
        }
    }
    origin
}

/// The options in `origin`, each with its value.
#[must_use]
pub fn arguments(origin: &Origin) -> Vec<String> {
    let options = origin.iter().filter(|(name, _)| name.starts_with("--"));
    options
        .map(|(name, value)| format!("{name}={value}"))
        .collect()
}

/// What the user has to type to continue this run.
fn command() -> String {
    let given = std::env::args_os().map(|argument| quoted(Path::new(&argument)));
    let mut words: Vec<String> = given.collect();
    if !words.iter().any(|word| word == "--resume") {
        words.push("--resume".into());
    }
    words.join(" ")
}

/// The `result` of a run. If the user has interrupted it, the journal is saved, and the error says how to go on.
///
/// # Errors
///
/// Those of the run, or if the journal cannot be saved.
pub fn stopped<T>(journal: &Journal, result: Result<T, TabularError>) -> Result<T, TabularError> {
    match result {
        Err(TabularError::Interrupted) => match journal.save()? {
            0 => Err(TabularError::Interrupted),
            parts => Err(TabularError::Stopped {
                parts,
                command: command(),
            }),
        },
        result => result,
    }
}

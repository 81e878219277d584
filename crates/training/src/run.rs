//! A trainer from its command line to its exit code.

use std::panic;
use std::process::ExitCode;

use burn_cpu_ops::parallel;

use crate::algorithm::Algorithm;
use crate::backend::Backend;
use crate::checkpoint::{self, Checkpoint};
use crate::cli;
use crate::console::note;
use crate::error::TrainingError;
use crate::interrupt::Interrupt;
use crate::loading::load;
use crate::shell::resume_command;
use crate::trainer::{MODEL, Trainer};

/// The whole program `<algorithm>-<backend>`.
#[must_use]
pub fn main<A: Algorithm>(backend: Backend) -> ExitCode {
    explain_panics(backend);
    match parallel::on_a_sharing_thread(|| execute::<A>(backend)) {
        Ok(code) => code.into(),
        Err(error) => {
            note(format_args!("error: {error}"));
            error.exit_code().into()
        }
    }
}

/// A panic can only come from a defect or from a backend without a device. Both deserve words.
fn explain_panics(backend: Backend) {
    panic::set_hook(Box::new(move |panic| {
        let name = backend.name();
        note(format_args!("error: the backend {name} failed: {panic}"));
        note(format_args!(
            "if this machine has no device for {name}, train with another backend"
        ));
        std::process::exit(1);
    }));
}

fn execute<A: Algorithm>(backend: Backend) -> Result<u8, TrainingError> {
    let options = cli::parse::<A>(backend);
    let name = A::model_name(&options.data, &options.own);
    let place = (options.destination).prepare(&name, options.cross_validate.is_none())?;
    let artifacts = &place.artifacts;
    let (algorithm, data) = load::<A>(backend, &options)?;
    let interrupt = Interrupt::watch()?;
    let path = artifacts.path(checkpoint::NAME);
    if options.resume && !path.exists() && artifacts.has(MODEL) {
        let folder = artifacts.path("");
        return Err(TrainingError::Finished { folder });
    }
    let checkpoint = options
        .resume
        .then(|| Checkpoint::open(&path))
        .transpose()?;
    if checkpoint.is_none() && options.cross_validate.is_none() && artifacts.has(checkpoint::NAME) {
        note("note: this replaces the checkpoint of a run that --resume would continue");
    }
    let cross_validate = options.cross_validate.map(|folds| (folds, options.repeats));
    let trainer = Trainer {
        algorithm: &algorithm,
        backend,
        place: &place,
        interrupt,
        shown: options.shown,
        arguments: options.own_arguments.clone(),
        data: &data,
        resume_command: resume_command(&data, &options, &artifacts.path("")),
    };
    match cross_validate {
        Some((folds, repeats)) => trainer.cross_validate(&options.settings, folds, repeats),
        None => trainer.train(options.settings, checkpoint),
    }
}

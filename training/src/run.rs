//! A trainer from its command line to its exit code.

use std::io::Write;
use std::panic;
use std::process::ExitCode;
use std::time::Instant;

use inference::frozen::{Header, Input};

use crate::algorithm::Algorithm;
use crate::artifacts::Artifacts;
use crate::backend::Backend;
use crate::checkpoint::{self, Checkpoint};
use crate::cli::{self, Options};
use crate::cross_validation;
use crate::error::TrainingError;
use crate::fit::{Observer, Progress, Run, State};
use crate::freeze::{freeze, verify};
use crate::interrupt::Interrupt;
use crate::plots;
use crate::progress::Reporter;
use crate::report::{self, Identity, Outcome, VERSION};
use crate::settings::Settings;
use crate::split::Split;
use crate::summary;

/// What a shell reports for a program that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

/// The whole program `<algorithm>-<backend>`.
#[must_use]
pub fn main<A: Algorithm>(backend: Backend) -> ExitCode {
    explain_panics(backend);
    match execute::<A>(backend) {
        Ok(code) => code.into(),
        Err(error) => {
            eprintln!("error: {error}");
            error.exit_code().into()
        }
    }
}

/// A panic can only come from a defect or from a backend without a device. Both deserve words.
fn explain_panics(backend: Backend) {
    panic::set_hook(Box::new(move |panic| {
        let name = backend.name();
        eprintln!("error: the backend {name} failed: {panic}");
        eprintln!("if this machine has no device for {name}, train with another backend");
        std::process::exit(1);
    }));
}

fn execute<A: Algorithm>(backend: Backend) -> Result<u8, TrainingError> {
    let options = cli::parse::<A>(backend);
    let artifacts = Artifacts::prepare(&options.artifacts)?;
    let algorithm = A::load(options.data.as_deref())?;
    let interrupt = Interrupt::watch()?;
    let checkpoint = match options.resume {
        true => Some(Checkpoint::open(&artifacts.path(checkpoint::NAME))?),
        false => None,
    };
    let cross_validate = options.cross_validate.map(|folds| (folds, options.repeats));
    let trainer = Trainer {
        algorithm: &algorithm,
        backend,
        artifacts: &artifacts,
        interrupt,
        quiet: options.quiet,
        resume_command: resume_command(&options),
    };
    match cross_validate {
        Some((folds, repeats)) => trainer.cross_validate(&options.settings.into(), folds, repeats),
        None => trainer.train(options.settings.into(), checkpoint),
    }
}

/// What the user has to type to continue.
fn resume_command(options: &Options) -> String {
    let mut command = std::env::args().next().unwrap_or_default();
    if let Some(data) = &options.data {
        command += &format!(" --data '{}'", data.display());
    }
    format!(
        "{command} --artifacts '{}' --resume",
        options.artifacts.display()
    )
}

struct Trainer<'a, A> {
    algorithm: &'a A,
    backend: Backend,
    artifacts: &'a Artifacts,
    interrupt: Interrupt,
    quiet: bool,
    resume_command: String,
}

impl<A: Algorithm> Trainer<'_, A> {
    fn train(
        &self,
        settings: Settings,
        checkpoint: Option<Checkpoint>,
    ) -> Result<u8, TrainingError> {
        let identity = self.identity(settings, checkpoint.as_ref())?;
        let labels = self.algorithm.labels();
        let split = Split::new(labels, identity.settings.seed);
        let device = self.backend.device();
        let run = Run {
            algorithm: self.algorithm,
            settings: &identity.settings,
            device: &device,
            train: &split.train,
            validation: &split.validation,
        };
        let mut state = match checkpoint {
            None => run.start(),
            Some(checkpoint) => checkpoint
                .restore(&run)
                .ok_or_else(|| self.bad_checkpoint("its network is another one".into()))?,
        };
        say(&format!(
            "Train Dataset Size: {}\nValidation Dataset Size: {}\nTest Dataset Size: {}\n{}",
            split.train.len(),
            split.validation.len(),
            split.test.len(),
            summary::network(&state.model),
        ))?;

        let mut observer = Watch {
            identity: &identity,
            artifacts: self.artifacts,
            interrupt: &self.interrupt,
            reporter: Reporter::new(self.quiet, identity.settings.epochs),
        };
        let started = Instant::now();
        let progress = run.train(&mut state, &mut observer);
        observer.reporter.finish();
        if progress? == Progress::Interrupt {
            self.explain_interrupt(state.history.len());
            return Ok(INTERRUPTED);
        }
        let seconds = started.elapsed().as_secs_f64();
        self.finish(&identity, &split, &run, &state, seconds)?;
        Ok(0)
    }

    /// What makes this run the run that it is: the checkpoint's word goes, if there is one.
    fn identity(
        &self,
        settings: Settings,
        checkpoint: Option<&Checkpoint>,
    ) -> Result<Identity, TrainingError> {
        let identity = Identity {
            algorithm: A::NAME.into(),
            backend: self.backend.name().into(),
            version: VERSION.into(),
            data_sha256: self.algorithm.data_sha256().into(),
            settings: checkpoint.map_or(settings, |c| c.identity.settings.clone()),
        };
        match checkpoint {
            Some(checkpoint) if checkpoint.identity != identity => {
                let Identity {
                    algorithm,
                    backend,
                    version,
                    data_sha256,
                    ..
                } = &checkpoint.identity;
                Err(self.bad_checkpoint(format!(
                    "it is of {algorithm}-{backend} {version} on data with SHA-256 {data_sha256}"
                )))
            }
            _ => Ok(identity),
        }
    }

    fn bad_checkpoint(&self, problem: String) -> TrainingError {
        TrainingError::BadCheckpoint {
            path: self.artifacts.path(checkpoint::NAME),
            problem,
        }
    }

    fn explain_interrupt(&self, epochs: usize) {
        if epochs == 0 {
            eprintln!("interrupted in the first epoch: nothing to resume");
        } else {
            eprintln!("interrupted; the checkpoint is of epoch {epochs}. To continue:");
            eprintln!("  {}", self.resume_command);
        }
    }

    /// Measures the best epoch's model on the test rows, once, and writes all artifacts.
    fn finish(
        &self,
        identity: &Identity,
        split: &Split,
        run: &Run<'_, A>,
        state: &State<A::Model>,
        seconds: f64,
    ) -> Result<(), TrainingError> {
        let Some(best) = &state.best else {
            return Err(TrainingError::Diverged {
                epoch: state.history.len(),
            });
        };
        let test = run.evaluate(&best.model, &split.test);
        let header = Header {
            algorithm: A::NAME.into(),
            inputs: A::FIELDS.iter().map(Input::from).collect(),
            classes: A::CLASSES.iter().map(|class| (*class).to_owned()).collect(),
            training: identity.training(best.epoch, test.rows),
            metrics: [("test_accuracy", test.accuracy), ("test_loss", test.loss)]
                .map(|(name, value)| (name.to_owned(), value))
                .into(),
        };
        let frozen = freeze(&best.model, header)?;
        let rows: Vec<_> = (0..self.algorithm.labels().len()).collect();
        let scores = run.scores(&best.model, &rows);
        let outcome = Outcome {
            identity,
            split,
            history: &state.history,
            best,
            test: &test,
            parameters: summary::parameters(&best.model),
            frozen_difference: verify(&frozen, &self.algorithm.inputs(&rows), &scores)?,
            seconds,
        };
        self.artifacts.publish(&[
            ("model.safetensors", frozen.to_bytes()?),
            ("config.json", report::pretty(identity)?),
            ("metrics.jsonl", report::metrics(&state.history)?),
            ("report.json", outcome.to_json::<A>()?),
            ("curves.svg", plots::curves(&state.history, best.epoch)?),
            ("confusion.svg", plots::confusion(&test, A::CLASSES)?),
        ])?;
        self.artifacts.remove(checkpoint::NAME);

        let [low, high] = crate::metrics::accuracy_interval(test.accuracy, test.rows);
        say(&format!(
            "Total Epochs: {}\n\n{}\nBest epoch: {} (lowest validation loss, {:.4})\n\
             Test accuracy: {:.2} % of {} rows (95 % interval {:.1} to {:.1} %), loss {:.4}\n\
             Artifacts: {}\n",
            state.history.len(),
            summary::table(&state.history),
            best.epoch,
            best.loss,
            100.0 * test.accuracy,
            test.rows,
            100.0 * low,
            100.0 * high,
            test.loss,
            self.artifacts.path("").display(),
        ))
    }

    fn cross_validate(
        &self,
        settings: &Settings,
        folds: usize,
        repeats: usize,
    ) -> Result<u8, TrainingError> {
        let device = self.backend.device();
        let result = cross_validation::run(
            self.algorithm,
            settings,
            &device,
            (folds, repeats),
            &mut |repeat| {
                if !self.quiet {
                    eprintln!(
                        "repeat {}: accuracy {:.2} %",
                        repeat.repeat,
                        100.0 * repeat.accuracy
                    );
                }
                match self.interrupt.requested() {
                    true => Progress::Interrupt,
                    false => Progress::Continue,
                }
            },
        )?;
        let Some(result) = result else {
            eprintln!("interrupted");
            return Ok(INTERRUPTED);
        };
        self.artifacts
            .publish(&[("cross-validation.json", report::pretty(&result)?)])?;
        say(&result.to_string())?;
        Ok(0)
    }
}

/// Follows a run that is to be kept: shows it, saves it, and lets it be interrupted.
struct Watch<'a> {
    identity: &'a Identity,
    artifacts: &'a Artifacts,
    interrupt: &'a Interrupt,
    reporter: Reporter,
}

impl<M: burn::module::Module> Observer<M> for Watch<'_> {
    fn step(&mut self, epoch: usize, step: usize, steps: usize) -> Progress {
        let epochs = self.identity.settings.epochs;
        self.reporter.step((epoch, epochs), (step, steps));
        match self.interrupt.requested() {
            true => Progress::Interrupt,
            false => Progress::Continue,
        }
    }

    fn epoch(&mut self, state: &State<M>) -> Result<(), TrainingError> {
        let bytes = checkpoint::to_bytes(self.identity, state)?;
        self.artifacts.publish(&[(checkpoint::NAME, bytes)])?;
        if let Some(epoch) = state.history.last() {
            self.reporter.epoch(epoch);
        }
        Ok(())
    }
}

/// Prints to standard output. A reader that went away is no reason to lose a trained model.
fn say(text: &str) -> Result<(), TrainingError> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(TrainingError::Output(error))
        }
        _ => Ok(()),
    }
}

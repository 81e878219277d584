//! One run of a trainer: from a data set in memory to its artifacts.

use std::path::PathBuf;
use std::time::Instant;

use model::{AlignedBytes, ModelFile};
use pack::Form;

use crate::algorithm::Algorithm;
use crate::artifacts::Artifacts;
use crate::backend::Backend;
use crate::check::Check;
use crate::checkpoint::{self, Checkpoint};
use crate::committee::Committee;
use crate::console::{note, print};
use crate::cross_validation;
use crate::destination::Prepared;
use crate::error::TrainingError;
use crate::evaluation::evaluate;
use crate::fit::{Progress, Run, State};
use crate::interrupt::Interrupt;
use crate::plots;
use crate::progress::{Reporter, Shown};
use crate::ranges::with_training_ranges;
use crate::release::Release;
use crate::report::{self, Identity, Outcome, VERSION, target};
use crate::settings::Settings;
use crate::shell::{file_name, quoted};
use crate::split::{Rows, Split};
use crate::summary;
use crate::task::Task;
use crate::watch::{Companions, Poll, Watch};

/// What a shell reports for a program that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

/// Rows, at most, on which the model file is held against the network.
const CHECKED_ROWS: usize = 10_000;

/// Where the model goes.
pub const MODEL: &str = "model.safetensors";

/// Where a model goes that fails that check.
const UNCHECKED: &str = "model-unchecked.safetensors";

/// A run to come: what it trains, and where that goes.
pub struct Trainer<'a, A> {
    pub algorithm: &'a A,
    pub backend: Backend,
    pub place: &'a Prepared,
    pub interrupt: Interrupt,
    pub shown: Shown,
    /// The arguments of the algorithm's own.
    pub arguments: Vec<String>,
    /// What the data set was read from: files or folders.
    pub data: &'a [PathBuf],
    pub resume_command: String,
}

impl<A: Algorithm> Trainer<'_, A> {
    /// Trains, measures and writes all artifacts; returns the exit code.
    ///
    /// # Errors
    ///
    /// Whatever stops it. The model is kept if there is one.
    pub fn train(
        &self,
        settings: Settings,
        checkpoint: Option<Checkpoint>,
    ) -> Result<u8, TrainingError> {
        let identity = self.identity(settings, checkpoint.as_ref())?;
        let rows = rows(self.algorithm, &identity.settings);
        let split = self.algorithm.split(&rows, identity.settings.seed);
        let device = self.backend.device();
        if [&split.train, &split.validation, &split.test]
            .iter()
            .any(|part| part.is_empty())
        {
            return Err(TrainingError::BadSettings(
                "too few rows to set some apart for validation and test".into(),
            ));
        }
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
                .ok_or_else(|| self.bad_checkpoint("it does not fit the network".into()))?,
        };
        print(&format!(
            "Train Dataset Size: {}\nValidation Dataset Size: {}\nTest Dataset Size: {}\n{}",
            split.train.len(),
            split.validation.len(),
            split.test.len(),
            summary::network(&state.model),
        ))?;

        let mut observer = Watch {
            identity: &identity,
            artifacts: &self.place.artifacts,
            interrupt: &self.interrupt,
            reporter: Reporter::new(self.shown, identity.settings.epochs),
            score: A::Task::SCORE,
        };
        let (started, epochs_before) = (Instant::now(), state.history.len());
        let progress = run.train(&mut state, &mut observer);
        observer.reporter.finish();
        if progress? == Progress::Interrupt {
            self.explain_interrupt(state.history.len());
            return Ok(INTERRUPTED);
        }
        let epochs = identity.settings.epochs;
        let mut observer = Companions {
            epochs,
            networks: 0,
            interrupt: &self.interrupt,
            reporter: Reporter::new(self.shown, epochs),
            score: A::Task::SCORE,
        };
        let committee = Committee::form(&run, &state, &mut observer);
        observer.reporter.finish();
        let Some(committee) = committee? else {
            self.explain_interrupt(state.history.len());
            return Ok(INTERRUPTED);
        };
        let timing = (
            started.elapsed().as_secs_f64(),
            state.history.len() - epochs_before + committee.epochs,
        );
        self.finish(&identity, &split, (&run, &state, &committee), timing)?;
        Ok(0)
    }

    /// What makes this run the run that it is: the checkpoint's word goes, if there is one.
    fn identity(
        &self,
        settings: Settings,
        checkpoint: Option<&Checkpoint>,
    ) -> Result<Identity, TrainingError> {
        let identity = Identity {
            algorithm: self.algorithm.name().into(),
            backend: self.backend.name().into(),
            target: target(),
            version: VERSION.into(),
            data_sha256: self.algorithm.data_sha256().into(),
            settings: checkpoint.map_or(settings, |c| c.identity.settings.clone()),
        };
        match checkpoint {
            Some(checkpoint) if checkpoint.identity != identity => {
                let Identity {
                    algorithm,
                    backend,
                    target,
                    version,
                    data_sha256,
                    ..
                } = &checkpoint.identity;
                Err(self.bad_checkpoint(format!(
                    "it is of {algorithm}-{backend} {version} for {target} on data with SHA-256 {data_sha256}"
                )))
            }
            _ => Ok(identity),
        }
    }

    fn bad_checkpoint(&self, problem: String) -> TrainingError {
        TrainingError::BadCheckpoint {
            path: self.place.artifacts.path(checkpoint::NAME),
            problem,
        }
    }

    fn explain_interrupt(&self, epochs: usize) {
        if let Artifacts::Archive = self.place.artifacts {
            note("interrupted; with --stdout there is no checkpoint");
        } else if epochs == 0 {
            note("interrupted in the first epoch, before there was anything to save");
        } else {
            note(format_args!(
                "interrupted; the checkpoint is of epoch {epochs}. To continue:"
            ));
            note(format_args!("  {}", self.resume_command));
        }
    }

    /// Measures the model on the test rows, once, and writes all artifacts.
    fn finish(
        &self,
        identity: &Identity,
        split: &Split,
        (run, state, committee): (&Run<'_, A>, &State, &Committee),
        (seconds, epochs_here): (f64, usize),
    ) -> Result<(), TrainingError> {
        let evaluated = evaluate(run, committee, split)?;
        let best = state.best()?;
        let evaluation = &evaluated.evaluation;
        let measured = |(name, value): (&String, &f64)| (format!("test_{name}"), *value);
        let file = ModelFile {
            name: self.algorithm.name().into(),
            about: self.algorithm.module_about(),
            example: self.algorithm.example().into(),
            input: with_training_ranges(self.algorithm.input(), &split.train, |row| {
                self.algorithm.json(row)
            }),
            output: evaluation.output.clone(),
            layers: committee.freeze(&evaluation.output),
            metrics: evaluation.metrics.iter().map(measured).collect(),
            training: identity.training(best.epoch, split.test.len()),
        };
        let bytes = file.to_bytes()?;
        let frozen_difference = match self.check(&bytes, run, committee, split) {
            Ok(largest) => largest,
            Err(error) => {
                // A run does not end without its model.
                self.place.artifacts.publish(&[(UNCHECKED, bytes)])?;
                return Err(TrainingError::KeptUnchecked {
                    error: error.into(),
                    path: self.place.artifacts.path(UNCHECKED),
                });
            }
        };
        let score = A::Task::SCORE;
        let shares = committee.shares(A::KINDS);
        let packed = A::RUNNERS.command.pack(&bytes)?;
        let names: Vec<String> = self.data.iter().map(|path| file_name(path)).collect();
        let outcome = Outcome {
            identity,
            outputs: &evaluated.test,
            model: &bytes,
            module: &packed,
            data: &names,
            split,
            history: &state.history,
            best,
            evaluation,
            shares: &shares,
            parameters: committee.parameters(),
            frozen_difference,
            seconds,
            epochs_here,
            score,
        };
        let module = [self.algorithm.name(), Form::Command.suffix()].concat();
        let more = self.algorithm.files(&outcome)?;
        let mut files = vec![
            ("config.json", report::pretty(identity)?),
            ("metrics.jsonl", report::metrics(&state.history, score)?),
            ("report.json", outcome.to_json()?),
            (
                "curves.svg",
                plots::curves(&state.history, best.epoch, score)?,
            ),
        ];
        let inputs = |rows: &[usize]| self.algorithm.inputs(rows);
        let predictions = evaluated.predictions(split, &inputs);
        files.extend(self.algorithm.task().pictures(&predictions)?);
        files.extend(more);
        let release = Release {
            program: format!("{}-{}", A::NAME, self.backend.name()),
            name: self.algorithm.name(),
            model: (MODEL, bytes),
            module: (module.as_str(), packed),
            runners: A::RUNNERS,
            arguments: [&self.arguments[..], &identity.settings.arguments()].concat(),
            training: &file.training,
            metrics: &file.metrics,
            data: self.data,
            files,
        };
        release.publish(self.place)?;
        self.place.artifacts.remove(checkpoint::NAME);

        print(&format!(
            "Total Epochs: {}\n\n{}\nBest epoch: {} (lowest objective on the validation rows, {:.4})\n\
             Training time: {:.3} s, {:.4} s an epoch\n\
             {}{}\nArtifacts: {}\n\nThe module is ready:\n  wasmtime {} {}\n",
            state.history.len(),
            summary::table(&state.history, score),
            best.epoch,
            best.objective,
            seconds,
            seconds / epochs_here.max(1) as f64,
            shares_in_words(&shares),
            evaluation.summary,
            self.place.artifacts,
            quoted(&self.place.artifacts.path(&module)),
            match self.algorithm.example() {
                "" => "--help".to_owned(),
                example => format!("'{example}'"),
            },
        ))
    }

    /// Sends rows to the model file as a module's users do, in JSON: the test rows and then others.
    /// Holds the answers against the network, and returns the largest difference.
    fn check(
        &self,
        bytes: &[u8],
        run: &Run<'_, A>,
        committee: &Committee,
        split: &Split,
    ) -> Result<f32, TrainingError> {
        let bytes = AlignedBytes::new(bytes);
        let mut check = Check::new(&bytes)?;
        let width = self.algorithm.task().width();
        let rows = [&split.test[..], &split.validation, &split.train].concat();
        for rows in rows[..CHECKED_ROWS.min(rows.len())].chunks(A::PREDICTED_AT_ONCE) {
            let scores = committee.scores(run, rows);
            for (row, scores) in rows.iter().zip(scores.chunks_exact(width)) {
                check.row(*row, &self.algorithm.json(*row), scores)?;
            }
        }
        Ok(check.largest)
    }

    /// Estimates by cross-validation how good a model is; returns the exit code.
    ///
    /// # Errors
    ///
    /// Whatever stops it.
    pub fn cross_validate(
        &self,
        settings: &Settings,
        folds: usize,
        repeats: usize,
    ) -> Result<u8, TrainingError> {
        let device = self.backend.device();
        let score = A::Task::SCORE;
        let result = cross_validation::run(
            self.algorithm,
            (settings, &rows(self.algorithm, settings)),
            &device,
            (folds, repeats),
            &mut Poll(&self.interrupt),
            &mut |repeat| {
                let figure = repeat.metrics.get(score.name);
                if let (false, Some(figure)) = (self.shown.quiet, figure) {
                    let figure = score.factor * figure;
                    note(format_args!(
                        "repeat {}: {} {figure:.4}{}",
                        repeat.repeat, score.label, score.unit
                    ));
                }
            },
        )?;
        let Some(result) = result else {
            note("interrupted");
            return Ok(INTERRUPTED);
        };
        self.place
            .artifacts
            .publish(&[("cross-validation.json", report::pretty(&result)?)])?;
        print(&result.to_string())?;
        Ok(0)
    }
}

/// What to say of the `shares` of several networks: a line, or nothing for one.
fn shares_in_words(shares: &[f64]) -> String {
    let shares: Vec<_> = shares.iter().map(|share| format!("{share:.2}")).collect();
    match &shares[..] {
        [_] => String::new(),
        _ => format!(
            "Shares of the networks in the answer: {}\n",
            shares.join(", ")
        ),
    }
}

/// The rows of `algorithm`, as the settings want them to be set apart.
fn rows<'a, A: Algorithm>(algorithm: &'a A, settings: &Settings) -> Rows<'a> {
    let strata = algorithm.task().strata();
    if let Some(groups) = algorithm.groups() {
        return Rows::together(strata, groups);
    }
    match settings.group_duplicates {
        true => Rows::grouped(strata, |row| algorithm.inputs(&[row])),
        false => Rows::new(strata),
    }
}

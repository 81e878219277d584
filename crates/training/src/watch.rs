//! What follows a run of training.

use crate::artifacts::Artifacts;
use crate::checkpoint;
use crate::error::TrainingError;
use crate::fit::{Observer, Progress, State};
use crate::interrupt::Interrupt;
use crate::metrics::Score;
use crate::progress::Reporter;
use crate::report::Identity;

/// Lets a run be interrupted, and no more.
pub struct Poll<'a>(pub &'a Interrupt);

impl Observer for Poll<'_> {
    fn step(&mut self, _: usize, _: usize, _: usize) -> Progress {
        self.0.progress()
    }
}

/// Follows networks that learn after the first, `networks` so far: shows how they get on, and lets them be interrupted. A run
/// that goes on from its checkpoint begins them again.
pub struct Companions<'a> {
    pub epochs: usize,
    pub networks: usize,
    pub interrupt: &'a Interrupt,
    pub reporter: Reporter,
    pub score: Score,
}

impl Observer for Companions<'_> {
    fn network(&mut self) {
        self.networks += 1;
        self.reporter.network(self.networks);
    }

    fn step(&mut self, epoch: usize, step: usize, steps: usize) -> Progress {
        self.reporter.step((epoch, self.epochs), (step, steps));
        self.interrupt.progress()
    }

    fn epoch(&mut self, state: &State) -> Result<(), TrainingError> {
        if let Some(epoch) = state.history.last() {
            self.reporter.loss(epoch, self.score);
        }
        Ok(())
    }
}

/// Follows a run that is to be kept: shows it, saves it, and lets it be interrupted.
pub struct Watch<'a> {
    pub identity: &'a Identity,
    pub artifacts: &'a Artifacts,
    pub interrupt: &'a Interrupt,
    pub reporter: Reporter,
    pub score: Score,
}

impl Observer for Watch<'_> {
    fn step(&mut self, epoch: usize, step: usize, steps: usize) -> Progress {
        let epochs = self.identity.settings.epochs;
        self.reporter.step((epoch, epochs), (step, steps));
        self.interrupt.progress()
    }

    fn epoch(&mut self, state: &State) -> Result<(), TrainingError> {
        let bytes = checkpoint::to_bytes(self.identity, state)?;
        self.artifacts.save(checkpoint::NAME, bytes)?;
        if let Some(epoch) = state.history.last() {
            self.reporter.epoch(epoch, self.score);
        }
        Ok(())
    }
}

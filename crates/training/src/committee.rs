//! Networks that answer together: the mean of several errs less than most of them, the more the less they are alike
//! (Lakshminarayanan et al., <https://arxiv.org/abs/1612.01474>).
//!
//! A network of each kind learns from the training rows. The validation rows say which epoch is kept, and the temperature and
//! the share in the answer of each network. Where there are few rows, each then learns once more, for as many epochs, from the
//! training and validation rows together.

use model::{FrozenLayer, Output};

use crate::algorithm::Learner;
use crate::error::TrainingError;
use crate::fit::{Observer, Progress, Run, State};
use crate::freeze::freeze;
use crate::layers::Network;
use crate::metrics::tempered;
use crate::summary;
use crate::task::Task;

/// Networks with a smaller share are left out.
const LEAST_SHARE: f64 = 0.05;

/// One network or several, without autodiff.
#[derive(Debug, Clone)]
pub struct Committee {
    members: Vec<Member>,
    /// The answers to the validation rows, by networks that have not learnt from them.
    pub validation: Vec<f32>,
    /// Epochs in which networks learnt beside those of the first one.
    pub epochs: usize,
}

/// A network of a committee.
#[derive(Debug, Clone)]
struct Member {
    kind: usize,
    model: Network,
    /// What its outputs are divided by.
    temperature: f32,
    /// Its share in the answer.
    share: f64,
}

impl Committee {
    /// The best epoch's network of `state`, the finished `run`, and all that are to answer with it. These learn here. `None` if
    /// `observer` interrupts: they would then begin again.
    ///
    /// # Errors
    ///
    /// If no epoch gave a finite loss, or the training of another network fails.
    pub fn form<A: Learner>(
        run: &Run<'_, A>,
        state: &State,
        observer: &mut dyn Observer,
    ) -> Result<Option<Self>, TrainingError> {
        let mut epochs = 0;
        let mut models = vec![state.best()?.model.clone()];
        for kind in 1..A::KINDS {
            let Some(state) = learn(run, kind, observer)? else {
                return Ok(None);
            };
            epochs += state.history.len();
            models.push(state.best()?.model.clone());
        }
        let mut committee = Self::of(run, models);
        let rows = [run.train, run.validation].concat();
        if run.algorithm.learns_again(rows.len()) {
            let run = Run {
                train: &rows,
                validation: &[],
                ..*run
            };
            for member in &mut committee.members {
                let Some(state) = learn(&run, member.kind, observer)? else {
                    return Ok(None);
                };
                epochs += state.history.len();
                member.model = state.best()?.model.clone();
            }
        }
        Ok(Some(Self {
            epochs,
            ..committee
        }))
    }

    /// The committee of `models`, one of each kind, that have learnt in `run`.
    fn of<A: Learner>(run: &Run<'_, A>, models: Vec<Network>) -> Self {
        let (task, rows) = (run.algorithm.task(), run.validation);
        let (mut outputs, mut members) = (Vec::new(), Vec::new());
        for (kind, model) in models.into_iter().enumerate() {
            let scores = run.scores(&model, rows);
            let temperature = task.temperature(&scores, rows, run.settings);
            outputs.push(tempered(&scores, temperature));
            members.push(Member {
                kind,
                model,
                temperature,
                share: 1.0,
            });
        }
        if members.len() > 1 {
            let shares = task.shares(&outputs, rows);
            for (member, share) in members.iter_mut().zip(shares) {
                member.share = share;
            }
            let mut kept = members.iter().map(|member| member.share >= LEAST_SHARE);
            outputs.retain(|_| kept.next().unwrap_or(true));
            members.retain(|member| member.share >= LEAST_SHARE);
            let sum: f64 = members.iter().map(|member| member.share).sum();
            for member in &mut members {
                member.share /= sum;
            }
        }
        let mut committee = Self {
            members,
            validation: Vec::new(),
            epochs: 0,
        };
        committee.validation = committee.pooled(task, outputs);
        committee
    }

    /// The answers to `rows`, row-major.
    #[must_use]
    pub fn scores<A: Learner>(&self, run: &Run<'_, A>, rows: &[usize]) -> Vec<f32> {
        let of_member =
            |member: &Member| tempered(&run.scores(&member.model, rows), member.temperature);
        let outputs = self.members.iter().map(of_member).collect();
        self.pooled(run.algorithm.task(), outputs)
    }

    fn pooled(&self, task: &impl Task, mut outputs: Vec<Vec<f32>>) -> Vec<f32> {
        if outputs.len() == 1 {
            return outputs.pop().unwrap_or_default();
        }
        let shares: Vec<f64> = self.members.iter().map(|member| member.share).collect();
        task.pooled(&outputs, &shares)
    }

    /// The frozen layers: those of the network, as [`freeze`] makes them, or of each, with a last layer that blends them.
    #[must_use]
    pub fn freeze(&self, output: &Output) -> Vec<FrozenLayer> {
        let (mut layers, mut lengths) = (Vec::new(), Vec::new());
        for member in &self.members {
            let frozen = freeze(&member.model, member.temperature, output);
            lengths.push(frozen.len() as u32);
            layers.extend(frozen);
        }
        let count = lengths.len();
        if count > 1 {
            let shares = self.members.iter().map(|member| member.share as f32);
            let shares: Vec<f32> = shares.collect();
            let blend = FrozenLayer::new("blend")
                .weight("weight", &[count], shares)
                .weight("layers", &[count], lengths);
            layers.push(blend);
        }
        layers
    }

    /// The share in the answer of the network of each of `kinds` kinds: 0 if it is left out.
    #[must_use]
    pub fn shares(&self, kinds: usize) -> Vec<f64> {
        let mut shares = vec![0.0; kinds];
        for member in &self.members {
            if let Some(share) = shares.get_mut(member.kind) {
                *share = member.share;
            }
        }
        shares
    }

    /// How many weights all networks train.
    #[must_use]
    pub fn parameters(&self) -> usize {
        let models = self.members.iter().map(|member| &member.model);
        models.map(summary::parameters).sum()
    }
}

/// Trains a network of the kind `kind` as `run` says; `None` if `observer` interrupts.
fn learn<A: Learner>(
    run: &Run<'_, A>,
    kind: usize,
    observer: &mut dyn Observer,
) -> Result<Option<State>, TrainingError> {
    let mut state = run.start_kind(kind);
    observer.network();
    match run.train(&mut state, observer)? {
        Progress::Interrupt => Ok(None),
        Progress::Continue => Ok(Some(state)),
    }
}

#[cfg(test)]
#[cfg(feature = "flex")]
mod tests;

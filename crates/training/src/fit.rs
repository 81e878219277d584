//! The training loop.
//!
//! No clock, no files: what it computes depends on its arguments alone. Whatever else
//! happens in the course of training is the [`Observer`]'s business.

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use rand::seq::SliceRandom;

use crate::adam::Adam;
use crate::algorithm::Learner;
use crate::averaging::Average;
use crate::epoch::Epoch;
use crate::error::TrainingError;
use crate::layers::{Network, Pass};
use crate::parameters::host;
use crate::prefetch::prefetch;
use crate::random::{Purpose, Random, random};
use crate::settings::Settings;
use crate::task::{Measured, Task};

/// Training rows, at most, on which layers measure what they need to know in order to predict.
const STATISTICS_ROWS: usize = 2048;

/// The epoch to keep so far.
#[derive(Debug, Clone)]
pub struct Best {
    /// Number of the epoch, from 1.
    pub epoch: usize,
    /// Its objective on the validation rows.
    pub objective: f64,
    /// Its model, without autodiff.
    pub model: Network,
}

/// Where a training run stands between two epochs: all that the rest of it depends on.
#[derive(Debug, Clone)]
pub struct State {
    /// The model being trained, with autodiff.
    pub model: Network,
    /// The optimiser.
    pub adam: Adam,
    /// The moving average of the weights.
    pub average: Average,
    /// The epoch to keep, once there is one.
    pub best: Option<Best>,
    /// The epochs so far.
    pub history: Vec<Epoch>,
}

impl State {
    /// The state before the first epoch.
    #[must_use]
    pub fn new(model: Network, settings: &Settings) -> Self {
        Self {
            model,
            adam: Adam::default(),
            average: Average::new(settings.averaging),
            best: None,
            history: Vec::new(),
        }
    }

    /// The epoch to keep.
    ///
    /// # Errors
    ///
    /// If no epoch gave a finite loss.
    pub fn best(&self) -> Result<&Best, TrainingError> {
        self.best.as_ref().ok_or(TrainingError::Diverged {
            epoch: self.history.len(),
        })
    }
}

/// Whether training goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// It does.
    Continue,
    /// It ends here, to be resumed later.
    Interrupt,
}

/// Follows a training run.
pub trait Observer {
    /// Called before each step of an epoch; both count from 0.
    fn step(&mut self, epoch: usize, step: usize, steps: usize) -> Progress {
        let _ = (epoch, step, steps);
        Progress::Continue
    }

    /// Called when another network begins to learn.
    fn network(&mut self) {}

    /// Called after each epoch.
    ///
    /// # Errors
    ///
    /// Ends the run.
    fn epoch(&mut self, state: &State) -> Result<(), TrainingError> {
        let _ = state;
        Ok(())
    }
}

/// A training run: who learns what from which rows.
#[derive(Debug)]
pub struct Run<'a, A> {
    /// The algorithm and its data.
    pub algorithm: &'a A,
    /// The settings.
    pub settings: &'a Settings,
    /// Where to compute; without autodiff.
    pub device: &'a Device,
    /// The training rows.
    pub train: &'a [usize],
    /// The validation rows. Without any, the last epoch is kept.
    pub validation: &'a [usize],
}

impl<A: Learner> Run<'_, A> {
    /// A fresh start of the first network.
    #[must_use]
    pub fn start(&self) -> State {
        self.start_kind(0)
    }

    /// A fresh start of the network of the kind `kind`.
    #[must_use]
    pub fn start_kind(&self, kind: usize) -> State {
        let mut weights = random(self.settings.seed, Purpose::Weights);
        let device = self.device.clone().autodiff();
        let model = self
            .algorithm
            .model(kind, self.train, &mut weights, &device);
        State::new(model, self.settings)
    }

    /// Trains on from `state` until the last epoch, or until the objective on the validation rows has
    /// not improved for `patience` epochs.
    ///
    /// Returns [`Progress::Interrupt`] if the observer wanted so. The epoch in progress is lost
    /// then; all of `state` is as it was after the last whole one.
    ///
    /// # Errors
    ///
    /// If the loss is no longer finite, and whatever the observer fails with.
    pub fn train(
        &self,
        state: &mut State,
        observer: &mut dyn Observer,
    ) -> Result<Progress, TrainingError> {
        while !self.finished(state) {
            let Some(next) = self.epoch(state, observer)? else {
                return Ok(Progress::Interrupt);
            };
            *state = next;
            observer.epoch(state)?;
        }
        Ok(Progress::Continue)
    }

    fn finished(&self, state: &State) -> bool {
        let best = state.best.as_ref().map_or(0, |best| best.epoch);
        let done = state.history.len();
        done >= self.settings.epochs || (done - best) >= self.settings.patience
    }

    /// Trains for one epoch; `None` if the observer interrupts.
    fn epoch(
        &self,
        state: &State,
        observer: &mut dyn Observer,
    ) -> Result<Option<State>, TrainingError> {
        let Settings {
            epochs,
            batch_size,
            learning_rate,
            schedule,
            weight_decay,
            averaging,
            seed,
            ..
        } = *self.settings;
        let mut state = state.clone();
        let epoch = state.history.len();
        let order = self.order(epoch);
        let mut augmentation = random(seed, Purpose::Augmentation(epoch));
        let mut noise = random(seed, Purpose::Noise(epoch));
        let steps = order.len().div_ceil(batch_size);
        let mut rate = 0.0;
        let mut scores = Vec::new();
        let mut unlike = random(seed, Purpose::Outliers(epoch));
        let batches = order.chunks(batch_size).map(|rows| {
            let mut values = self.algorithm.augmented(rows, &mut augmentation);
            values.extend(self.outliers(rows, &mut unlike));
            (rows, values)
        });
        let on_a_thread = A::PREFETCHED && burn_cpu_ops::parallel::threads() > 1;
        let learnt = prefetch(on_a_thread, batches, |batches| {
            for (step, (rows, values)) in batches.enumerate() {
                if observer.step(epoch, step, steps) == Progress::Interrupt {
                    return None;
                }
                rate = learning_rate * schedule.factor(epoch * steps + step, epochs * steps);
                let input =
                    Tensor::from_inner(self.tensor(values, rows.len() + outliers::<A>(rows)));
                let output = state.model.forward(input, &mut Pass::Train(&mut noise));
                // Kept on the device: reading each step's scores would make a GPU wait.
                let answers = output.clone().inner();
                scores.push(match outliers::<A>(rows) {
                    0 => answers,
                    _ => answers.slice(0..rows.len()),
                });
                let loss = self.task().loss(output, rows, self.settings);
                let gradients = loss.backward();
                state.model = state.adam.step(state.model, &gradients, rate, weight_decay);
                if averaging > 0.0 {
                    state.average.update(&state.model);
                }
            }
            Some(state)
        });
        let Some(mut state) = learnt else {
            return Ok(None);
        };
        let scores = Tensor::cat(scores, 0);
        let train = self.measure(&self.mean_of_members(scores), &order);

        let model = match averaging > 0.0 {
            true => state.average.apply(state.model.clone()).valid(),
            false => state.model.valid(),
        };
        if model.has_statistics() {
            let rows = order.get(..STATISTICS_ROWS).unwrap_or(&order);
            let mut values = self.algorithm.inputs(rows);
            values.extend(self.outliers(rows, &mut unlike));
            model.measure_statistics(self.tensor(values, rows.len() + outliers::<A>(rows)));
        }
        // Without validation rows nothing is chosen, and the figures of the training rows stand in.
        let (validation, objective) = match self.validation {
            [] => (train, 0.0),
            rows => {
                let scores = self.scores(&model, rows);
                (self.measure(&scores, rows), self.objective(&model, scores))
            }
        };
        if !(train.loss.is_finite() && validation.loss.is_finite()) {
            return Err(TrainingError::Diverged { epoch: epoch + 1 });
        }
        state.history.push(Epoch {
            epoch: epoch + 1,
            train_loss: train.loss,
            train_score: train.score,
            validation_loss: validation.loss,
            validation_score: validation.score,
            validation_objective: objective,
            learning_rate: rate,
        });
        if state
            .best
            .as_ref()
            .is_none_or(|best| self.validation.is_empty() || objective < best.objective)
        {
            state.best = Some(Best {
                epoch: epoch + 1,
                objective,
                model,
            });
        }
        Ok(Some(state))
    }

    /// The training rows in the order in which the epoch learns from them.
    fn order(&self, epoch: usize) -> Vec<usize> {
        let mut draws = random(self.settings.seed, Purpose::Epoch(epoch));
        let wanted = self.algorithm.rows_of_epoch(self.train.len());
        let mut order = Vec::new();
        while order.len() < wanted && !self.train.is_empty() {
            let start = order.len();
            order.extend_from_slice(self.train);
            order[start..].shuffle(&mut draws);
        }
        order.truncate(wanted);
        order
    }

    /// The objective on the validation rows, whose outputs are `scores`, and on the same rows
    /// disturbed as in training.
    fn objective(&self, model: &Network, mut scores: Vec<f32>) -> f64 {
        let mut rows = self.validation.to_vec();
        if A::AUGMENTED {
            let mut draws = random(self.settings.seed, Purpose::AugmentedValidation);
            let inputs = |rows: &[usize]| self.algorithm.augmented(rows, &mut draws);
            scores.extend(self.scores_of(model, self.validation, inputs));
            rows.extend(self.validation);
        }
        self.task().objective(&scores, &rows, self.settings)
    }

    /// Measures the `outputs` that a model gives `rows`.
    pub fn measure(&self, outputs: &[f32], rows: &[usize]) -> Measured {
        self.task().measure(outputs, rows)
    }

    fn task(&self) -> &A::Task {
        self.algorithm.task()
    }

    /// One answer a row from those of all networks that learn as one.
    fn mean_of_members(&self, outputs: Tensor<2>) -> Vec<f32> {
        let ([rows, numbers], width) = (outputs.dims(), self.task().width());
        if numbers == width {
            return host(outputs);
        }
        host(outputs.reshape([rows, numbers / width, width]).mean_dim(1))
    }

    /// The outputs, such as logits, that `model`, which has no autodiff, gives `rows`, row-major.
    pub fn scores(&self, model: &Network, rows: &[usize]) -> Vec<f32> {
        self.scores_of(model, rows, |rows| self.algorithm.inputs(rows))
    }

    fn scores_of(
        &self,
        model: &Network,
        rows: &[usize],
        mut inputs: impl FnMut(&[usize]) -> Vec<f32>,
    ) -> Vec<f32> {
        rows.chunks(A::PREDICTED_AT_ONCE)
            .flat_map(|rows| {
                let input = self.tensor(inputs(rows), rows.len());
                host(model.forward(input, &mut Pass::Predict))
            })
            .collect()
    }

    /// The inputs of no class that go with `rows`, row-major.
    fn outliers(&self, rows: &[usize], random: &mut Random) -> Vec<f32> {
        match outliers::<A>(rows) {
            0 => Vec::new(),
            count => self.algorithm.outliers(rows, count, random),
        }
    }

    /// `values` as a tensor of shape `[rows, inputs]`.
    fn tensor(&self, values: Vec<f32>, rows: usize) -> Tensor<2> {
        let width = values.len() / rows.max(1);
        Tensor::from_data(TensorData::new(values, [rows, width]), self.device)
    }
}

/// How many inputs of no class go with `rows`.
fn outliers<A: Learner>(rows: &[usize]) -> usize {
    (A::OUTLIERS * rows.len() as f64).round() as usize
}

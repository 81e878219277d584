//! A network with two hidden layers, on the features of the piecewise linear model.

use burn::module::Module;
use burn::nn::Relu;
use burn::tensor::Device;
use model::{FrozenLayer, NumberOutput, Output};
use rayon::prelude::*;
use training::Learner;
use training::error::TrainingError;
use training::fit::{Observer, Progress, Run, State};
use training::freeze::freeze;
use training::init::linear;
use training::layers::{Dropout, Network, QuantizedLinear};
use training::parameters;
use training::random::Random;
use training::schedule::Schedule;
use training::settings::Settings;
use training::task::{Classes, Quantity, Task};

use super::{
    CHECKED_ROWS, Candidate, Family, Member, clip_layer, loss, of_all_rows, range, softmax,
};
use crate::encoding::Encoding;
use crate::error::TabularError;
use crate::fit::{Job, SMALL, shown_loss};
use crate::folds::rows_of;
use crate::target::Kind;

/// What it is called.
const NAME: &str = "network";
/// Pieces of the piecewise-linear function of a number.
const KNOTS: usize = 8;
/// Neurons of a hidden layer, of small and of other tables, if there is room for so many.
const WIDTHS: [usize; 2] = [64, 128];
/// Fewest neurons of a hidden layer: fewer learn less than a linear model.
const LEAST_WIDTH: usize = 16;
/// Passes over the rows of tables, and from how many rows on there are so many. Of the most rows, more passes take minutes and
/// gain little.
const EPOCHS: [(usize, usize); 3] = [(0, 50), (5000, 40), (25_000, 11)];
/// Probability that dropout sets a number to zero.
const DROPOUT: f64 = 0.1;
/// Errors of a standardised number up to this size, which all are, count squared.
const SQUARED: f64 = 1e6;
/// How much larger the loss of the first fold may be than that of the best other member for the rest to be worth the time, of
/// small and of other tables.
const WORTH_IT: [f64; 2] = [1.3, 1.05];

/// Passes over so many rows.
fn epochs(rows: usize) -> usize {
    let reached = EPOCHS.iter().rev().find(|(from, _)| rows >= *from);
    reached.map_or(0, |(_, epochs)| *epochs)
}

/// A network with fresh weights.
fn network([inputs, width, outputs]: [usize; 3], random: &mut Random, device: &Device) -> Network {
    Network::new("TableNetwork")
        .then("input_layer", quantized(inputs, width, random, device))
        .then("activation", Relu::new())
        .then("dropout", Dropout::new(DROPOUT))
        .then("hidden_layer", quantized(width, width, random, device))
        .then("activation", Relu::new())
        .then("dropout", Dropout::new(DROPOUT))
        .then("output_layer", linear(width, outputs, random, device))
}

/// A layer whose weights a module stores with 8 bits.
fn quantized(
    inputs: usize,
    outputs: usize,
    random: &mut Random,
    device: &Device,
) -> QuantizedLinear {
    linear(inputs, outputs, random, device).into()
}

/// The features of all rows, and what is learnt of them.
struct Rows<T> {
    features: Vec<f32>,
    columns: usize,
    width: usize,
    task: T,
}

impl<T: Task + Sync> Learner for Rows<T> {
    type Task = T;

    fn task(&self) -> &T {
        &self.task
    }

    fn inputs(&self, rows: &[usize]) -> Vec<f32> {
        let mut inputs = Vec::with_capacity(rows.len() * self.columns);
        for row in rows {
            inputs.extend_from_slice(&self.features[row * self.columns..][..self.columns]);
        }
        inputs
    }

    fn model(&self, _: usize, _: &[usize], random: &mut Random, device: &Device) -> Network {
        let shape = [self.columns, self.width, self.task.width()];
        network(shape, random, device)
    }
}

/// Tries a network. Nothing comes of it if it is far worse than the best other member, whose answers are `best`, if there is
/// no room for one, or if rows have weights, which the training loop does not know.
///
/// # Errors
///
/// If it cannot be trained, or the user interrupts.
pub fn candidate(job: &Job<'_>, best: Option<&[f64]>) -> Result<Option<Candidate>, TabularError> {
    if job.weights().is_some() || width(job, Encoding::fit(job.table, KNOTS).outputs()).is_none() {
        return Ok(None);
    }
    match job.kind() {
        Kind::Classes(names) => Trial::new(job, classes(job, names)).candidate(best),
        Kind::Number => Trial::new(job, quantity(job)).candidate(best),
    }
}

/// The network of all rows after so many epochs.
fn finish(job: &Job<'_>, epochs: usize) -> Result<Member, TabularError> {
    match job.kind() {
        Kind::Classes(names) => Trial::new(job, classes(job, names)).finish(epochs),
        Kind::Number => Trial::new(job, quantity(job)).finish(epochs),
    }
}

fn classes(job: &Job<'_>, names: &[String]) -> Classes {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let labels = job.targets().iter().map(|class| *class as usize);
    Classes::new(&names, labels.collect())
}

/// The numbers with mean 0 and variance 1.
fn quantity(job: &Job<'_>) -> Quantity {
    let (mean, deviation) = scale(job.targets());
    let scaled = (job.targets().iter()).map(|y| ((f64::from(*y) - mean) / deviation) as f32);
    let mut quantity = Quantity::new("target", scaled.collect());
    quantity.delta = SQUARED;
    quantity
}

/// Neurons of a hidden layer behind so many features, if there is room for a network.
fn width(job: &Job<'_>, features: usize) -> Option<usize> {
    let outputs = job.table.target.width();
    let bytes = |width: usize| width * (features + width) + size_of::<f32>() * outputs * width;
    let first = WIDTHS[usize::from(job.table.rows() >= SMALL)];
    let widths = std::iter::successors(Some(first), |width| Some(width / 2));
    let mut enough = widths.take_while(|width| *width >= LEAST_WIDTH);
    enough.find(|width| bytes(*width) <= job.network_bytes)
}

/// Mean and standard deviation of numbers.
fn scale(numbers: &[f32]) -> (f64, f64) {
    let count = numbers.len().max(1) as f64;
    let mean = numbers.iter().copied().map(f64::from).sum::<f64>() / count;
    let variance = numbers
        .iter()
        .map(|y| (f64::from(*y) - mean).powi(2))
        .sum::<f64>()
        / count;
    (mean, variance.sqrt().max(f64::MIN_POSITIVE))
}

/// Networks of a job.
struct Trial<'a, T> {
    job: &'a Job<'a>,
    rows: Rows<T>,
    encoding: Encoding,
    settings: Settings,
    /// Mean and standard deviation of the targets.
    scale: (f64, f64),
    /// The least and the greatest target.
    range: (f32, f32),
}

impl<'a, T: Task + Sync> Trial<'a, T> {
    fn new(job: &'a Job<'a>, task: T) -> Self {
        let encoding = Encoding::fit(job.table, KNOTS);
        let count = job.table.rows();
        let settings = Settings {
            epochs: epochs(count),
            batch_size: (count / 100).clamp(32, 128),
            learning_rate: 2e-3,
            schedule: Schedule::Cosine,
            weight_decay: 0.02,
            averaging: 0.0,
            patience: usize::MAX,
            seed: job.seed,
            ..Settings::default()
        };
        Self {
            job,
            rows: Rows {
                features: encoding.features(job.table),
                columns: encoding.outputs(),
                width: width(job, encoding.outputs()).unwrap_or(LEAST_WIDTH),
                task,
            },
            encoding,
            settings,
            scale: scale(job.targets()),
            range: range(job.targets()),
        }
    }

    fn candidate(self, best: Option<&[f64]>) -> Result<Option<Candidate>, TabularError> {
        let job = self.job;
        let folds = usize::from(job.folds.iter().max().copied().unwrap_or(0)) + 1;
        let width = job.table.target.width();
        let epochs = self.settings.epochs;
        // Of each epoch the answers to all rows.
        let mut answers = vec![vec![0.0; job.table.rows() * width]; epochs];
        for fold in 0..folds {
            let [held_out, rest] = self.parts(fold as u8);
            let outputs = (job.journal).part(&format!("{NAME} without fold {fold}"), || {
                self.train(&rest, &held_out, (fold, folds))
            })?;
            for (answers, outputs) in answers.iter_mut().zip(&outputs) {
                for (row, output) in held_out.iter().zip(outputs.chunks_exact(width)) {
                    self.answer(output, &mut answers[row * width..][..width]);
                }
            }
            if let (0, Some(best)) = (fold, best)
                && !self.is_promising(&answers, best, &held_out)
            {
                return Ok(None);
            }
        }
        let (kind, targets) = (job.kind(), job.targets());
        let losses: Vec<f64> = (answers.par_iter())
            .map(|answers| loss(kind, answers, targets, None))
            .collect();
        let epoch = (0..epochs)
            .min_by(|a, b| losses[*a].total_cmp(&losses[*b]))
            .unwrap_or(0);
        Ok(Some(Candidate {
            name: NAME,
            family: Family::Network,
            answers: answers.swap_remove(epoch),
            loss: losses[epoch],
            choices: vec![
                ("epochs", (epoch + 1) as f64),
                ("width", self.rows.width as f64),
            ],
            finish: Box::new(move |job| finish(job, epoch + 1)),
        }))
    }

    /// The rows of a fold, and all others.
    fn parts(&self, fold: u8) -> [Vec<usize>; 2] {
        rows_of(self.job.folds, fold).map(|rows| rows.into_iter().map(|row| row as usize).collect())
    }

    /// Whether the loss on the rows of the first fold is near that of the best other member after some epoch.
    fn is_promising(&self, answers: &[Vec<f64>], best: &[f64], rows: &[usize]) -> bool {
        let width = self.job.table.target.width();
        let of = |answers: &[f64]| {
            let own = rows.iter().flat_map(|row| &answers[row * width..][..width]);
            self.shown_loss(rows, &own.copied().collect::<Vec<_>>())
        };
        let least = answers
            .iter()
            .map(|answers| of(answers))
            .fold(f64::INFINITY, f64::min);
        least < WORTH_IT[usize::from(self.job.table.rows() >= SMALL)] * of(best)
    }

    /// The loss of `rows` with these answers, as people read it.
    fn shown_loss(&self, rows: &[usize], answers: &[f64]) -> f64 {
        let kind = self.job.kind();
        let targets: Vec<f32> = rows.iter().map(|row| self.job.targets()[*row]).collect();
        shown_loss(kind, loss(kind, answers, &targets, None))
    }

    /// Trains a network on `rows`. Returns the outputs for the rows `asked` after each epoch.
    fn train(
        &self,
        rows: &[usize],
        asked: &[usize],
        (fold, folds): (usize, usize),
    ) -> Result<Vec<Vec<f32>>, TabularError> {
        let device = self.job.backend.device();
        let run = self.run(rows, &device);
        let mut follower = Follower {
            run: &run,
            asked,
            outputs: Vec::new(),
            epochs: self.settings.epochs,
            loss: Some(&|epoch, outputs| {
                let loss = || self.shown_loss(asked, &self.answers(outputs));
                (self.job.watch).loss(NAME, epoch, self.settings.epochs, &loss);
            }),
            watch: &|epoch| {
                let epochs = self.settings.epochs;
                self.job
                    .watch
                    .step(NAME, fold * epochs + epoch, folds * epochs)
            },
        };
        run.train(&mut run.start(), &mut follower)?;
        self.job.watch.check()?;
        Ok(follower.outputs)
    }

    /// The run on `train`. The training loop chooses nothing: the number of epochs comes from the answers on all folds.
    fn run<'b>(&'b self, train: &'b [usize], device: &'b Device) -> Run<'b, Rows<T>> {
        Run {
            algorithm: &self.rows,
            settings: &self.settings,
            device,
            train,
            validation: &[],
        }
    }

    /// What the network's `outputs` for some rows come to.
    fn answers(&self, outputs: &[f32]) -> Vec<f64> {
        let width = self.job.table.target.width();
        let mut answers = vec![0.0; outputs.len()];
        let rows = outputs.chunks_exact(width);
        for (output, answer) in rows.zip(answers.chunks_exact_mut(width)) {
            self.answer(output, answer);
        }
        answers
    }

    /// Writes what the network's `output` for a row comes to.
    fn answer(&self, output: &[f32], answer: &mut [f64]) {
        for (answer, output) in answer.iter_mut().zip(output) {
            *answer = f64::from(*output);
        }
        match (self.job.kind(), answer) {
            (Kind::Number, [answer]) => {
                let ((mean, deviation), (low, high)) = (self.scale, self.range);
                *answer = (mean + deviation * *answer).clamp(f64::from(low), f64::from(high));
            }
            (_, answer) => softmax(answer),
        }
    }

    fn finish(self, epochs: usize) -> Result<Member, TabularError> {
        let device = self.job.backend.device();
        let all: Vec<usize> = (0..self.job.table.rows()).collect();
        let asked = &all[..all.len().min(CHECKED_ROWS)];
        let run = self.run(&all, &device);
        let name = of_all_rows(NAME);
        let mut state = run.start();
        let fresh = state.model.valid();
        let (outputs, weights): (Vec<f32>, _) = self.job.journal.part(&name, || {
            let mut follower = Follower {
                run: &run,
                asked: &[],
                outputs: Vec::new(),
                epochs,
                loss: None,
                watch: &|epoch| self.job.watch.step(&name, epoch, epochs),
            };
            run.train(&mut state, &mut follower)?;
            self.job.watch.check()?;
            let model = state.model.valid();
            let outputs = run.scores(&model, asked);
            let weights = parameters::read(&model);
            Ok::<_, TabularError>((outputs, weights))
        })?;
        let model = parameters::write(fresh, &weights)
            .ok_or_else(|| self.job.journal.does_not_fit(&name))?;
        let answers = self.answers(&outputs);
        let mut layers = vec![self.encoding.freeze()];
        let output = match self.job.kind() {
            Kind::Classes(names) => Output::Classes(names.clone()),
            Kind::Number => Output::Number(NumberOutput {
                name: String::new(),
                coverage: 0.0,
                half_width: 0.0,
                decimals: 0,
            }),
        };
        layers.extend(freeze(&model, 1.0, &output));
        if let Kind::Number = self.job.kind() {
            let (mean, deviation) = self.scale;
            layers.push(
                FrozenLayer::new("linear")
                    .weight("weight", &[1, 1], vec![deviation as f32])
                    .weight("bias", &[1], vec![mean as f32]),
            );
            layers.push(clip_layer(self.range));
        }
        Ok(Member { layers, answers })
    }
}

/// Takes down what a network says of some rows after each epoch, and stops it after so many.
struct Follower<'a, T> {
    run: &'a Run<'a, Rows<T>>,
    asked: &'a [usize],
    outputs: Vec<Vec<f32>>,
    epochs: usize,
    watch: &'a dyn Fn(usize) -> bool,
    /// Tells the loss of these rows, if they are held out: takes the number of the epoch, from 1, and the outputs.
    loss: Option<Told<'a>>,
}

/// Takes the number of an epoch and outputs.
type Told<'a> = &'a dyn Fn(usize, &[f32]);

impl<T: Task + Sync> Observer for Follower<'_, T> {
    fn step(&mut self, epoch: usize, step: usize, _: usize) -> Progress {
        match epoch < self.epochs && (step > 0 || (self.watch)(epoch)) {
            true => Progress::Continue,
            false => Progress::Interrupt,
        }
    }

    fn epoch(&mut self, state: &State) -> Result<(), TrainingError> {
        let outputs = self.run.scores(&state.model.valid(), self.asked);
        if let Some(loss) = self.loss {
            loss(self.outputs.len() + 1, &outputs);
        }
        self.outputs.push(outputs);
        Ok(())
    }
}

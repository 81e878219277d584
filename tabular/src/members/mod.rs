//! The families of models, and what each has to say about rows that it has not learnt from.

pub mod boosted;
pub mod linear;
pub mod network;

use model::FrozenLayer;

use crate::error::TabularError;
use crate::fit::Job;
use crate::target::Kind;

/// A kind of model that was tried on folds.
pub struct Candidate {
    /// What it is called.
    pub name: &'static str,
    /// The family that it belongs to.
    pub family: Family,
    /// The answers to the rows of the job, each by a model that has not seen it: probabilities, or a number; row-major.
    pub answers: Vec<f64>,
    /// Their mean loss: log-loss, or squared error.
    pub loss: f64,
    /// What folds have chosen, for the report.
    pub choices: Vec<(&'static str, f64)>,
    /// Makes the model of all rows.
    pub finish: Finish,
}

/// Makes the model of all rows of a job.
pub type Finish = Box<dyn FnOnce(&Job<'_>) -> Result<Member, TabularError>>;

/// A family of models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Linear models.
    Linear,
    /// Boosted trees.
    Trees,
    /// Networks.
    Network,
}

impl Family {
    /// In words.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Linear => "linear model",
            Self::Trees => "boosted trees",
            Self::Network => "network",
        }
    }
}

/// A model that has learnt from all rows.
pub struct Member {
    /// Its layers, from the input to an answer.
    pub layers: Vec<FrozenLayer>,
    /// What it answers to the first rows of the job, to hold the layers against: row-major.
    pub answers: Vec<f64>,
}

/// How many rows the layers of a member are held against.
pub const CHECKED_ROWS: usize = 2000;

/// What the model of all rows is called whose member is called `name`.
#[must_use]
pub fn of_all_rows(name: &str) -> String {
    format!("{name} of all rows")
}

/// The mean loss of `answers` to rows with `targets`: log-loss in nats, or the squared error.
#[must_use]
pub fn loss(kind: &Kind, answers: &[f64], targets: &[f32], weights: Option<&[f32]>) -> f64 {
    let width = match kind {
        Kind::Classes(classes) => classes.len(),
        Kind::Number => 1,
    };
    let (mut sum, mut total) = (0.0, 0.0);
    for (row, (answer, target)) in answers.chunks_exact(width).zip(targets).enumerate() {
        let weight = weights
            .and_then(|weights| weights.get(row))
            .map_or(1.0, |w| f64::from(*w));
        total += weight;
        sum += weight * of_row(kind, answer, *target);
    }
    sum / total
}

/// The loss of one answer.
#[must_use]
pub fn of_row(kind: &Kind, answer: &[f64], target: f32) -> f64 {
    match kind {
        Kind::Number => answer
            .first()
            .map_or(f64::NAN, |y| (y - f64::from(target)).powi(2)),
        Kind::Classes(_) => {
            let p = answer.get(target as usize).copied().unwrap_or(0.0);
            // As scikit-learn cuts it: a probability is a 32-bit float in a module.
            -p.max(f64::from(f32::EPSILON)).ln()
        }
    }
}

/// Probabilities from scores: of two classes there is one score, the logarithm of the odds of the second.
#[must_use]
pub fn probabilities(scores: &[f64]) -> Vec<f64> {
    if let [score] = scores {
        let p = 1.0 / (1.0 + (-score).exp());
        return vec![1.0 / (1.0 + score.exp()), p];
    }
    let mut probabilities = scores.to_vec();
    softmax(&mut probabilities);
    probabilities
}

/// Puts probabilities in place of the scores of more than one class.
pub fn softmax(scores: &mut [f64]) {
    let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for score in &mut *scores {
        *score = (*score - most).exp();
    }
    let sum: f64 = scores.iter().sum();
    for score in scores {
        *score /= sum;
    }
}

/// The layer that makes probabilities of so many scores.
#[must_use]
pub fn probability_layer(scores: usize) -> FrozenLayer {
    FrozenLayer::new(if scores == 1 { "logistic" } else { "softmax" })
}

/// The layer that keeps numbers between the least and the greatest of `targets`.
#[must_use]
pub fn clip_layer((low, high): (f32, f32)) -> FrozenLayer {
    FrozenLayer::new("clip").weight("range", &[2], vec![low, high])
}

/// The least and the greatest of `targets`.
#[must_use]
pub fn range(targets: &[f32]) -> (f32, f32) {
    let start = (f32::INFINITY, f32::NEG_INFINITY);
    targets
        .iter()
        .fold(start, |(low, high), y| (low.min(*y), high.max(*y)))
}

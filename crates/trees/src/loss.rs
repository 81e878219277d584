//! Losses that boosting makes small, and their derivatives.

/// Added to the log rate in the second derivative of the Poisson loss. It keeps steps small where
/// the rate is far too low (`poisson_max_delta_step` of `LightGBM`).
const POISSON_CAUTION: f64 = 0.7;
/// Smallest second derivative of a loss of classes.
const LEAST_HESSIAN: f64 = 1e-16;
/// Shares of classes and means of counts are kept above this in the first scores.
const LEAST_SHARE: f64 = 1e-6;

/// A loss. Logarithms are natural.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Loss {
    /// Of numbers: grows by half the squared error; the score is the number.
    Squared,
    /// Of counts and amounts from 0: grows by the Poisson deviance; the score is the logarithm of the
    /// number.
    Poisson,
    /// Of two classes, the targets 0 and 1: log-loss. The score is the logarithm of the odds of
    /// class 1.
    Logistic,
    /// Of this many classes, at least 2, the targets from 0: log-loss. There is a score for each class; the
    /// probabilities are their softmax.
    Softmax(usize),
}

impl Loss {
    /// Number of scores of a row.
    #[must_use]
    pub fn width(self) -> usize {
        match self {
            Self::Softmax(classes) => classes.max(1),
            _ => 1,
        }
    }

    /// The best scores that are the same for all rows, given pairs of a target and its weight.
    pub(crate) fn start(self, targets: impl Iterator<Item = (f32, f32)>) -> Vec<f64> {
        let mut count = 0.0;
        let mut sum = 0.0;
        let mut classes = vec![0.0; self.width()];
        for (target, weight) in targets {
            let weight = f64::from(weight);
            count += weight;
            sum += weight * f64::from(target);
            if let Some(class) = classes.get_mut(target as usize) {
                *class += weight;
            }
        }
        let count = if count > 0.0 { count } else { 1.0 };
        let mean = sum / count;
        match self {
            Self::Squared => vec![mean],
            Self::Poisson => vec![libm::log(mean.max(LEAST_SHARE))],
            Self::Logistic => {
                let share = mean.clamp(LEAST_SHARE, 1.0 - LEAST_SHARE);
                vec![libm::log(share / (1.0 - share))]
            }
            Self::Softmax(_) => {
                let score = |rows: f64| libm::log((rows / count).max(LEAST_SHARE));
                classes.into_iter().map(score).collect()
            }
        }
    }

    /// Writes the first and second derivative by each score of a row to `output`. The second
    /// derivatives are the bounds that `LightGBM` takes: of Poisson that of a rate e^0.7 as large, of
    /// `k` classes k / (k − 1) times the true one. `scores` are overwritten.
    pub(crate) fn derivatives(self, scores: &mut [f64], target: f32, output: &mut [[f64; 2]]) {
        let y = f64::from(target);
        match self {
            Self::Softmax(classes) => {
                let factor = classes as f64 / (classes as f64 - 1.0).max(1.0);
                softmax(scores);
                for (class, (p, output)) in scores.iter().zip(output).enumerate() {
                    let right = f64::from(u8::from(target as usize == class));
                    *output = [p - right, (factor * p * (1.0 - p)).max(LEAST_HESSIAN)];
                }
            }
            _ => {
                for (score, output) in scores.iter().zip(output) {
                    *output = match self {
                        Self::Poisson => {
                            [libm::exp(*score) - y, libm::exp(score + POISSON_CAUTION)]
                        }
                        Self::Logistic => {
                            let p = logistic(*score);
                            [p - y, (p * (1.0 - p)).max(LEAST_HESSIAN)]
                        }
                        _ => [score - y, 1.0],
                    };
                }
            }
        }
    }

    /// The loss by which rounds are chosen, of the `scores` of one row: the log-loss of classes, and
    /// the squared error of numbers, also for [`Loss::Poisson`], whose answers are judged by it.
    /// Infinite for a class that has no score.
    #[must_use]
    pub fn of(self, scores: &[f64], target: f32) -> f64 {
        match (self, scores) {
            (Self::Squared, [score, ..]) => (score - f64::from(target)).powi(2),
            (Self::Poisson, [score, ..]) => (libm::exp(*score) - f64::from(target)).powi(2),
            (Self::Logistic, [score, ..]) => {
                let right = if target > 0.5 { *score } else { -score };
                // ln(1 + e^−right) without overflow.
                (-right).max(0.0) + libm::log1p(libm::exp(-right.abs()))
            }
            _ => {
                let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let sum: f64 = scores.iter().map(|score| libm::exp(score - most)).sum();
                let right = scores.get(target as usize);
                right.map_or(f64::INFINITY, |right| libm::log(sum) + most - right)
            }
        }
    }

    /// What `scores` stand for: the number, or the probability of each class.
    #[must_use]
    pub fn answer(self, scores: &[f64]) -> Vec<f64> {
        match (self, scores) {
            (Self::Poisson, [score, ..]) => vec![libm::exp(*score)],
            (Self::Logistic, [score, ..]) => {
                let p = logistic(*score);
                vec![1.0 - p, p]
            }
            (Self::Softmax(_), _) => {
                let mut scores = scores.to_vec();
                softmax(&mut scores);
                scores
            }
            _ => scores.to_vec(),
        }
    }
}

fn logistic(score: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-score))
}

/// Puts probabilities in place of scores.
fn softmax(scores: &mut [f64]) {
    let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for score in &mut *scores {
        *score = libm::exp(*score - most);
        sum += *score;
    }
    for score in scores {
        *score /= sum;
    }
}

#[cfg(test)]
mod tests;

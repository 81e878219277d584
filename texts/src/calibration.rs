//! Probabilities from scores.

/// Rounds in which the factor and the offsets are found in turn.
const ROUNDS: usize = 8;
/// Factors that are looked at: these two and those between.
const FACTORS: [f64; 2] = [0.05, 50.0];
/// Halvings of the search for the factor.
const STEPS: usize = 24;

/// What makes probabilities of scores: the softmax of `factor · score + offset`.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// The same for all classes.
    pub factor: f64,
    /// One for each class.
    pub offsets: Vec<f64>,
}

impl Calibration {
    /// The calibration with the lowest log-loss for `scores`, of models that have not seen the rows: row-major, a number for
    /// each class. Labels count as right with a probability of (n + 1) / (n + 2), so that scores without a mistake do
    /// not ask for certainty (J. Platt, "Probabilistic outputs for support vector machines", 1999).
    #[must_use]
    pub fn fit(scores: &[f64], labels: &[usize], classes: usize) -> Self {
        let mut found = Self {
            factor: 1.0,
            offsets: vec![0.0; classes],
        };
        let wanted = smoothed(labels, classes);
        for _ in 0..ROUNDS {
            found.factor = found.best_factor(scores, labels);
            // With the factor fixed, the offsets are right where the mean probability of each class is its share
            // (iterative scaling).
            let mut sums = vec![0.0; classes];
            for row in scores.chunks_exact(classes) {
                sums.iter_mut()
                    .zip(found.probabilities(row))
                    .for_each(|(sum, p)| *sum += p);
            }
            for ((offset, sum), wanted) in found.offsets.iter_mut().zip(sums).zip(&wanted) {
                *offset += (wanted / sum.max(f64::MIN_POSITIVE)).ln();
            }
        }
        found
    }

    /// The probability of each class for one row of scores.
    #[must_use]
    pub fn probabilities(&self, scores: &[f64]) -> Vec<f64> {
        let logits: Vec<f64> = scores
            .iter()
            .zip(&self.offsets)
            .map(|(x, offset)| self.factor * x + offset)
            .collect();
        tabular::members::probabilities(&logits)
    }

    /// The mean log-loss.
    #[must_use]
    pub fn loss(&self, scores: &[f64], labels: &[usize]) -> f64 {
        self.smoothed_loss(scores, labels, 0.0)
    }

    fn smoothed_loss(&self, scores: &[f64], labels: &[usize], smoothing: f64) -> f64 {
        let classes = self.offsets.len();
        let mut sum = 0.0;
        for (row, label) in scores.chunks_exact(classes).zip(labels) {
            let probabilities = self.probabilities(row);
            let of = |p: f64| -p.max(f64::from(f32::EPSILON)).ln();
            let right = of(probabilities[*label]);
            sum += right;
            if smoothing > 0.0 {
                let all: f64 = probabilities.iter().map(|p| of(*p)).sum();
                sum += smoothing * ((all - right) / (classes - 1).max(1) as f64 - right);
            }
        }
        sum / labels.len().max(1) as f64
    }

    /// The factor with the lowest loss, by golden-section search over its logarithm.
    fn best_factor(&self, scores: &[f64], labels: &[usize]) -> f64 {
        let smoothing = 1.0 / (labels.len() as f64 + 2.0);
        let loss = |logarithm: f64| {
            let factor = logarithm.exp();
            let other = Self {
                factor,
                ..self.clone()
            };
            other.smoothed_loss(scores, labels, smoothing)
        };
        let ratio = (5.0_f64.sqrt() - 1.0) / 2.0;
        let [mut low, mut high] = FACTORS.map(f64::ln);
        let (mut a, mut b) = (high - ratio * (high - low), low + ratio * (high - low));
        let (mut loss_a, mut loss_b) = (loss(a), loss(b));
        for _ in 0..STEPS {
            if loss_a < loss_b {
                (high, b, loss_b) = (b, a, loss_a);
                a = high - ratio * (high - low);
                loss_a = loss(a);
            } else {
                (low, a, loss_a) = (a, b, loss_b);
                b = low + ratio * (high - low);
                loss_b = loss(b);
            }
        }
        f64::midpoint(low, high).exp()
    }
}

/// How many rows each class should have: one more than there are, so that none is impossible, of as many in all.
fn smoothed(labels: &[usize], classes: usize) -> Vec<f64> {
    let mut counts = vec![1.0; classes];
    for label in labels {
        counts[*label] += 1.0;
    }
    let all = labels.len() as f64;
    counts
        .iter()
        .map(|count| count * all / (all + classes as f64))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_factor_that_made_the_labels_is_found() {
        let truth = Calibration {
            factor: 3.0,
            offsets: vec![0.5, 0.0, -0.5],
        };
        fastrand::seed(7);
        let (mut scores, mut labels) = (vec![], vec![]);
        for _ in 0..20_000 {
            let row: Vec<f64> = (0..3).map(|_| fastrand::f64() * 2.0 - 1.0).collect();
            let p = truth.probabilities(&row);
            let draw = fastrand::f64();
            labels.push(if draw < p[0] {
                0
            } else if draw < p[0] + p[1] {
                1
            } else {
                2
            });
            scores.extend(row);
        }
        let found = Calibration::fit(&scores, &labels, 3);
        assert!((found.factor - 3.0).abs() < 0.15, "{found:?}");
        assert!(
            (found.offsets[0] - found.offsets[2] - 1.0).abs() < 0.1,
            "{found:?}"
        );
        assert!(found.loss(&scores, &labels) <= truth.loss(&scores, &labels) + 1e-4);
    }

    #[test]
    fn no_mistake_is_no_certainty() {
        let scores = [0.0, 1.0, 0.0, -1.0].repeat(20);
        let labels = [1, 0].repeat(20);
        let found = Calibration::fit(&scores, &labels, 2);
        let p = found.probabilities(&[0.0, 1.0]);
        assert!(p[1] > 0.95 && p[1] < 0.999, "{p:?}");
    }
}

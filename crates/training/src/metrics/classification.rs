use kernels::argmax;
use serde::{Deserialize, Serialize};

/// How good scores are at predicting classes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Classification {
    /// Number of rows measured.
    pub rows: usize,
    /// Share of rows whose highest score is that of their class, from 0 to 1.
    pub accuracy: f64,
    /// Mean cross-entropy, in nats.
    pub loss: f64,
    /// Rows by class (outer) and predicted class (inner).
    pub confusion: Vec<Vec<usize>>,
}

impl Classification {
    /// Measures `scores` (logits, row-major, a number for each of `classes`) against `labels`.
    #[must_use]
    pub fn measure(scores: &[f32], labels: &[usize], classes: usize) -> Self {
        let mut confusion = vec![vec![0; classes]; classes];
        let mut loss = 0.0;
        for (scores, label) in scores.chunks_exact(classes).zip(labels) {
            let predicted = argmax(scores);
            if let Some(count) = confusion
                .get_mut(*label)
                .and_then(|row| row.get_mut(predicted))
            {
                *count += 1;
            }
            loss += cross_entropy(scores, *label);
        }
        let right: usize = confusion
            .iter()
            .enumerate()
            .map(|(class, row)| row[class])
            .sum();
        let rows = labels.len();
        Self {
            rows,
            accuracy: right as f64 / rows.max(1) as f64,
            loss: loss / rows.max(1) as f64,
            confusion,
        }
    }
}

/// Mean cross-entropy of `scores` against targets of which the share `smoothing` is spread over all
/// classes, in nats: what training with such targets makes small.
#[must_use]
pub fn smoothed_loss(scores: &[f32], labels: &[usize], classes: usize, smoothing: f64) -> f64 {
    let loss = |(scores, label): (&[f32], &usize)| {
        let spread: f64 = (0..classes).map(|class| cross_entropy(scores, class)).sum();
        (1.0 - smoothing) * cross_entropy(scores, *label) + smoothing * spread / classes as f64
    };
    let sum: f64 = scores.chunks_exact(classes).zip(labels).map(loss).sum();
    sum / labels.len().max(1) as f64
}

/// The probability that softmax gives to `label`, from 0 to 1.
#[must_use]
pub fn probability(scores: &[f32], label: usize) -> f64 {
    (-cross_entropy(scores, label)).exp()
}

/// −ln of the probability that softmax gives to `label`.
fn cross_entropy(scores: &[f32], label: usize) -> f64 {
    let maximum = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let centred = |score: f32| f64::from(score) - f64::from(maximum);
    let sum: f64 = scores.iter().map(|score| centred(*score).exp()).sum();
    sum.ln() - scores.get(label).map_or(f64::NAN, |score| centred(*score))
}

/// How far certainty and accuracy are apart: rows are put into 15 bins by the highest probability, and
/// the differences between the mean of it and the accuracy in each bin averaged, by rows (expected
/// calibration error; Guo et al., <https://arxiv.org/abs/1706.04599>).
#[must_use]
pub fn calibration_error(scores: &[f32], labels: &[usize], classes: usize) -> f64 {
    const BINS: usize = 15;
    let mut gaps = [0.0; BINS];
    for (scores, label) in scores.chunks_exact(classes).zip(labels) {
        let predicted = argmax(scores);
        let certainty = probability(scores, predicted);
        let bin = ((certainty * BINS as f64) as usize).min(BINS - 1);
        gaps[bin] += certainty - f64::from(u8::from(predicted == *label));
    }
    gaps.iter().map(|gap: &f64| gap.abs()).sum::<f64>() / labels.len().max(1) as f64
}

/// The 95 % confidence interval of an accuracy measured on `rows` rows (Wilson 1927, "Probable
/// inference, the law of succession, and statistical inference").
#[must_use]
pub fn accuracy_interval(accuracy: f64, rows: usize) -> [f64; 2] {
    /// Two-sided 95 % quantile of the normal distribution.
    const Z: f64 = 1.959_964;
    let n = rows.max(1) as f64;
    let centre = accuracy + Z * Z / (2.0 * n);
    let spread = Z * (accuracy * (1.0 - accuracy) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    [(centre - spread) / scale, (centre + spread) / scale]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_hand_computed_values() {
        let ln = f32::ln;
        // Probabilities 1/8, 2/8, 5/8 and 1/2, 1/4, 1/4.
        let scores = [ln(1.0), ln(2.0), ln(5.0), ln(2.0), ln(1.0), ln(1.0)];
        let measured = Classification::measure(&scores, &[1, 0], 3);
        assert_eq!(measured.rows, 2);
        assert!((measured.accuracy - 0.5).abs() < 1e-12);
        let expected = f64::midpoint(4.0_f64.ln(), 2.0_f64.ln());
        assert!((measured.loss - expected).abs() < 1e-6);
        assert_eq!(measured.confusion, [[1, 0, 0], [0, 0, 1], [0, 0, 0]]);
    }

    #[test]
    fn smoothed_targets_by_hand() {
        // Probabilities 1/8, 2/8 and 5/8; targets 0.1, 0.1 and 0.8.
        let scores = [1.0_f32, 2.0, 5.0].map(f32::ln);
        let expected = 0.1 * 8.0_f64.ln() + 0.1 * 4.0_f64.ln() + 0.8 * 1.6_f64.ln();
        assert!((smoothed_loss(&scores, &[2], 3, 0.3) - expected).abs() < 1e-6);
        let plain = Classification::measure(&scores, &[2], 3).loss;
        assert!((smoothed_loss(&scores, &[2], 3, 0.0) - plain).abs() < 1e-12);
    }

    #[test]
    fn scores_of_any_size_keep_the_loss_finite() {
        let measured = Classification::measure(&[1e30, -1e30], &[1], 2);
        assert!(measured.loss.is_finite() && measured.loss > 1e29);
    }

    #[test]
    fn a_nan_does_not_hide() {
        assert!(
            Classification::measure(&[f32::NAN, 0.0], &[0], 2)
                .loss
                .is_nan()
        );
    }

    #[test]
    fn certainty_is_held_against_accuracy() {
        // Twice 80 % sure and right once, once 50 % sure and right.
        let [sure, even] = [[8.0_f32.ln(), 2.0_f32.ln()], [0.0, 0.0]];
        let scores = [sure, sure, even].concat();
        let expected = (2.0 * (0.8 - 0.5) + 0.5) / 3.0;
        assert!((calibration_error(&scores, &[0, 1, 0], 2) - expected).abs() < 1e-6);
    }

    #[test]
    fn the_interval_is_wilsons() {
        // 30 of 30: z² / (n + z²) below 1.
        let [low, high] = accuracy_interval(1.0, 30);
        assert!((low - 0.886_483).abs() < 1e-5, "{low}");
        assert!((high - 1.0).abs() < 1e-12);
        let [low, high] = accuracy_interval(0.5, 100);
        assert!((low - 0.403_832).abs() < 1e-5, "{low}");
        assert!((high - 0.596_168).abs() < 1e-5, "{high}");
    }
}

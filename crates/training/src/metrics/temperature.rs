use core::f64::consts::LN_2;

use super::classification::smoothed_loss;

/// Temperatures that are looked at.
const RANGE: [f64; 2] = [0.1, 10.0];
/// Steps of the search, each of which leaves 62 % of the range.
const STEPS: usize = 32;
/// Standard deviation of the logarithm of temperatures before any row is seen: a factor of two. A few rows that
/// are all right would otherwise ask for certainty; of some hundred rows it makes no difference.
const PRIOR_DEVIATION: f64 = LN_2;

/// The temperature by which `scores` (logits, row-major, a number for each of `classes`) have to be
/// divided for probabilities that are neither too certain nor too uncertain of `labels`: the one with the
/// lowest cross-entropy, as far as there are enough rows to tell (the maximum a posteriori estimate, with a normal
/// prior on its logarithm).
#[must_use]
pub fn temperature(scores: &[f32], labels: &[usize], classes: usize) -> f32 {
    // The loss has one minimum along the inverse of the temperature, so that a golden-section search (Kiefer,
    // Proceedings of the AMS 4, 1953) finds it along the logarithm.
    let loss = |log: f64| {
        let surprise = 0.5 * (log / PRIOR_DEVIATION).powi(2) / labels.len() as f64;
        smoothed_loss(&tempered(scores, log.exp() as f32), labels, classes, 0.0) + surprise
    };
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    let [mut low, mut high] = RANGE.map(f64::ln);
    let inner = |low: f64, high: f64| [high - golden * (high - low), low + golden * (high - low)];
    let [mut left, mut right] = inner(low, high);
    let [mut at_left, mut at_right] = [loss(left), loss(right)];
    for _ in 0..STEPS {
        if at_left <= at_right {
            (high, right, at_right) = (right, left, at_left);
            left = inner(low, high)[0];
            at_left = loss(left);
        } else {
            (low, left, at_left) = (left, right, at_right);
            right = inner(low, high)[1];
            at_right = loss(right);
        }
    }
    f64::midpoint(low, high).exp() as f32
}

/// `scores` divided by `temperature`.
#[must_use]
pub fn tempered(scores: &[f32], temperature: f32) -> Vec<f32> {
    scores.iter().map(|score| score / temperature).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certainty_becomes_accuracy() {
        // Odds of e³ to 1, of which four in five are right: they should be 4 to 1.
        let rows = 10_000;
        let scores = [3.0_f32, 0.0].repeat(rows);
        let labels: Vec<_> = (0..rows).map(|row| usize::from(row % 5 == 0)).collect();
        let found = temperature(&scores, &labels, 2);
        assert!((found - 3.0 / 4.0_f32.ln()).abs() < 2e-3, "{found}");
    }

    #[test]
    fn a_few_rows_change_little() {
        // All right, so that the lowest cross-entropy has temperature 0.
        let found = [1, 10, 100].map(|rows| {
            let scores = [1.0_f32, 0.0].repeat(rows);
            temperature(&scores, &vec![0; rows], 2)
        });
        assert!(found[0] > 0.75 && found[0] < 1.0, "{found:?}");
        assert!(found[1] < found[0] && found[2] < found[1], "{found:?}");
    }
}

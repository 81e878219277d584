use super::classification::smoothed_loss;

/// Temperatures that are looked at.
const RANGE: [f64; 2] = [0.1, 10.0];
/// Steps of the search, each of which leaves 62 % of the range.
const STEPS: usize = 32;

/// The temperature by which `scores` (logits, row-major, a number for each of `classes`) have to be
/// divided for probabilities that are neither too certain nor too uncertain of `labels`: the one with the
/// lowest cross-entropy.
#[must_use]
pub fn temperature(scores: &[f32], labels: &[usize], classes: usize) -> f32 {
    // The loss has one minimum along the inverse of the temperature, so that a golden-section search (Kiefer,
    // Proceedings of the AMS 4, 1953) finds it along the logarithm.
    let loss = |log: f64| smoothed_loss(&tempered(scores, log.exp() as f32), labels, classes, 0.0);
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
        // Ten rows with odds of e³ to 1, of which eight are right: they should be 4 to 1.
        let scores = [3.0_f32, 0.0].repeat(10);
        let labels = [[0; 8].as_slice(), &[1; 2]].concat();
        let found = temperature(&scores, &labels, 2);
        assert!((found - 3.0 / 4.0_f32.ln()).abs() < 1e-3, "{found}");
    }

    #[test]
    fn rows_that_are_all_right_stay_within_the_range() {
        let found = temperature(&[1.0, 0.0], &[0], 2);
        assert!((0.09..0.12).contains(&found), "{found}");
    }
}

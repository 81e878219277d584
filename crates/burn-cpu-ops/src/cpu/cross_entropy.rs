//! The mean cross-entropy of logits against the probabilities that they should give.

/// Logits of a row, shifted so that the largest is 0, and the sum of their exponentials.
struct Row {
    shifted: Vec<f32>,
    exponentials: Vec<f32>,
    sum: f32,
}

impl Row {
    fn new(logits: &[f32]) -> Self {
        let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let shifted: Vec<f32> = logits.iter().map(|logit| logit - largest).collect();
        let exponentials: Vec<f32> = shifted.iter().map(|logit| logit.exp()).collect();
        let sum = exponentials.iter().sum();
        Self {
            shifted,
            exponentials,
            sum,
        }
    }
}

/// The mean over all rows. `logits` and `targets` are row-major, with `classes` numbers a row.
#[must_use]
pub fn forward(logits: &[f32], targets: &[f32], classes: usize) -> f32 {
    let rows = logits.chunks_exact(classes);
    let terms = rows
        .zip(targets.chunks_exact(classes))
        .flat_map(|(logits, targets)| {
            let row = Row::new(logits);
            let logarithm = row.sum.ln();
            let terms = row.shifted.into_iter().zip(targets);
            terms.map(move |(logit, target)| (logit - logarithm) * target)
        });
    terms.sum::<f32>() * scale(logits, classes)
}

/// The gradient of the logits, given that of the mean.
#[must_use]
pub fn backward(logits: &[f32], targets: &[f32], classes: usize, gradient: f32) -> Vec<f32> {
    let scale = gradient * scale(logits, classes);
    let rows = logits
        .chunks_exact(classes)
        .zip(targets.chunks_exact(classes));
    let mut found = Vec::with_capacity(logits.len());
    for (logits, targets) in rows {
        let row = Row::new(logits);
        let slopes = targets.iter().map(|target| scale * target);
        let of_sum = -slopes.clone().sum::<f32>() * (1.0 / row.sum);
        let exponentials = row.exponentials.iter();
        found.extend(
            slopes
                .zip(exponentials)
                .map(|(slope, x)| slope + of_sum * x),
        );
    }
    found
}

/// What turns a sum over rows into the mean of its negative.
fn scale(logits: &[f32], classes: usize) -> f32 {
    (-1.0 / (logits.len() / classes) as f64) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, in f64.
    fn expected(logits: &[f64], targets: &[f32], classes: usize) -> f64 {
        let rows = logits
            .chunks_exact(classes)
            .zip(targets.chunks_exact(classes));
        let losses = rows.map(|(logits, targets)| {
            let sum: f64 = logits.iter().map(|logit| logit.exp()).sum();
            let terms = logits.iter().zip(targets);
            terms
                .map(|(logit, target)| f64::from(*target) * (sum.ln() - logit))
                .sum::<f64>()
        });
        losses.sum::<f64>() / (logits.len() / classes) as f64
    }

    #[test]
    fn the_mean_and_its_gradient_are_those_of_the_definition() {
        let classes = 3;
        let logits: Vec<f32> = (0..15).map(|i| (i * 7 % 11) as f32 / 2.0 - 3.0).collect();
        let targets: Vec<f32> = (0..15)
            .map(|i| [0.8, 0.15, 0.05][(i + i / classes) % classes])
            .collect();
        let wide: Vec<f64> = logits.iter().copied().map(f64::from).collect();
        let mean = expected(&wide, &targets, classes);
        assert!((f64::from(forward(&logits, &targets, classes)) - mean).abs() < 1e-6);

        let gradient = backward(&logits, &targets, classes, 2.0);
        for (index, found) in gradient.iter().enumerate() {
            let moved = |step: f64| {
                let mut logits = wide.clone();
                logits[index] += step;
                expected(&logits, &targets, classes)
            };
            let slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
            assert!((f64::from(*found) - 2.0 * slope).abs() < 1e-6, "{found}");
        }
    }

    #[test]
    fn logits_of_any_size_give_finite_numbers() {
        let logits = [3000.0, -3000.0];
        assert_eq!(forward(&logits, &[1.0, 0.0], 2), 0.0);
        assert_eq!(forward(&logits, &[0.0, 1.0], 2), 6000.0);
        assert_eq!(backward(&logits, &[0.0, 1.0], 2, 1.0), [1.0, -1.0]);
    }
}

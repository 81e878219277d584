//! The mean cross-entropy of logits against the probabilities that they should give.

/// What the way back takes from the way forward.
#[derive(Debug, Clone)]
pub struct Softmax {
    /// Exponentials of the logits, of which each row is shifted so that its largest is 0; row-major.
    exponentials: Vec<f32>,
    /// The sum of each row.
    sums: Vec<f32>,
}

/// The mean over all rows. `logits` and `targets` are row-major, with `classes` numbers a row.
#[must_use]
pub fn forward(logits: &[f32], targets: &[f32], classes: usize) -> (f32, Softmax) {
    let rows = logits.len() / classes;
    let mut softmax = Softmax {
        exponentials: Vec::with_capacity(logits.len()),
        sums: Vec::with_capacity(rows),
    };
    let mut total = 0.0;
    let rows = logits.chunks_exact(classes);
    for (logits, targets) in rows.zip(targets.chunks_exact(classes)) {
        let largest = largest(logits);
        let start = softmax.exponentials.len();
        let exponentials = logits.iter().map(|logit| (logit - largest).exp());
        softmax.exponentials.extend(exponentials);
        let sum: f32 = softmax.exponentials[start..].iter().sum();
        let logarithm = sum.ln();
        for (logit, target) in logits.iter().zip(targets) {
            total += (logit - largest - logarithm) * target;
        }
        softmax.sums.push(sum);
    }
    (total * scale(softmax.sums.len()), softmax)
}

/// The gradient of the logits, given that of the mean.
#[must_use]
pub fn backward(softmax: &Softmax, targets: &[f32], classes: usize, gradient: f32) -> Vec<f32> {
    let scale = gradient * scale(softmax.sums.len());
    let rows = softmax.exponentials.chunks_exact(classes);
    let mut found = Vec::with_capacity(softmax.exponentials.len());
    for ((exponentials, sum), targets) in
        (rows.zip(&softmax.sums)).zip(targets.chunks_exact(classes))
    {
        let slopes = targets.iter().map(|target| scale * target);
        let of_sum = -slopes.clone().sum::<f32>() * (1.0 / sum);
        let both = slopes.zip(exponentials);
        found.extend(both.map(|(slope, x)| slope + of_sum * x));
    }
    found
}

/// The largest of numbers. `f32::max` is a call in Wasm.
fn largest(numbers: &[f32]) -> f32 {
    let larger = |one, other| if other > one { other } else { one };
    numbers.iter().copied().fold(f32::NEG_INFINITY, larger)
}

/// What turns a sum over so many rows into the mean of its negative.
fn scale(rows: usize) -> f32 {
    (-1.0 / rows as f64) as f32
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
        let (found, softmax) = forward(&logits, &targets, classes);
        assert!((f64::from(found) - mean).abs() < 1e-6);

        let gradient = backward(&softmax, &targets, classes, 2.0);
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
        assert_eq!(forward(&logits, &[1.0, 0.0], 2).0, 0.0);
        let (mean, softmax) = forward(&logits, &[0.0, 1.0], 2);
        assert_eq!(mean, 6000.0);
        assert_eq!(backward(&softmax, &[0.0, 1.0], 2, 1.0), [1.0, -1.0]);
    }
}

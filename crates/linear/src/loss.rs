//! Losses and their derivatives.

/// What a score is judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Half the squared error; targets are numbers.
    Squared,
    /// The log-loss of this many classes, at least 2; targets are class numbers from 0.
    ///
    /// Two classes have one score, the log-odds of class 1. More have a score for each class, of which the softmax
    /// is taken.
    Classes(usize),
}

impl Loss {
    /// Scores of a row.
    pub fn width(self) -> usize {
        match self {
            Self::Squared | Self::Classes(2) => 1,
            Self::Classes(classes) => classes,
        }
    }

    /// The loss of a row whose first [`width`](Self::width) numbers of `scores` are its scores.
    pub(crate) fn of(self, scores: &[f64], target: f32) -> f64 {
        match self {
            Self::Squared => 0.5 * (scores[0] - f64::from(target)).powi(2),
            Self::Classes(2) => {
                let score = scores[0];
                let against = if target == 1.0 { -score } else { score };
                against.max(0.0) + libm::log1p(libm::exp(-score.abs()))
            }
            Self::Classes(classes) => {
                let scores = &scores[..classes];
                let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let sum: f64 = scores.iter().map(|score| libm::exp(score - largest)).sum();
                libm::log(sum) + largest - scores[target as usize]
            }
        }
    }

    /// Replaces the scores of a row by `weight` × the derivatives of its loss, adds `weight` × the second derivatives
    /// to `curvature`, and returns `weight` × the loss. Numbers beyond the width become 0.
    pub(crate) fn differentiate(
        self,
        scores: &mut [f64],
        target: f32,
        weight: f64,
        curvature: &mut [f64],
    ) -> f64 {
        match self {
            Self::Squared => {
                let loss = self.of(scores, target);
                scores[0] = weight * (scores[0] - f64::from(target));
                curvature[0] += weight;
                weight * loss
            }
            Self::Classes(2) => {
                let score = scores[0];
                let small = libm::exp(-score.abs());
                let against = if target == 1.0 { -score } else { score };
                let loss = against.max(0.0) + libm::log1p(small);
                let probability = if score < 0.0 { small } else { 1.0 } / (1.0 + small);
                scores[0] = weight * (probability - f64::from(target));
                curvature[0] += weight * small / (1.0 + small).powi(2);
                weight * loss
            }
            Self::Classes(classes) => {
                let (scores, rest) = scores.split_at_mut(classes);
                rest.fill(0.0);
                let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let own = scores[target as usize];
                for score in &mut *scores {
                    *score = libm::exp(*score - largest);
                }
                let sum: f64 = scores.iter().sum();
                for (class, (score, curvature)) in scores.iter_mut().zip(curvature).enumerate() {
                    let probability = *score / sum;
                    let is = if class == target as usize { 1.0 } else { 0.0 };
                    *score = weight * (probability - is);
                    *curvature += weight * probability * (1.0 - probability);
                }
                weight * (libm::log(sum) + largest - own)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_are_those_of_the_loss() {
        const STEP: f64 = 1e-4;
        let scores = [0.7, -1.3, 2.1];
        for (loss, target) in [
            (Loss::Squared, -0.4),
            (Loss::Classes(2), 0.0),
            (Loss::Classes(2), 1.0),
            (Loss::Classes(3), 1.0),
        ] {
            let width = loss.width();
            let mut derivatives = [scores[0], scores[1], scores[2], 9.0];
            let mut curvature = [0.0; 4];
            let value = loss.differentiate(&mut derivatives, target, 2.0, &mut curvature);
            assert!((value - 2.0 * loss.of(&scores, target)).abs() < 1e-12);
            for i in 0..width {
                let at = |step: f64| {
                    let mut scores = scores;
                    scores[i] += step;
                    2.0 * loss.of(&scores, target)
                };
                let first = (at(STEP) - at(-STEP)) / (2.0 * STEP);
                let second = (at(STEP) - 2.0 * at(0.0) + at(-STEP)) / (STEP * STEP);
                assert!((first - derivatives[i]).abs() < 1e-6, "{loss:?} {i}");
                assert!((second - curvature[i]).abs() < 1e-6, "{loss:?} {i}");
            }
        }
    }

    #[test]
    fn large_scores_do_not_overflow() {
        for score in [1000.0, -1000.0] {
            for target in [0.0, 1.0] {
                let wrong = (target == 1.0) != (score > 0.0);
                let expected = if wrong { 1000.0 } else { 0.0 };
                assert_eq!(Loss::Classes(2).of(&[score], target), expected);
                let softmax = Loss::Classes(3).of(&[0.0, score, -5000.0], target);
                assert_eq!(softmax, expected);
            }
        }
    }
}

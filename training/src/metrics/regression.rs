use serde::{Deserialize, Serialize};

/// How good predictions of a number are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Regression {
    /// Number of rows measured.
    pub rows: usize,
    /// Root of the mean squared error, in the target's unit.
    pub rmse: f64,
    /// Mean absolute error, in the target's unit.
    pub mae: f64,
    /// Share of the target's variance that is explained; 0 is as good as its mean.
    pub r2: f64,
}

impl Regression {
    /// Measures `predictions` against `targets`, pair by pair.
    #[must_use]
    pub fn measure(predictions: &[f32], targets: &[f32]) -> Self {
        let count = targets.len().max(1) as f64;
        let mean = targets.iter().copied().map(f64::from).sum::<f64>() / count;
        let (mut squared, mut absolute, mut total) = (0.0, 0.0, 0.0);
        for (prediction, target) in predictions.iter().zip(targets) {
            let error = f64::from(*prediction) - f64::from(*target);
            squared += error * error;
            absolute += error.abs();
            total += (f64::from(*target) - mean).powi(2);
        }
        Self {
            rows: targets.len(),
            rmse: (squared / count).sqrt(),
            mae: absolute / count,
            r2: 1.0 - squared / total,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_hand_computed_values() {
        let measured = Regression::measure(&[2.0, 5.0, 4.0], &[1.0, 5.0, 6.0]);
        assert_eq!(measured.rows, 3);
        assert!((measured.rmse - (5.0_f64 / 3.0).sqrt()).abs() < 1e-12);
        assert!((measured.mae - 1.0).abs() < 1e-12);
        // Around the mean of 4 the targets have 9 + 1 + 4 = 14, of which 5 are left.
        assert!((measured.r2 - (1.0 - 5.0 / 14.0)).abs() < 1e-12);
    }

    #[test]
    fn the_mean_explains_nothing() {
        let measured = Regression::measure(&[4.0; 3], &[1.0, 5.0, 6.0]);
        assert!(measured.r2.abs() < 1e-12);
    }
}

//! What a fitted model and a chosen penalty have to satisfy.

mod choice;
mod errors;
mod models;

use crate::*;

const LOSSES: [Loss; 3] = [Loss::Squared, Loss::Classes(2), Loss::Classes(4)];

/// Random rows with a mean other than 0 and many zeros, targets that depend on them, and weights.
struct Data {
    values: Vec<f32>,
    columns: usize,
    targets: Vec<f32>,
    weights: Vec<f32>,
    folds: Vec<u8>,
}

impl Data {
    fn new(rows: usize, columns: usize, loss: Loss) -> Self {
        let mut random = fastrand::Rng::with_seed(7);
        let mut values = Vec::new();
        let mut targets = Vec::new();
        for _ in 0..rows {
            let row: Vec<f32> = (0..columns)
                .map(|j| match j % 3 {
                    0 => random.f32() * 4.0 - 1.0,
                    _ => f32::from(u8::from(random.f32() < 0.3)),
                })
                .collect();
            let signal = row[0] + row.iter().sum::<f32>() / 3.0 + random.f32();
            targets.push(match loss {
                Loss::Squared => 5.0 + signal,
                Loss::Classes(classes) => (signal.max(0.0) * 1.5).min(classes as f32 - 1.0).floor(),
            });
            values.extend(row);
        }
        Self {
            values,
            columns,
            targets,
            weights: (0..rows).map(|row| [0.0, 1.0, 2.0, 0.5][row % 4]).collect(),
            folds: (0..rows)
                .map(|row| [0, 1, 4, NO_FOLD][row % 7 % 4])
                .collect(),
        }
    }

    fn design(&self) -> Design<'_> {
        Design {
            values: &self.values,
            columns: self.columns,
        }
    }

    fn rows(&self) -> Vec<u32> {
        (0..self.targets.len() as u32).collect()
    }

    fn fit(&self, loss: Loss, penalty: f64) -> Linear {
        let weights = Some(&self.weights[..]);
        fit(
            self.design(),
            &self.targets,
            weights,
            &self.rows(),
            loss,
            penalty,
        )
        .unwrap()
    }

    fn choose(&self, loss: Loss, penalties: &[f64]) -> Choice {
        let weights = Some(&self.weights[..]);
        let design = self.design();
        choose(
            design,
            &self.targets,
            weights,
            &self.folds,
            loss,
            penalties,
            &|_, _| true,
        )
        .unwrap()
    }

    fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.columns..][..self.columns]
    }

    /// What a fit is to minimise.
    fn objective(&self, model: &Linear, loss: Loss, penalty: f64) -> f64 {
        let losses = (0..self.targets.len()).map(|row| {
            let loss = loss.of(&model.scores(self.row(row)), self.targets[row]);
            f64::from(self.weights[row]) * loss
        });
        let squares: f64 = model.weights.iter().map(|weight| weight * weight).sum();
        losses.sum::<f64>() + 0.5 * penalty * squares
    }

    /// Asserts that the objective has no slope at the model, by central differences.
    fn assert_minimum(&self, model: &Linear, loss: Loss, penalty: f64) {
        const STEP: f64 = 1e-4;
        let slope = |number: &dyn Fn(&mut Linear) -> &mut f64| {
            let at = |step: f64| {
                let mut model = model.clone();
                *number(&mut model) += step;
                self.objective(&model, loss, penalty)
            };
            (at(STEP) - at(-STEP)) / (2.0 * STEP)
        };
        let total: f64 = self.weights.iter().copied().map(f64::from).sum();
        for i in 0..model.weights.len() {
            let slope = slope(&|model| &mut model.weights[i]);
            assert!(slope.abs() < 1e-4 * total, "{loss:?}, weight {i}: {slope}");
        }
        for i in 0..model.bias.len() {
            let slope = slope(&|model| &mut model.bias[i]);
            assert!(slope.abs() < 1e-4 * total, "{loss:?}, bias {i}: {slope}");
        }
    }
}

fn assert_close(a: &[f64], b: &[f64], tolerance: f64) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= tolerance, "{a} {b}");
    }
}

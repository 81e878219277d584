//! The table that a model is fitted to, and the model.

use serde::{Deserialize, Serialize};

use crate::loss::Loss;

/// The features of all rows.
///
/// They should be scaled to similar ranges, such as [-3, 3] or [0, 1], as the penalty treats all columns alike.
/// They need not be centred.
#[derive(Clone, Copy, Debug)]
pub struct Design<'a> {
    /// Row-major, *rows × columns*.
    pub values: &'a [f32],
    /// Number of columns; may be 0.
    pub columns: usize,
}

/// A linear model: `score = x · weights + bias`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Linear {
    /// Row-major, *columns × width*.
    pub weights: Vec<f64>,
    /// One for each score, *width*: 1 for numbers and for two classes, the number of classes otherwise.
    pub bias: Vec<f64>,
}

impl Linear {
    /// The scores of one row of features, *width*.
    ///
    /// Features beyond the model's columns are ignored, and missing ones count as 0.
    pub fn scores(&self, features: &[f32]) -> Vec<f64> {
        let mut scores = self.bias.clone();
        let weights = self.weights.chunks_exact(self.bias.len().max(1));
        for (feature, weights) in features.iter().zip(weights) {
            // Most entries of one-hot columns.
            if *feature != 0.0 {
                let feature = f64::from(*feature);
                (scores.iter_mut().zip(weights))
                    .for_each(|(score, weight)| *score += feature * weight);
            }
        }
        scores
    }
}

/// Checked data: every list has an entry for each row, and all values are valid.
#[derive(Clone, Copy)]
pub struct Table<'a> {
    pub design: Design<'a>,
    pub targets: &'a [f32],
    pub weights: Option<&'a [f32]>,
    pub loss: Loss,
}

impl<'a> Table<'a> {
    pub fn features(&self, row: u32) -> &'a [f32] {
        let columns = self.design.columns;
        &self.design.values[row as usize * columns..][..columns]
    }

    pub fn target(&self, row: u32) -> f32 {
        self.targets[row as usize]
    }

    pub fn weight(&self, row: u32) -> f64 {
        (self.weights).map_or(1.0, |weights| f64::from(weights[row as usize]))
    }
}

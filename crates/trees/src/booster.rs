//! Trees that answer together.

use serde::{Deserialize, Serialize};

use crate::bins::Binned;
use crate::loss::Loss;
use crate::tree::{Node, Tree};

/// Trees whose values are added up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Booster {
    /// What the scores stand for.
    pub loss: Loss,
    /// The scores without any tree, [`Loss::width`] of them.
    pub start: Vec<f64>,
    /// The trees of each round, one for each score.
    pub rounds: Vec<Vec<Tree>>,
}

impl Booster {
    /// The scores of row number `row` of `data`, a table with the bins that the trees were grown on.
    ///
    /// # Panics
    ///
    /// If `data` has no such row, or lacks a column that a tree uses.
    #[must_use]
    pub fn scores(&self, data: &Binned, row: usize) -> Vec<f64> {
        let mut scores = self.start.clone();
        for trees in &self.rounds {
            for (score, tree) in scores.iter_mut().zip(trees) {
                *score += tree.answer(data, row);
            }
        }
        scores
    }

    /// Number of nodes of all trees.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.rounds
            .iter()
            .flatten()
            .map(|tree| tree.nodes.len())
            .sum()
    }

    /// The booster whose scores are the mean of the scores of `parts`. They have to be for the same
    /// loss and grown on the same bins. Without any part it answers 0 by [`Loss::Squared`].
    #[must_use]
    pub fn average(parts: &[&Self]) -> Self {
        let Some(first) = parts.first() else {
            return Self {
                loss: Loss::Squared,
                start: vec![0.0],
                rounds: Vec::new(),
            };
        };
        let share = 1.0 / parts.len() as f64;
        let mut start = vec![0.0; first.start.len()];
        for part in parts {
            for (sum, score) in start.iter_mut().zip(&part.start) {
                *sum += share * score;
            }
        }
        let mut rounds: Vec<Vec<Tree>> = parts
            .iter()
            .flat_map(|part| part.rounds.iter().cloned())
            .collect();
        for node in rounds.iter_mut().flatten().flat_map(|tree| &mut tree.nodes) {
            if let Node::Leaf(value) = node {
                *value *= share;
            }
        }
        Self {
            loss: first.loss,
            start,
            rounds,
        }
    }
}

#[cfg(test)]
mod tests;

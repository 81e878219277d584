//! Texts with folds, and classifiers of some of them.

use model::characters::Shape;
use rayon::prelude::*;
use tabular::folds::folds;

use crate::bags::{Bags, LEFT_OUT, Matrix};
use crate::calibration::Calibration;
use crate::corpus::Corpus;
use crate::shrink::{Quantized, pruned};
use crate::solver::{self, Separator, Settings};

/// Up to so many texts, there are five folds, above three.
const FIVE_FOLDS: usize = 10_000;
/// Weights of all classes before they are pruned, at most: 8 bytes each.
const MOST_WEIGHTS: usize = 40_000_000;
/// Violation of the conditions of optimality that is left in a model, and while settings are chosen.
const TOLERANCES: [f64; 2] = [0.01, 0.05];

/// How a model is fitted.
#[derive(Debug, Clone, Copy)]
pub struct Wishes {
    /// Bytes of n-grams with their weights, at most.
    pub bytes: usize,
    /// Seed of all draws.
    pub seed: u64,
}

/// Texts to fit models to.
pub struct Job<'a> {
    /// The texts.
    pub corpus: &'a Corpus,
    /// The position of the class of each.
    pub labels: Vec<usize>,
    /// The fold of each.
    pub folds: Vec<u8>,
    /// How many folds there are.
    pub count: u8,
    /// How many classes there are.
    pub classes: usize,
    /// Characters that a model has places for.
    pub places: usize,
    wishes: Wishes,
}

/// A classifier that is small.
pub struct Small {
    /// For each n-gram its column, if it has one.
    pub columns: Vec<u32>,
    /// The texts in these columns.
    pub matrix: Matrix,
    /// The weights of each side that is told from the others.
    pub weights: Vec<Quantized>,
    /// The sum of the squares of each column over the texts that were learnt from.
    pub squares: Vec<f64>,
    /// The bias of each.
    pub biases: Vec<f64>,
}

impl<'a> Job<'a> {
    /// Deals `corpus` into folds. Of each text, `places` characters are read.
    #[must_use]
    pub fn new(corpus: &'a Corpus, wishes: Wishes, places: usize) -> Self {
        let count = if corpus.rows() <= FIVE_FOLDS { 5 } else { 3 }.min(corpus.rows());
        Self {
            labels: corpus.labels(),
            folds: folds(&corpus.table, count, wishes.seed, 0),
            count: count as u8,
            classes: corpus.classes().len(),
            corpus,
            places,
            wishes,
        }
    }

    /// What is told apart: of two classes the second from the first, of more each from all others.
    #[must_use]
    pub fn sides(&self) -> Vec<Vec<bool>> {
        let is = |class: usize| self.labels.iter().map(|label| *label == class).collect();
        match self.classes {
            2 => vec![is(1)],
            classes => (0..classes).map(is).collect(),
        }
    }

    /// The n-grams of all texts.
    #[must_use]
    pub fn bags(&self, shape: Shape) -> Bags {
        Bags::new(self.corpus, shape, self.places, MOST_WEIGHTS / self.classes)
    }

    /// The scores of the texts of each fold by models of the other folds, one set for each of `costs`.
    #[must_use]
    pub fn scores(&self, bags: &Bags, costs: &[f64]) -> Vec<Vec<f64>> {
        let sides = self.sides();
        let of_fold = |fold: u8| {
            let [test, train] = tabular::folds::rows_of(&self.folds, fold);
            let matrix = bags.matrix(&bags.known_in(&train));
            let of_side = |side: &Vec<bool>| {
                let mut duals = Vec::new();
                let score = |cost: &f64| {
                    let found =
                        self.separator(&matrix, (&train, side), (*cost, TOLERANCES[1]), &mut duals);
                    test.iter()
                        .map(|row| found.score(&matrix, *row as usize))
                        .collect::<Vec<f64>>()
                };
                costs.iter().map(score).collect::<Vec<_>>()
            };
            let found: Vec<Vec<Vec<f64>>> = sides.par_iter().map(of_side).collect();
            (test, found)
        };
        let found: Vec<_> = (0..self.count).into_par_iter().map(of_fold).collect();
        let mut all = vec![vec![0.0; self.corpus.rows() * self.classes]; costs.len()];
        for (test, sides) in found {
            for (side, of_costs) in sides.iter().enumerate() {
                for (all, own) in all.iter_mut().zip(of_costs) {
                    for (row, score) in test.iter().zip(own) {
                        all[self.place(*row, side)] = *score;
                    }
                }
            }
        }
        all
    }

    /// Where the score of a row for a side is. Of two classes, the score of the first is 0.
    fn place(&self, row: u32, side: usize) -> usize {
        row as usize * self.classes + side + usize::from(self.classes == 2)
    }

    /// A small model of `rows`.
    #[must_use]
    pub fn small(&self, bags: &Bags, rows: &[u32], cost: f64) -> Small {
        let sides = self.sides();
        let most = self.wishes.bytes / (size_of::<u32>() + 1 + sides.len());
        let fit = |matrix: &Matrix| -> Vec<Separator> {
            let fit = |side: &Vec<bool>| {
                self.separator(matrix, (rows, side), (cost, TOLERANCES[0]), &mut Vec::new())
            };
            sides.par_iter().map(fit).collect()
        };
        let mut columns = bags.known_in(rows);
        let mut matrix = bags.matrix(&columns);
        let mut separators = fit(&matrix);
        if matrix.width > most {
            columns = pruned(&separators, &matrix.squares(rows), &columns, most);
            matrix = bags.matrix(&columns);
            separators = fit(&matrix);
        }
        let squares = matrix.squares(rows);
        Small {
            weights: separators
                .iter()
                .map(|own| Quantized::new(&own.weights, &squares))
                .collect(),
            biases: separators.iter().map(|own| own.bias).collect(),
            columns,
            matrix,
            squares,
        }
    }

    fn separator(
        &self,
        matrix: &Matrix,
        (rows, side): (&[u32], &[bool]),
        (cost, tolerance): (f64, f64),
        duals: &mut Vec<f64>,
    ) -> Separator {
        let settings = Settings {
            cost,
            tolerance,
            seed: self.wishes.seed,
        };
        solver::fit(matrix, rows, side, settings, duals)
    }

    /// Writes the scores of `rows` by a small model into `scores`, row-major, a number for each class of each text.
    pub fn score(&self, small: &Small, rows: &[u32], scores: &mut [f64]) {
        for (side, (weights, bias)) in small.weights.iter().zip(&small.biases).enumerate() {
            let weights = weights.floats();
            for row in rows {
                scores[self.place(*row, side)] = small.matrix.dot(*row as usize, &weights) + bias;
            }
        }
    }

    /// The best calibration of `scores`, and their log-loss with it.
    #[must_use]
    pub fn calibrate(&self, scores: &[f64]) -> (Calibration, f64) {
        let calibration = Calibration::fit(scores, &self.labels, self.classes);
        let loss = calibration.loss(scores, &self.labels);
        (calibration, loss)
    }
}

impl Small {
    /// The n-grams of `bags` that the model has, and how rare they are.
    #[must_use]
    pub fn ngrams(&self, bags: &Bags) -> (Vec<u32>, Vec<i8>) {
        let all = bags.ngrams.iter().zip(&bags.rarity).zip(&self.columns);
        let kept = all.filter(|(_, column)| **column != LEFT_OUT);
        kept.map(|((ngram, rarity), _)| (*ngram, *rarity)).unzip()
    }
}

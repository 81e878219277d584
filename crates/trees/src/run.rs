//! A booster that is being grown, round by round.

use rand::rngs::ChaCha8Rng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rayon::prelude::*;

use crate::bins::Binned;
use crate::booster::Booster;
use crate::cells::{Cell, Scale};
use crate::grow::Growth;
use crate::loss::Loss;
use crate::settings::Settings;
use crate::split::Limits;
use crate::tree::Tree;

/// Rows whose scores are looked at together: few enough for the fastest cache.
const BLOCK: usize = 64;
/// Smallest number of blocks that a thread takes at once.
const BLOCKS: usize = 16;
/// Smallest sum of second derivatives of a leaf (`min_sum_hessian_in_leaf` of `LightGBM`).
const LEAST_HESSIAN: f64 = 1e-3;

/// What is learnt.
pub(crate) struct Problem<'a> {
    pub data: &'a Binned,
    pub targets: &'a [f32],
    pub weights: Option<&'a [f32]>,
    pub loss: Loss,
    pub settings: &'a Settings,
}

impl Problem<'_> {
    pub fn weight(&self, row: u32) -> f32 {
        self.weights.map_or(1.0, |weights| weights[row as usize])
    }
}

/// A booster that is being grown.
pub(crate) struct Run {
    pub booster: Booster,
    /// The rows that trees are grown on.
    trained: Vec<u32>,
    /// The rows that the loss is watched on.
    pub held_out: Vec<u32>,
    /// For each score, the one of each row of the table. Only the rows above are kept up to date.
    pub scores: Vec<Vec<f64>>,
    /// Whether a row of the table is trained on.
    is_trained: Vec<bool>,
    /// First and second derivatives, 0 for rows that are not trained on. Each block of [`BLOCK`] rows
    /// (the last one may be shorter) has those by the first score, then those by the second, ….
    derivatives: Vec<[f32; 2]>,
}

impl Run {
    pub fn new(problem: &Problem<'_>, trained: Vec<u32>, held_out: Vec<u32>) -> Self {
        let known = trained
            .iter()
            .map(|row| (problem.targets[*row as usize], problem.weight(*row)));
        let start = problem.loss.start(known);
        let rows = problem.targets.len();
        let mut is_trained = vec![false; rows];
        for row in &trained {
            is_trained[*row as usize] = true;
        }
        Self {
            scores: start.iter().map(|score| vec![*score; rows]).collect(),
            derivatives: vec![[0.0; 2]; rows * start.len()],
            booster: Booster {
                loss: problem.loss,
                start,
                rounds: Vec::new(),
            },
            trained,
            held_out,
            is_trained,
        }
    }

    /// Grows the trees of one round.
    pub fn grow(&mut self, problem: &Problem<'_>) {
        let settings = problem.settings;
        let width = self.booster.start.len();
        let round = self.booster.rounds.len();
        self.derive(problem);
        let mut random = random(settings.seed, round * (width + 1));
        let mut sample = Vec::with_capacity(self.trained.len());
        let mut others = Vec::with_capacity(self.held_out.len());
        // A comparison of integers is faster than a draw of a boolean.
        let threshold = (settings.rows * f64::from(u32::MAX)) as u32;
        for row in &self.trained {
            match settings.rows >= 1.0 || random.random::<u32>() < threshold {
                true => sample.push(*row),
                false => others.push(*row),
            }
        }
        others.extend(&self.held_out);
        let derivatives = &self.derivatives;
        let trained = self.trained.len();
        let trees = self
            .scores
            .par_iter_mut()
            .enumerate()
            .map(|(score, scores)| {
                let mut random = self::random(settings.seed, round * (width + 1) + 1 + score);
                let blocks = || {
                    derivatives.chunks(BLOCK * width).map(move |block| {
                        let rows = block.len() / width;
                        &block[score * rows..][..rows]
                    })
                };
                let scale = Scale::new(blocks(), sample.len());
                let mut cells = Vec::with_capacity(derivatives.len() / width);
                for block in blocks() {
                    cells.extend(block.iter().map(|pair| scale.cell(*pair)));
                }
                let mut sample = sample.clone();
                let (tree, leaves) =
                    growth(problem, &cells, scale, trained, &mut sample, &mut random);
                for (value, rows) in leaves {
                    for row in &sample[rows] {
                        scores[*row as usize] += value;
                    }
                }
                tree.answer_all(problem.data, &mut others.clone(), |row, value| {
                    scores[row as usize] += value;
                });
                tree
            });
        let trees = trees.collect();
        self.booster.rounds.push(trees);
    }

    /// Computes the derivatives at the present scores.
    fn derive(&mut self, problem: &Problem<'_>) {
        let width = self.scores.len();
        let (all, is_trained) = (&self.scores, &self.is_trained);
        let blocks = self
            .derivatives
            .par_chunks_mut(BLOCK * width)
            .with_min_len(BLOCKS);
        let buffers = || (Vec::new(), vec![[0.0; 2]; width]);
        blocks
            .enumerate()
            .for_each_init(buffers, |(scores, output), (block, derivatives)| {
                let first = block * BLOCK;
                let count = derivatives.len() / width;
                gather(all, &(first..first + count), scores);
                for (place, scores) in scores.chunks_exact_mut(width).enumerate() {
                    let row = first + place;
                    if !is_trained[row] {
                        continue;
                    }
                    problem
                        .loss
                        .derivatives(scores, problem.targets[row], output);
                    let weight = problem.weight(row as u32);
                    for (pair, output) in
                        derivatives[place..].iter_mut().step_by(count).zip(&*output)
                    {
                        *pair = output.map(|derivative| derivative as f32 * weight);
                    }
                }
            });
    }

    /// The sum of the weighted losses of the rows held out.
    pub fn loss(&self, problem: &Problem<'_>) -> f64 {
        let width = self.scores.len();
        let blocks = self.held_out.par_chunks(BLOCK).with_min_len(BLOCKS);
        let sums = blocks.map_init(Vec::new, |scores, rows| -> f64 {
            gather(&self.scores, &rows.iter().map(|row| *row as usize), scores);
            let losses = rows
                .iter()
                .zip(scores.chunks_exact(width))
                .map(|(row, scores)| {
                    let loss = problem.loss.of(scores, problem.targets[*row as usize]);
                    loss * f64::from(problem.weight(*row))
                });
            losses.sum()
        });
        // The sums of the blocks are added in order, whatever thread made them.
        let sums: Vec<f64> = sums.collect();
        sums.into_iter().sum()
    }
}

/// Fills `block` with the scores of `rows`, row by row.
fn gather(
    scores: &[Vec<f64>],
    rows: &(impl ExactSizeIterator<Item = usize> + Clone),
    block: &mut Vec<f64>,
) {
    block.resize(rows.len() * scores.len(), 0.0);
    for (score, all) in scores.iter().enumerate() {
        for (place, row) in rows.clone().enumerate() {
            block[place * scores.len() + score] = all[row];
        }
    }
}

/// Draws the columns of a tree and grows it on the rows `sample`.
fn growth(
    problem: &Problem<'_>,
    cells: &[Cell],
    scale: Scale,
    trained: usize,
    sample: &mut [u32],
    random: &mut ChaCha8Rng,
) -> (Tree, Vec<(f64, core::ops::Range<usize>)>) {
    let settings = problem.settings;
    let count = problem.data.columns.len();
    let chosen = ((settings.columns * count as f64).round() as usize).clamp(1, count.max(1));
    let mut columns: Vec<usize> = (0..count).collect();
    let (columns, _) = columns.partial_shuffle(random, chosen);
    columns.sort_unstable();
    let growth = Growth {
        data: problem.data,
        columns,
        cells,
        scale,
        limits: Limits {
            rows: settings.leaf_rows,
            hessian: LEAST_HESSIAN,
            group: (trained / 20).clamp(5, 100) as u32,
            l2: settings.l2,
        },
        leaves: settings.leaves,
        rate: settings.rate,
        extra: settings.extra,
    };
    growth.tree(sample, random)
}

/// The random generator with `seed` for the draws number `stream`.
pub(crate) fn random(seed: u64, stream: usize) -> ChaCha8Rng {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(stream as u64);
    random
}

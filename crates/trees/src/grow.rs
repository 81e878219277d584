//! Grows one tree: the leaf whose split gains most is split next.

use core::ops::Range;

use rand::RngExt;
use rand::rngs::ChaCha8Rng;

use crate::bins::Binned;
use crate::cells::{Cell, Scale, Sums};
use crate::histogram::{Histogram, Histograms};
use crate::split::{Limits, Split, best};
use crate::tree::{Node, Tree, partition};

/// How one tree is grown.
pub(crate) struct Growth<'a> {
    pub data: &'a Binned,
    /// The columns that this tree may use.
    pub columns: &'a [usize],
    /// The derivatives of every row of the table.
    pub cells: &'a [Cell],
    pub scale: Scale,
    pub limits: Limits,
    /// Largest number of leaves.
    pub leaves: usize,
    /// Factor on the values of leaves.
    pub rate: f64,
    /// Whether one threshold of each column of numbers is drawn at random.
    pub extra: bool,
}

/// A leaf of a tree that grows.
struct Leaf {
    node: usize,
    /// Where the rows of the leaf are.
    rows: Range<usize>,
    /// Empty if the leaf cannot be split.
    histogram: Histogram,
    /// The best split and its column.
    split: Option<(usize, Split)>,
}

impl Growth<'_> {
    /// A tree for `rows`, and the leaves with the value and the rows of each: a part of `rows`,
    /// whose order changes.
    pub fn tree(
        &self,
        rows: &mut [u32],
        random: &mut ChaCha8Rng,
    ) -> (Tree, Vec<(f64, Range<usize>)>) {
        let mut histograms = Histograms::new(self.data, self.columns);
        let mut scratch = Vec::new();
        let mut total = Cell::default();
        for row in &*rows {
            total.add(self.cells[*row as usize]);
        }
        let mut values = vec![self.value(self.scale.sums(total))];
        let mut tree = Tree {
            nodes: vec![Node::Leaf(values[0])],
        };
        let histogram = match self.may_split(rows.len(), 1) {
            true => histograms.of(rows, self.cells),
            false => Vec::new(),
        };
        let root = 0..rows.len();
        let mut leaves = vec![self.leaf(0, root, histogram, &histograms, random)];
        while leaves.len() < self.leaves
            && let Some((place, column, split)) = next(&mut leaves)
        {
            let leaf = leaves.swap_remove(place);
            let children = [tree.nodes.len(), tree.nodes.len() + 1];
            for sums in split.sums {
                values.push(self.value(sums));
                tree.nodes.push(Node::Leaf(self.value(sums)));
            }
            let bins = &self.data.columns[column].bins;
            let count = partition(
                &mut rows[leaf.rows.clone()],
                bins,
                &split.left,
                &mut scratch,
            );
            let middle = leaf.rows.start + count;
            let parts = [leaf.rows.start..middle, middle..leaf.rows.end];
            tree.nodes[leaf.node] = Node::Split {
                column,
                left: split.left,
                children,
            };
            // The leaves after this split, of which two are not in the list yet.
            let count = leaves.len() + 2;
            let small = usize::from(parts[1].len() < parts[0].len());
            let mut of_children = [Vec::new(), Vec::new()];
            if self.may_split(parts[1 - small].len(), count) {
                let of_small = histograms.of(&rows[parts[small].clone()], self.cells);
                let mut of_large = leaf.histogram;
                for (large, small) in of_large.iter_mut().zip(&of_small) {
                    large.subtract(*small);
                }
                of_children[small] = of_small;
                of_children[1 - small] = of_large;
            } else {
                histograms.done(leaf.histogram);
            }
            for ((node, part), histogram) in children.into_iter().zip(parts).zip(of_children) {
                let leaf = self.leaf(node, part, histogram, &histograms, random);
                leaves.push(leaf);
            }
            for leaf in leaves
                .iter_mut()
                .rev()
                .take(2)
                .filter(|leaf| leaf.split.is_none())
            {
                histograms.done(core::mem::take(&mut leaf.histogram));
            }
        }
        let leaves = leaves
            .into_iter()
            .map(|leaf| (values[leaf.node], leaf.rows));
        (tree, leaves.collect())
    }

    /// Whether a leaf with so many `rows` may be split when the tree has so many `leaves`.
    fn may_split(&self, rows: usize, leaves: usize) -> bool {
        leaves < self.leaves && rows >= 2 * self.limits.rows as usize && rows >= 2
    }

    /// What a leaf with `sums` adds to the score: a step of Newton's method, shortened by the rate.
    fn value(&self, sums: Sums) -> f64 {
        let curvature = sums.hessian + self.limits.l2;
        match curvature > 0.0 {
            true => -self.rate * sums.gradient / curvature,
            false => 0.0,
        }
    }

    fn leaf(
        &self,
        node: usize,
        rows: Range<usize>,
        histogram: Histogram,
        histograms: &Histograms<'_>,
        random: &mut ChaCha8Rng,
    ) -> Leaf {
        let can = !histogram.is_empty() && rows.len() >= 2 * self.limits.rows as usize;
        let split = match can {
            true => self.best_split(&histogram, histograms, random),
            false => None,
        };
        Leaf {
            node,
            rows,
            histogram,
            split,
        }
    }

    /// The best split by any column, and the column.
    fn best_split(
        &self,
        histogram: &Histogram,
        histograms: &Histograms<'_>,
        random: &mut ChaCha8Rng,
    ) -> Option<(usize, Split)> {
        let mut found: Option<(usize, Split)> = None;
        let mut total = Cell::default();
        if let Some((_, cells)) = histograms.split(histogram).next() {
            for cell in cells {
                total.add(*cell);
            }
        }
        for (column, (values, cells)) in self.columns.iter().zip(histograms.split(histogram)) {
            let drawn = self.extra.then(|| match cells.len() {
                0..=2 => 0,
                count => random.random_range(1..count - 1),
            });
            if let Some(split) = best(values, cells, total, self.scale, &self.limits, drawn)
                && found
                    .as_ref()
                    .is_none_or(|(_, best)| split.gain > best.gain)
            {
                found = Some((*column, split));
            }
        }
        found
    }
}

/// Takes the split that gains most from its leaf, the first of equals: the place of the leaf, the
/// column and the split.
fn next(leaves: &mut [Leaf]) -> Option<(usize, usize, Split)> {
    let mut most = 0.0;
    let mut place = None;
    for (at, leaf) in leaves.iter().enumerate() {
        if let Some((_, split)) = &leaf.split
            && split.gain > most
        {
            most = split.gain;
            place = Some(at);
        }
    }
    let place = place?;
    let (column, split) = leaves[place].split.take()?;
    Some((place, column, split))
}

#[cfg(test)]
mod tests;

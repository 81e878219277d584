//! The best split of a leaf by one column.

use crate::bins::Values;
use crate::cells::{Cell, Scale, Sums};
use crate::tree::Left;

/// Up to this many categories are each tried against all others (`max_cat_to_onehot` of `LightGBM`).
const FEW_CATEGORIES: usize = 4;
/// Added to the sum of second derivatives where categories are sorted, and to the regularisation of
/// their splits, as little is known of a rare category (`cat_smooth` and `cat_l2` of `LightGBM`).
const CATEGORY_SMOOTHING: f64 = 10.0;
/// Largest number of categories on the left side (`max_cat_threshold` of `LightGBM`).
const MOST_ON_A_SIDE: usize = 32;
/// A split has to gain more than this: less is rounding.
const LEAST_GAIN: f64 = 1e-9;

/// Twice what a leaf with these sums takes off the loss (equation 6 of T. Chen and C. Guestrin,
/// "`XGBoost`: a scalable tree boosting system", KDD 2016).
fn gain(sums: Sums, l2: f64) -> f64 {
    let curvature = sums.hessian + l2;
    match curvature > 0.0 {
        true => sums.gradient * sums.gradient / curvature,
        false => 0.0,
    }
}

/// What a split has to keep to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Smallest number of rows on each side.
    pub rows: u32,
    /// Smallest sum of second derivatives on each side.
    pub hessian: f64,
    /// Smallest number of rows of a group of categories (`min_data_per_group` of `LightGBM`).
    pub group: u32,
    /// L2 regularisation.
    pub l2: f64,
}

impl Limits {
    fn allow(&self, sums: Sums) -> bool {
        sums.rows >= self.rows && sums.hessian >= self.hessian
    }
}

/// A split of a leaf by one column.
#[derive(Debug, Clone)]
pub(crate) struct Split {
    pub gain: f64,
    pub left: Left,
    /// The sums of the left and of the right side.
    pub sums: [Sums; 2],
}

/// The best split of a leaf with the sum `total` by a column with `values` and the histogram
/// `cells`. Of a column of numbers, only the threshold after the bin `drawn` is tried, if one is given.
pub(crate) fn best(
    values: &Values,
    cells: &[Cell],
    total: Cell,
    scale: Scale,
    limits: &Limits,
    drawn: Option<usize>,
) -> Option<Split> {
    let sums = scale.sums(total);
    let mut search = Search {
        cells,
        scale,
        total,
        sums,
        parent: gain(sums, limits.l2),
        limits,
        best: None,
    };
    match values {
        Values::Numbers { .. } => search.numbers(drawn),
        Values::Categories { categories } if categories.len() <= FEW_CATEGORIES => {
            search.one_against_all();
        }
        Values::Categories { .. } => search.sorted_categories(),
    }
    search.best
}

struct Search<'a> {
    cells: &'a [Cell],
    scale: Scale,
    /// The sum of all cells.
    total: Cell,
    sums: Sums,
    /// Gain of the leaf that is split.
    parent: f64,
    limits: &'a Limits,
    best: Option<Split>,
}

impl Search<'_> {
    /// Keeps the split with the sum `left` on the left side if it is the best one so far.
    #[inline]
    fn propose(&mut self, left: Cell, l2: f64, set: impl FnOnce() -> Left) {
        let mut right = self.total;
        right.subtract(left);
        let [left, right] = [left, right].map(|cell| self.scale.sums(cell));
        if !self.limits.allow(left) || !self.limits.allow(right) {
            return;
        }
        let gain = gain(left, l2) + gain(right, l2) - self.parent;
        if gain > self.best.as_ref().map_or(LEAST_GAIN, |best| best.gain) {
            self.best = Some(Split {
                gain,
                left: set(),
                sums: [left, right],
            });
        }
    }

    /// Tries the thresholds of a column of numbers, with missing values on either side.
    fn numbers(&mut self, drawn: Option<usize>) {
        let Some((missing, cells)) = self.cells.split_first() else {
            return;
        };
        let l2 = self.limits.l2;
        let missing_rows = self.scale.rows(*missing);
        let unseen = missing_rows == 0;
        let mut left = Cell::default();
        // The cells first: a range of bytes cannot go beyond the last bin.
        let below = cells.iter().take(cells.len().saturating_sub(1));
        for (cell, bin) in below.zip(1_u8..) {
            left.add(*cell);
            let rows = self.scale.rows(left);
            if self.sums.rows - rows < self.limits.rows {
                // Even with the missing values there are too few rows on the right from here on.
                break;
            }
            let empty = self.scale.rows(*cell) == 0;
            let skip = drawn.map_or(empty, |drawn| drawn != usize::from(bin));
            if skip || rows + missing_rows < self.limits.rows {
                continue;
            }
            if unseen {
                // Without missing values here, those of other rows go where more rows go.
                let more = rows > self.sums.rows / 2;
                self.propose(left, l2, || Left::UpTo(bin, more));
                continue;
            }
            self.propose(left, l2, || Left::UpTo(bin, false));
            let mut with = left;
            with.add(*missing);
            self.propose(with, l2, || Left::UpTo(bin, true));
        }
        if !unseen && drawn.is_none() {
            // All numbers against the missing values.
            let mut known = self.total;
            known.subtract(*missing);
            let last = cells.len() as u8;
            self.propose(known, l2, || Left::UpTo(last, false));
        }
    }

    fn one_against_all(&mut self) {
        for (bin, cell) in self.cells.iter().enumerate() {
            self.propose(*cell, self.limits.l2, || Left::Set(set(&[bin])));
        }
    }

    /// Sorts the categories by the value that a leaf of each would have, and cuts the list (W. Fisher,
    /// "On grouping for maximum homogeneity", JASA 53, 1958). Missing and rare categories go right.
    fn sorted_categories(&mut self) {
        let least = CATEGORY_SMOOTHING.min(f64::from(self.limits.group)) as u32;
        let mut order: Vec<(f64, usize)> = (1..self.cells.len())
            .filter(|bin| self.scale.rows(self.cells[*bin]) >= least)
            .map(|bin| {
                let sums = self.scale.sums(self.cells[bin]);
                (sums.gradient / (sums.hessian + CATEGORY_SMOOTHING), bin)
            })
            .collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut bins: Vec<usize> = order.into_iter().map(|(_, bin)| bin).collect();
        let l2 = self.limits.l2 + CATEGORY_SMOOTHING;
        for _direction in 0..2 {
            let mut left = Cell::default();
            let mut group = 0;
            for (place, bin) in bins.iter().enumerate().take(MOST_ON_A_SIDE) {
                let cell = self.cells[*bin];
                left.add(cell);
                group += self.scale.rows(cell);
                if group >= self.limits.group {
                    group = 0;
                    self.propose(left, l2, || Left::Set(set(&bins[..=place])));
                }
            }
            bins.reverse();
        }
    }
}

fn set(bins: &[usize]) -> [u64; 4] {
    let mut set = [0; 4];
    for bin in bins {
        set[bin / 64] |= 1 << (bin % 64);
    }
    set
}

//! A tree: its nodes, and how it answers.

use serde::{Deserialize, Serialize};

use crate::bins::{Binned, MISSING};

/// The bins that go to the left child of a split; all others go to the right one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Left {
    /// For a column of numbers: the bins from 1 up to this one, and the bin of missing values if
    /// the second field, `missing_goes_left`, is set.
    UpTo(u8, bool),
    /// For a column of categories: the bins whose bits are set. Bin `b` is bit `b % 64` of the
    /// number `b / 64`; bin 0 stands for missing, unseen and rare categories.
    Set([u64; 4]),
}

impl Left {
    /// Whether a value in `bin` goes to the left.
    #[must_use]
    pub fn takes(&self, bin: u8) -> bool {
        match self {
            Self::UpTo(_, missing_goes_left) if bin == MISSING => *missing_goes_left,
            Self::UpTo(last, _) => bin <= *last,
            Self::Set(bits) => has(bits, bin),
        }
    }

    /// The bins as a set.
    pub(crate) fn bits(&self) -> [u64; 4] {
        match self {
            Self::Set(bits) => *bits,
            Self::UpTo(last, missing_goes_left) => {
                let upto = |word: u32| match (u32::from(*last) + 1).saturating_sub(64 * word) {
                    count @ 0..64 => (1 << count) - 1,
                    _ => u64::MAX,
                };
                let [first, others @ ..] = [0, 1, 2, 3].map(upto);
                let first = first & !1 | u64::from(*missing_goes_left);
                [first, others[0], others[1], others[2]]
            }
        }
    }
}

fn has(bits: &[u64; 4], bin: u8) -> bool {
    bits[usize::from(bin / 64)] >> (bin % 64) & 1 == 1
}

/// A node of a tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Node {
    /// Rows go to one of two children.
    Split {
        /// The column, by its place in the table.
        column: usize,
        /// What goes to the left child.
        left: Left,
        /// Places of the left and the right child in [`Tree::nodes`]; both are after this node.
        children: [usize; 2],
    },
    /// The value that is added to the score.
    Leaf(f64),
}

/// A tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tree {
    /// The nodes; the first is the root.
    pub nodes: Vec<Node>,
}

impl Tree {
    /// What the tree adds to the score of row number `row` of `data`, a table with the bins that the
    /// tree was grown on.
    ///
    /// # Panics
    ///
    /// If `data` has no such row, or lacks a column that the tree uses.
    #[must_use]
    pub fn answer(&self, data: &Binned, row: usize) -> f64 {
        let mut at = 0;
        loop {
            match &self.nodes[at] {
                Node::Leaf(value) => return *value,
                Node::Split {
                    column,
                    left,
                    children,
                } => {
                    let bin = data.columns[*column].bins[row];
                    at = children[usize::from(!left.takes(bin))];
                }
            }
        }
    }

    /// Calls `each` with every one of the `rows` and what the tree adds to its score. The rows change
    /// their order. This is faster than following each row by itself.
    pub(crate) fn answer_all(
        &self,
        data: &Binned,
        rows: &mut [u32],
        mut each: impl FnMut(u32, f64),
    ) {
        let mut scratch = Vec::new();
        let mut waiting = vec![(0, rows)];
        while let Some((node, rows)) = waiting.pop() {
            match &self.nodes[node] {
                Node::Leaf(value) => rows.iter().for_each(|row| each(*row, *value)),
                Node::Split {
                    column,
                    left,
                    children,
                } => {
                    let middle = partition(rows, &data.columns[*column].bins, left, &mut scratch);
                    let (first, second) = rows.split_at_mut(middle);
                    waiting.extend([(children[0], first), (children[1], second)]);
                }
            }
        }
    }
}

/// Moves the rows that go to the left to the front, and returns how many they are. Both sides keep
/// their order.
pub(crate) fn partition(
    rows: &mut [u32],
    bins: &[u8],
    left: &Left,
    scratch: &mut Vec<u32>,
) -> usize {
    let set = left.bits();
    scratch.resize(rows.len().max(scratch.len()), 0);
    let right = &mut scratch[..rows.len()];
    // Every row is written to both sides and only the counts differ: a branch here would be
    // mispredicted about every other time.
    let mut count = 0;
    for place in 0..rows.len() {
        let row = rows[place];
        let takes = has(&set, bins[row as usize]);
        right[place - count] = row;
        rows[count] = row;
        count += usize::from(takes);
    }
    let others = rows.len() - count;
    rows[count..].copy_from_slice(&right[..others]);
    count
}

//! Decision trees whose answers add up.

/// Trees in the words of a model file.
///
/// The nodes of a tree are words of 32 bits, a split before its left and then its right part. The lowest bit tells a leaf from
/// a split. A leaf is the float that it adds, with that bit set. A split has
///
/// | Bits | Content |
/// | --- | --- |
/// | 1 | whether a missing number goes left |
/// | 2 to 9 | the last bin of a column of numbers that goes left; of categories, how many words their set has |
/// | 10 to 19 | how many words the left part has |
/// | 20 | whether the column is of categories |
/// | 21 to 31 | the column |
///
/// and, in a column of categories, a set behind it: words with a bit for each of the column's bins, which go left if theirs is
/// set. Bin 0 is of missing values. Of numbers, bin `b` is what is above the edge number `b − 2` and not above number `b − 1`.
#[derive(Debug, Clone, Copy)]
pub struct Forest<'a> {
    /// The scores without a tree.
    pub start: &'a [f32],
    /// Where each tree starts among the nodes. The trees add to the scores in turn.
    pub roots: &'a [u32],
    /// The nodes.
    pub nodes: &'a [u32],
    /// Shape `[columns + 1]`: where the edges of each column start; those of the next one are behind them.
    pub edge_starts: &'a [u32],
    /// The edges of all columns, rising in each.
    pub edges: &'a [f32],
    /// Shape `[columns + 1]`: where the bins of the categories of each column start.
    pub bin_starts: &'a [u32],
    /// The bin of each category of all columns; 0 is also that of missing and unseen values.
    pub bins: &'a [u32],
}

/// Bits of a word of a set.
const WORD: usize = 32;
/// Trees that are walked in step.
const TREES: usize = 4;
/// Bins of a column, at most.
const MOST_BINS: usize = 256;
/// The bit of splits of categories.
const CATEGORY: u32 = 1 << 20;
/// Columns that trees can read, at most.
pub const MOST_COLUMNS: usize = 1 << 11;
/// Words of the left part of a split, at most.
pub const MOST_WORDS: usize = (1 << 10) - 1;

/// A split in a word: see [`Forest`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Split {
    /// Whether a missing number goes left.
    pub missing_left: bool,
    /// The last bin of numbers that goes left, or the number of words of a set.
    pub last: u8,
    /// How many words the left part has.
    pub left_words: usize,
    /// Whether the column is of categories.
    pub category: bool,
    /// The column.
    pub column: usize,
}

impl Split {
    /// The word for it.
    #[must_use]
    pub fn to_word(self) -> u32 {
        let category = u32::from(self.category) * CATEGORY;
        (u32::from(self.missing_left) << 1)
            | (u32::from(self.last) << 2)
            | ((self.left_words as u32) << 10)
            | category
            | ((self.column as u32) << 21)
    }

    fn from_word(word: u32) -> Self {
        Self {
            missing_left: word & 2 != 0,
            last: (word >> 2) as u8,
            left_words: ((word >> 10) as usize) & MOST_WORDS,
            category: word & CATEGORY != 0,
            column: (word >> 21) as usize,
        }
    }
}

/// The word for a leaf that adds `value`.
#[must_use]
pub fn leaf(value: f32) -> u32 {
    value.to_bits() | 1
}

/// How many words a set of the bins of a column with so many categories takes: a bit for each category and one for missing
/// values, up to 256.
#[must_use]
pub fn set_words(categories: usize) -> usize {
    (categories + 1).min(MOST_BINS).div_ceil(WORD)
}

/// Where those of `column` start and end.
fn own(starts: &[u32], column: usize) -> Option<(usize, usize)> {
    let (from, to) = (starts.get(column)?, starts.get(column + 1)?);
    Some((*from as usize, *to as usize))
}

impl Forest<'_> {
    /// Whether starts rise and every split is of a column and an edge that there are. [`add`](Self::add) is safe whatever the
    /// nodes are: it only goes forwards, and ends where there is no node.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let rise = |starts: &[u32], end: usize| {
            starts
                .windows(2)
                .all(|pair| matches!(pair, [a, b] if a <= b))
                && starts.last().is_some_and(|last| *last as usize == end)
        };
        let rooted = (self.roots.iter()).all(|root| (*root as usize) < self.nodes.len());
        let shaped = !self.start.is_empty()
            && rooted
            && rise(self.edge_starts, self.edges.len())
            && rise(self.bin_starts, self.bins.len());
        let mut at = 0;
        while shaped && let Some(word) = self.nodes.get(at) {
            at += 1;
            if word & 1 == 1 {
                continue;
            }
            let split = Split::from_word(*word);
            let fits = match split.category {
                true => {
                    let bins = own(self.bin_starts, split.column);
                    let words = usize::from(split.last);
                    at += words;
                    bins.is_some_and(|(from, to)| words == set_words(to - from))
                }
                false => own(self.edge_starts, split.column).is_some(),
            };
            if !fits || at + split.left_words >= self.nodes.len() {
                return false;
            }
        }
        shaped
    }

    /// Writes the scores for `input`, a number for each column: of a category its position, NaN where it is missing, and a
    /// negative number for one that training has not seen. `bins` is memory for as many numbers.
    pub fn add(&self, input: &[f32], bins: &mut [u32], scores: &mut [f32]) {
        for (column, (x, bin)) in input.iter().zip(bins.iter_mut()).enumerate() {
            *bin = self.bin(column, *x);
        }
        for (score, start) in scores.iter_mut().zip(self.start) {
            *score = *start;
        }
        // The scores take turns, tree by tree.
        let width = self.start.len().max(1);
        let (steps, rest) = self.roots.as_chunks::<TREES>();
        let mut turn = 0;
        let mut add = |answer: f32| {
            if let Some(score) = scores.get_mut(turn) {
                *score += answer;
            }
            turn = if turn + 1 == width { 0 } else { turn + 1 };
        };
        for roots in steps {
            let answers = self.answers(roots.map(|root| root as usize), bins);
            answers.into_iter().for_each(&mut add);
        }
        for root in rest {
            let answers = self.answers([*root as usize], bins);
            answers.into_iter().for_each(&mut add);
        }
    }

    /// The bin of `x` in a column.
    fn bin(&self, column: usize, x: f32) -> u32 {
        let (from, to) = own(self.bin_starts, column).unwrap_or((0, 0));
        if to > from {
            // That of an unseen one is the code of none.
            let code = if x >= 0.0 { x as usize } else { usize::MAX };
            let bins = self.bins.get(from..to).unwrap_or_default();
            return bins.get(code).copied().unwrap_or(0);
        }
        if x.is_nan() {
            return 0;
        }
        let (from, to) = own(self.edge_starts, column).unwrap_or((0, 0));
        let edges = self.edges.get(from..to).unwrap_or_default();
        1 + edges.partition_point(|edge| *edge < x) as u32
    }

    /// What the trees that start at the nodes `at` add for a row with these bins. They are walked in step, so that the
    /// processor loads the nodes of all at the same time.
    #[inline]
    fn answers<const N: usize>(&self, mut at: [usize; N], bins: &[u32]) -> [f32; N] {
        let mut words = at.map(|at| self.word(at));
        let mut walks = true;
        while walks {
            walks = false;
            for (at, word) in at.iter_mut().zip(&mut words) {
                if *word & 1 == 0 {
                    *at = self.child(*at, *word, bins);
                    *word = self.word(*at);
                    walks = true;
                }
            }
        }
        words.map(f32::from_bits)
    }

    /// The word of a node; where there is none, that of a leaf with the smallest positive float.
    #[inline]
    fn word(&self, at: usize) -> u32 {
        self.nodes.get(at).copied().unwrap_or(1)
    }

    /// Where the row with these bins goes from the split `word` at `at`. There is no branch for the way that it takes: the
    /// processor would mispredict it often.
    #[inline]
    fn child(&self, at: usize, word: u32, bins: &[u32]) -> usize {
        let bin = bins.get((word >> 21) as usize).copied().unwrap_or(0);
        let last = (word >> 2) & 255;
        let category = (word / CATEGORY) & 1;
        let set = self.nodes.get(at + 1 + bin as usize / WORD).copied();
        let in_set = (set.unwrap_or(0) >> (bin as usize % WORD)) & 1;
        let missing = u32::from(bin == 0);
        let below = (missing & (word >> 1)) | (u32::from(bin <= last) & (missing ^ 1));
        let left = (category & in_set) | ((category ^ 1) & below);
        let skipped = (last & category.wrapping_neg())
            + ((word >> 10) & MOST_WORDS as u32 & left.wrapping_sub(1));
        at + 1 + skipped as usize
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::vec::Vec;

    const MISSING: f32 = f32::NAN;
    const UNSEEN: f32 = -1.0;

    const fn split(missing_left: bool, last: u8, left_words: usize, column: usize) -> Split {
        Split {
            missing_left,
            last,
            left_words,
            category: column == 1,
            column,
        }
    }

    /// The nodes of two trees.
    fn nodes() -> [u32; 7] {
        [
            // x ≤ 2.5, missing left: a category; else 8.
            split(true, 2, 4, 0).to_word(),
            split(false, 1, 1, 1).to_word(),
            0b101,
            leaf(2.0),
            leaf(4.0),
            leaf(8.0),
            // The second tree.
            leaf(0.5),
        ]
    }

    /// Trees of these nodes, of a column of numbers and one of categories.
    fn forest<'a>(start: &'a [f32], roots: &'a [u32], nodes: &'a [u32]) -> Forest<'a> {
        Forest {
            start,
            roots,
            nodes,
            edge_starts: &[0, 2, 2],
            edges: &[1.5, 2.5],
            bin_starts: &[0, 0, 3],
            // The second category is too rare.
            bins: &[1, 0, 2],
        }
    }

    #[test]
    fn a_split_goes_through_its_word() {
        for expected in [
            split(true, 255, MOST_WORDS, MOST_COLUMNS - 1),
            split(false, 0, 1, 0),
        ] {
            let word = expected.to_word();
            assert_eq!((word & 1, Split::from_word(word)), (0, expected));
        }
    }

    #[test]
    fn trees_add_up() {
        let nodes = nodes();
        let trees = forest(&[1.0], &[0, 6], &nodes);
        assert!(trees.is_sound());
        let mut output = [f32::NAN];
        for (input, expected) in [
            ([2.5, 2.0], 2.0),
            ([2.5, 1.0], 2.0),
            ([2.5, 0.0], 4.0),
            ([2.6, 0.0], 8.0),
            ([MISSING, 0.0], 4.0),
            ([1.0, MISSING], 2.0),
            ([1.0, UNSEEN], 2.0),
            ([1.0, 1e30], 2.0),
        ] {
            trees.add(&input, &mut [0; 2], &mut output);
            assert!(
                (output[0] - 1.5 - expected).abs() < 1e-5,
                "{input:?} {output:?}"
            );
        }
        for bad in [
            Forest {
                roots: &[7],
                ..trees
            },
            Forest {
                edge_starts: &[0, 2, 1],
                ..trees
            },
            Forest {
                nodes: &nodes[..5],
                roots: &[0],
                ..trees
            },
            Forest {
                start: &[],
                ..trees
            },
        ] {
            assert!(!bad.is_sound());
            bad.add(&[1.0, 1.0], &mut [0; 2], &mut output);
        }
    }

    /// Any number of trees, those that are walked in step and the rest, beside each tree by itself.
    #[test]
    fn trees_in_step_are_those_one_by_one() {
        let nodes = nodes();
        let many: Vec<u32> = [0, 6, 1, 5, 0, 1].repeat(3);
        for count in 0..many.len() {
            let roots = &many[..count];
            for input in [[2.5, 2.0], [2.5, 0.0], [2.6, 0.0], [MISSING, UNSEEN]] {
                let (mut together, mut each, mut sum) = ([0.0], [0.0], 0.0);
                forest(&[0.0], roots, &nodes).add(&input, &mut [0; 2], &mut together);
                for root in roots {
                    forest(&[0.0], std::slice::from_ref(root), &nodes).add(
                        &input,
                        &mut [0; 2],
                        &mut each,
                    );
                    sum += each[0];
                }
                assert_eq!(
                    together[0].to_bits(),
                    f32::to_bits(sum),
                    "{count} {input:?}"
                );
            }
        }
    }

    #[test]
    fn scores_take_turns() {
        let trees = Forest {
            start: &[0.0, 10.0],
            roots: &[0, 1, 2, 3],
            nodes: &[leaf(1.0), leaf(2.0), leaf(4.0), leaf(8.0)],
            edge_starts: &[0, 0],
            edges: &[],
            bin_starts: &[0, 0],
            bins: &[],
        };
        let mut output = [f32::NAN; 2];
        trees.add(&[0.0], &mut [0], &mut output);
        assert!((output[0] - 5.0).abs() < 1e-5 && (output[1] - 20.0).abs() < 1e-5);
    }
}

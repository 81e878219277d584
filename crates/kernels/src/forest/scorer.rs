//! Trees as rows are tested.
//!
//! A row does not walk through the trees: the splits of all trees are tested column by column, as in `QuickScorer` (C. Lucchese
//! et al., "A fast algorithm to rank documents with additive ensembles of regression trees", SIGIR 2015). Each
//! tree has a bit for each leaf, from left to right. A split that sends the row to the right clears the bits of the leaves
//! on its left. The first bit that is left is the leaf where a walk would end.

use alloc::vec;
use alloc::vec::Vec;

use super::{Forest, MOST_BINS, MOST_COLUMNS, MOST_LEAVES, Split, WORD, own, rise, set_words};

/// A [`Forest`] in the order in which rows are tested.
#[derive(Debug, Clone)]
pub struct Scorer<'a> {
    forest: Forest<'a>,
    /// The splits, by columns; those of a column of numbers by their last bin.
    tests: Vec<Test>,
    /// Where the tests of each column start, and where the last ones end.
    starts: Vec<usize>,
    /// What the leaves of all trees add.
    leaves: Vec<f32>,
    /// Where the leaves of each tree start.
    first_leaves: Vec<usize>,
}

/// A split of a tree, as rows are tested.
#[derive(Debug, Clone, Copy, Default)]
struct Test {
    /// Of numbers the split's word; of categories the set of bins that go left if it is one word, else where it starts among the
    /// nodes.
    left: u32,
    tree: u32,
    /// All leaves but those on the left.
    right: u32,
}

impl Test {
    /// What is left of a tree's `leaves` if the row goes left, or else right.
    fn kept(&self, leaves: u32, left: u32) -> u32 {
        leaves & (self.right | left.wrapping_neg())
    }
}

impl<'a> Scorer<'a> {
    /// Reads a forest; nothing if it is not sound: starts have to rise, trees have to follow each other and have at most 32
    /// leaves, and every split has to be of a column that there is.
    #[must_use]
    #[inline(never)]
    pub fn new(forest: Forest<'a>) -> Option<Self> {
        let columns = forest.edge_starts.len().checked_sub(1)?;
        let shaped = !forest.start.is_empty()
            && columns <= MOST_COLUMNS
            && rise(forest.edge_starts, forest.edges.len())
            && rise(forest.bin_starts, forest.bins.len());
        let mut scorer = Self {
            forest,
            tests: Vec::new(),
            starts: Vec::new(),
            leaves: Vec::new(),
            first_leaves: Vec::new(),
        };
        let (mut tests, mut at) = (Vec::with_capacity(forest.nodes.len() / 2), 0);
        for root in forest.roots {
            scorer.first_leaves.push(scorer.leaves.len());
            if *root as usize != at {
                return None;
            }
            at = scorer.read(at, 0, &mut tests)?;
        }
        if !shaped || at != forest.nodes.len() {
            return None;
        }
        // One after the other, each keeping the order of the one before.
        let (tests, _) = sorted(tests, MOST_BINS, |sortable| usize::from(sortable.last));
        let (tests, starts) = sorted(tests, columns, |sortable| usize::from(sortable.column));
        scorer.tests = tests.iter().map(|sortable| sortable.test).collect();
        scorer.starts = starts;
        Some(scorer)
    }

    /// Reads the part of a tree that starts at the node `at`, and returns where it ends. Its splits go to `tests`.
    fn read(&mut self, at: usize, depth: usize, tests: &mut Vec<Sortable>) -> Option<usize> {
        let word = *self.forest.nodes.get(at)?;
        let first = *self.first_leaves.last()?;
        let before = self.leaves.len() - first;
        if word & 1 == 1 {
            self.leaves.push(f32::from_bits(word));
            return (before < MOST_LEAVES).then_some(at + 1);
        }
        let split = Split::from_word(word);
        let (from, to) = own(self.forest.bin_starts, split.column)?;
        let words = match split.category {
            true => set_words(to - from),
            false => 0,
        };
        let fits = split.category == (to > from)
            && (!split.category || usize::from(split.last) == words)
            && own(self.forest.edge_starts, split.column).is_some();
        if depth == MOST_LEAVES || !fits {
            return None;
        }
        let left = at + 1 + words;
        let right = self.read(left, depth + 1, tests)?;
        let on_the_left = (1_u64 << (self.leaves.len() - first)) - (1 << before);
        let test = Test {
            left: match words {
                0 => word,
                1 => *self.forest.nodes.get(at + 1)?,
                _ => at as u32 + 1,
            },
            tree: self.first_leaves.len() as u32 - 1,
            right: !(on_the_left as u32),
        };
        tests.push(Sortable {
            column: split.column as u16,
            last: split.last,
            test,
        });
        match right == left + split.left_words {
            true => self.read(right, depth + 1, tests),
            false => None,
        }
    }

    /// How many scores there are.
    #[must_use]
    pub fn scores(&self) -> usize {
        self.forest.start.len()
    }

    /// Writes the scores for `input`, a number for each column: of a category its position, NaN where it is missing, and a
    /// negative number for one that training has not seen.
    #[inline(never)]
    pub fn add(&self, input: &[f32], scores: &mut [f32]) {
        let mut trees = vec![u32::MAX; self.first_leaves.len()];
        for ((column, x), starts) in input.iter().enumerate().zip(self.starts.windows(2)) {
            let &[from, to] = starts else {
                continue;
            };
            let tests = self.tests.get(from..to).unwrap_or_default();
            self.test(column, *x, tests, &mut trees);
        }
        for (score, start) in scores.iter_mut().zip(self.forest.start) {
            *score = *start;
        }
        // The scores take turns, tree by tree.
        let mut turn = 0;
        for (leaves, first) in trees.iter().zip(&self.first_leaves) {
            let leaf = self.leaves.get(first + leaves.trailing_zeros() as usize);
            if let Some(score) = scores.get_mut(turn) {
                *score += leaf.copied().unwrap_or_default();
            }
            turn = if turn + 1 == self.scores() {
                0
            } else {
                turn + 1
            };
        }
    }

    /// Clears the leaves that a row with `x` in this column does not reach.
    #[inline]
    fn test(&self, column: usize, x: f32, tests: &[Test], trees: &mut [u32]) {
        let mut keep = |test: &Test, left: u32| {
            if let Some(leaves) = trees.get_mut(test.tree as usize) {
                *leaves = test.kept(*leaves, left);
            }
        };
        let (from, to) = own(self.forest.bin_starts, column).unwrap_or((0, 0));
        if to > from {
            // That of an unseen one is the code of none.
            let code = if x >= 0.0 { x as usize } else { usize::MAX };
            let bins = self.forest.bins.get(from..to).unwrap_or_default();
            let bin = bins.get(code).copied().unwrap_or(0) as usize;
            let (word, bit) = (bin / WORD, bin % WORD);
            if set_words(to - from) == 1 {
                // A bin that the set has no bit for goes right.
                let none = u32::from(word == 0);
                for test in tests {
                    keep(test, (test.left >> bit) & none);
                }
                return;
            }
            for test in tests {
                let set = self.forest.nodes.get(test.left as usize + word);
                keep(test, (set.copied().unwrap_or(0) >> bit) & 1);
            }
            return;
        }
        if x.is_nan() {
            for test in tests {
                keep(test, (test.left >> 1) & 1);
            }
            return;
        }
        let (from, to) = own(self.forest.edge_starts, column).unwrap_or((0, 0));
        let edges = self.forest.edges.get(from..to).unwrap_or_default();
        let bin = 1 + edges.partition_point(|edge| *edge < x) as u32;
        for test in tests {
            if (test.left >> 2) & 255 >= bin {
                break;
            }
            keep(test, 0);
        }
    }
}

/// How a split is tested, and when.
#[derive(Debug, Clone, Copy)]
struct Sortable {
    column: u16,
    last: u8,
    test: Test,
}

/// The `tests` in the order of their keys, which are below `keys`, and where those of each key start; of equal keys in the order
/// that they have.
fn sorted(
    tests: Vec<Sortable>,
    keys: usize,
    key: fn(&Sortable) -> usize,
) -> (Vec<Sortable>, Vec<usize>) {
    let mut starts = vec![0; keys + 1];
    for test in &tests {
        if let Some(count) = starts.get_mut(key(test) + 1) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    let (mut sorted, mut places) = (tests.clone(), starts.clone());
    for test in tests {
        if let Some(place) = places.get_mut(key(&test)) {
            if let Some(slot) = sorted.get_mut(*place) {
                *slot = test;
            }
            *place += 1;
        }
    }
    (sorted, starts)
}

#[cfg(test)]
mod tests {
    use super::super::{CATEGORY, leaf};
    use super::*;

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
    fn trees_add_up() {
        let nodes = nodes();
        let trees = forest(&[1.0], &[0, 6], &nodes);
        let scorer = Scorer::new(trees).unwrap();
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
            scorer.add(&input, &mut output);
            assert!(
                (output[0] - 1.5 - expected).abs() < 1e-5,
                "{input:?} {output:?}"
            );
        }
    }

    #[test]
    fn what_is_no_forest_is_refused() {
        let nodes = nodes();
        let trees = forest(&[1.0], &[0, 6], &nodes);
        let mut other_set = nodes;
        other_set[1] = split(false, 2, 1, 1).to_word();
        let mut other_left = nodes;
        other_left[0] = split(true, 2, 3, 0).to_word();
        let mut other_column = nodes;
        other_column[0] = split(true, 2, 4, 2).to_word();
        let mut number_as_category = nodes;
        number_as_category[0] |= CATEGORY;
        let mut deep: Vec<u32> = (0..33).map(|_| split(false, 1, 1, 0).to_word()).collect();
        deep.push(leaf(1.0));
        let many: Vec<u32> = (0..32)
            .flat_map(|_| [split(false, 1, 1, 0).to_word(), leaf(1.0)])
            .chain([leaf(1.0)])
            .collect();
        for bad in [
            Forest {
                roots: &[0],
                ..trees
            },
            Forest {
                roots: &[0, 5],
                ..trees
            },
            Forest {
                roots: &[0, 7],
                ..trees
            },
            Forest {
                edge_starts: &[0, 2, 1],
                ..trees
            },
            Forest {
                edge_starts: &[],
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
            forest(&[1.0], &[0, 6], &other_set),
            forest(&[1.0], &[0, 6], &other_left),
            forest(&[1.0], &[0, 6], &other_column),
            forest(&[1.0], &[0, 6], &number_as_category),
            forest(&[1.0], &[0], &deep),
            forest(&[1.0], &[0], &many),
        ] {
            assert!(Scorer::new(bad).is_none(), "{bad:?}");
        }
        assert!(Scorer::new(forest(&[1.0], &[0], &many[2..])).is_some());
    }

    /// From 32 categories on a set has several words.
    #[test]
    fn many_categories_have_a_set_of_several_words() {
        let bins: Vec<u32> = (1..=40).collect();
        let wide = |last| Split {
            missing_left: false,
            last,
            left_words: 1,
            category: true,
            column: 0,
        };
        // Bins 1, 31, 32 and 40 go left.
        let set = [1 << 1 | 1 << 31, 1 << 0 | 1 << 8];
        let nodes = [wide(2).to_word(), set[0], set[1], leaf(2.0), leaf(4.0)];
        let trees = |nodes| Forest {
            start: &[0.0],
            roots: &[0],
            nodes,
            edge_starts: &[0, 0],
            edges: &[],
            bin_starts: &[0, 40],
            bins: &bins,
        };
        let scorer = Scorer::new(trees(&nodes)).unwrap();
        for category in 0..40 {
            let mut found = [f32::NAN];
            scorer.add(&[category as f32], &mut found);
            let is_left = [0, 30, 31, 39].contains(&category);
            let expected = f32::from_bits(leaf(if is_left { 2.0 } else { 4.0 }));
            assert_eq!(found, [expected], "{category}");
        }
        let too_few = [wide(1).to_word(), set[0], leaf(2.0), leaf(4.0)];
        assert!(Scorer::new(trees(&too_few)).is_none());
    }

    /// A tree of so many leaves, always the same one for a seed.
    fn grow(leaves: usize, next: &mut impl FnMut(usize) -> usize, nodes: &mut Vec<u32>) {
        if leaves == 1 {
            return nodes.push(leaf(next(1000) as f32 / 8.0));
        }
        let (at, on_the_left) = (nodes.len(), 1 + next(leaves - 1));
        let (column, missing_left) = (next(2), next(2) == 1);
        nodes.push(0);
        let last = match column {
            1 => {
                nodes.push(next(8) as u32);
                1
            }
            _ => next(4),
        };
        let start = nodes.len();
        grow(on_the_left, next, nodes);
        let left_words = nodes.len() - start;
        nodes[at] = split(missing_left, last as u8, left_words, column).to_word();
        grow(leaves - on_the_left, next, nodes);
    }

    /// Where a row with these bins ends that walks through the tree at `at`.
    fn walk(nodes: &[u32], mut at: usize, bins: [u8; 2]) -> f32 {
        while nodes[at] & 1 == 0 {
            let split = Split::from_word(nodes[at]);
            let (bin, words) = (bins[split.column], usize::from(split.category));
            let left = match (split.category, bin) {
                (true, _) => nodes[at + 1] >> bin & 1 == 1,
                (false, 0) => split.missing_left,
                (false, _) => bin <= split.last,
            };
            at += 1 + words + if left { 0 } else { split.left_words };
        }
        f32::from_bits(nodes[at])
    }

    #[test]
    fn a_row_ends_where_a_walk_does() {
        let mut state = 1_u32;
        let mut next = |below: usize| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as usize % below
        };
        for leaves in 1..=MOST_LEAVES {
            let (mut nodes, mut roots) = (Vec::new(), Vec::new());
            for _ in 0..5 {
                roots.push(nodes.len() as u32);
                grow(leaves, &mut next, &mut nodes);
            }
            let scorer = Scorer::new(forest(&[0.5, 0.25], &roots, &nodes)).unwrap();
            for (number, bin) in [(1.0, 1), (2.0, 2), (3.0, 3), (MISSING, 0)] {
                for (category, set) in [(0.0, 1), (1.0, 0), (2.0, 2), (UNSEEN, 0)] {
                    let mut expected = [0.5, 0.25];
                    for (tree, start) in roots.iter().enumerate() {
                        expected[tree % 2] += walk(&nodes, *start as usize, [bin, set]);
                    }
                    let mut found = [f32::NAN; 2];
                    scorer.add(&[number, category], &mut found);
                    assert_eq!(found, expected, "{leaves} leaves, {number}, {category}");
                }
            }
        }
    }
}

//! Decision trees whose answers add up, and the words that they are stored in.

mod scorer;

pub use scorer::Scorer;

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
/// Leaves of a tree, at most: they are the bits of a number.
const MOST_LEAVES: usize = 32;
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

/// Whether `starts` rise up to `end`.
fn rise(starts: &[u32], end: usize) -> bool {
    let each = starts.windows(2);
    each.into_iter()
        .all(|pair| matches!(pair, [a, b] if a <= b))
        && starts.last().is_some_and(|last| *last as usize == end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_goes_through_its_word() {
        for expected in [
            Split {
                missing_left: true,
                last: 255,
                left_words: MOST_WORDS,
                category: true,
                column: MOST_COLUMNS - 1,
            },
            Split {
                missing_left: false,
                last: 0,
                left_words: 1,
                category: false,
                column: 0,
            },
        ] {
            let word = expected.to_word();
            assert_eq!((word & 1, Split::from_word(word)), (0, expected));
        }
    }
}

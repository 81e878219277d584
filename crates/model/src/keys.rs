//! Sorted lists of numbers in about ten bits each.

use alloc::vec::Vec;

/// Bits of a number that a list holds as they are.
const LOW_BITS: u32 = 8;
/// Most numbers with the same upper bits: their count is a byte.
const MOST_ALIKE: usize = u8::MAX as usize;
/// Counts between two sums that are kept.
const BLOCK: usize = 32;

/// Different numbers, rising. The file has the low byte of each, and for each value of the upper bits how many numbers
/// have it. So finding one is reading a few bytes side by side.
#[derive(Debug, Clone)]
pub struct Keys<'a> {
    low: &'a [u8],
    counts: &'a [u8],
    /// The sum of all counts before each block of them.
    starts: Vec<usize>,
}

impl<'a> Keys<'a> {
    /// The numbers with these low bytes; nothing if the counts do not add up to as many.
    #[must_use]
    pub fn new(low: &'a [u8], counts: &'a [u8]) -> Option<Self> {
        let sum = |counts: &[u8]| {
            counts
                .iter()
                .map(|count| usize::from(*count))
                .sum::<usize>()
        };
        let (mut starts, mut start) = (Vec::with_capacity(counts.len() / BLOCK + 1), 0);
        for block in counts.chunks(BLOCK) {
            starts.push(start);
            start += sum(block);
        }
        (start == low.len()).then_some(Self {
            low,
            counts,
            starts,
        })
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.low.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.low.is_empty()
    }

    /// The place of `key` in the list.
    #[must_use]
    pub fn position(&self, key: u32) -> Option<usize> {
        let upper = (key >> LOW_BITS) as usize;
        let count = usize::from(*self.counts.get(upper)?);
        let block = upper / BLOCK;
        let before = self.counts.get(block * BLOCK..upper)?;
        let before: usize = before.iter().map(|count| usize::from(*count)).sum();
        let start = self.starts.get(block)? + before;
        let own = self.low.get(start..start + count)?;
        let place = own.iter().position(|low| *low == key as u8)?;
        Some(start + place)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        let uppers = (0_u32..).zip(self.counts);
        let uppers =
            uppers.flat_map(|(upper, count)| core::iter::repeat_n(upper, usize::from(*count)));
        uppers
            .zip(self.low)
            .map(|(upper, low)| upper << LOW_BITS | u32::from(*low))
    }
}

/// Whether a list that has `before`, sorted, can have `key` behind it.
#[must_use]
pub fn has_room(before: &[u32], key: u32) -> bool {
    let alike = before
        .len()
        .checked_sub(MOST_ALIKE)
        .and_then(|at| before.get(at));
    alike.is_none_or(|other| other >> LOW_BITS != key >> LOW_BITS)
}

/// The low bytes of `keys`, which are sorted, and their counts, for [`Keys::new`]. They are below 2 to the power of `bits`, and each
/// [had room](has_room).
#[cfg(any(test, feature = "write"))]
#[must_use]
pub fn pack(keys: &[u32], bits: u32) -> [Vec<u8>; 2] {
    let mut counts = alloc::vec![0; 1 << (bits - LOW_BITS)];
    for key in keys {
        counts[(key >> LOW_BITS) as usize] += 1;
    }
    [keys.iter().map(|key| *key as u8).collect(), counts]
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn every_key_has_its_place_and_no_other_has_one() {
        let mut keys: Vec<u32> = (0..4000_u32).map(|i| i * i % 65_521).collect();
        keys.sort_unstable();
        keys.dedup();
        let [low, counts] = pack(&keys, 16);
        assert_eq!((low.len(), counts.len()), (keys.len(), 256));
        let packed = Keys::new(&low, &counts).unwrap();
        assert_eq!(packed.len(), keys.len());
        assert!(packed.iter().eq(keys.iter().copied()));
        for key in 0..1 << 16 {
            assert_eq!(packed.position(key), keys.binary_search(&key).ok(), "{key}");
        }
        assert_eq!(packed.position(1 << 16), None);
        assert_eq!(packed.position(u32::MAX), None);
    }

    #[test]
    fn counts_that_do_not_add_up_are_refused() {
        assert!(Keys::new(&[1, 2], &[0, 2]).is_some());
        assert!(Keys::new(&[1, 2], &[0, 3]).is_none());
        assert!(Keys::new(&[1, 2], &[1]).is_none());
        assert!(Keys::new(&[], &[]).unwrap().is_empty());
    }

    #[test]
    fn a_byte_counts_up_to_255() {
        let mut keys = Vec::new();
        for key in 0..600 {
            if has_room(&keys, key) {
                keys.push(key);
            }
        }
        let mut expected: Vec<u32> = (0..600).collect();
        expected.retain(|key| ![255, 511].contains(key));
        assert_eq!(keys, expected);
        let [low, counts] = pack(&keys, 10);
        assert_eq!(counts, vec![255, 255, 88, 0]);
        assert!(Keys::new(&low, &counts).unwrap().iter().eq(expected));
    }
}

use alloc::vec::Vec;

/// How many values the weights of a column have.
pub const LEVELS: usize = 16;
/// Bits of a weight.
const BITS: usize = 4;

/// A table of weights of 4 bits each, two to a byte, the first in the lower half. A row begins with a byte of its own. Every column has its
/// own 16 values.
#[derive(Debug, Clone)]
pub struct FourBits<'a> {
    packed: &'a [u8],
    columns: usize,
    /// Shape `[columns, 16]`, row-major.
    levels: Vec<f32>,
}

impl<'a> FourBits<'a> {
    /// The table of the rows in `packed`. `levels` are those of all columns.
    pub fn new(packed: &'a [u8], levels: impl Iterator<Item = f32>) -> Self {
        let levels: Vec<f32> = levels.collect();
        Self {
            packed,
            columns: levels.len() / LEVELS,
            levels,
        }
    }

    /// Bytes of a row.
    pub const fn row_bytes(columns: usize) -> usize {
        columns.div_ceil(2)
    }

    /// Calls `each` with the numbers of a row, from the column `first` on, and the places in `output`, up to its end.
    pub fn for_each(
        &self,
        row: usize,
        first: usize,
        output: &mut [f32],
        each: impl Fn(&mut f32, f32),
    ) {
        let bytes = Self::row_bytes(self.columns);
        let row = self.packed.get(row * bytes..).unwrap_or_default();
        for (column, place) in (first..).zip(output) {
            let byte = row.get(column / 2).copied().unwrap_or_default();
            let level = usize::from(byte >> (column % 2 * BITS)) % LEVELS;
            let level = self.levels.get(column * LEVELS + level);
            each(place, level.copied().unwrap_or_default());
        }
    }
}

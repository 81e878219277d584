//! Histograms: the sums of derivatives in each bin of each column.

use rayon::prelude::*;

use crate::bins::{Binned, BinnedColumn, Values};
use crate::cells::Cell;

/// Additions from which on it is worth sharing the columns out among threads.
const WORTH_SHARING: usize = 40_000;
/// Fewer rows than this are added up without tables, which take time to clear.
const FEW_ROWS: usize = 256;
/// Bins that an index of one byte can name.
const BINS: usize = 256;

/// The histograms of some columns for the rows of a leaf, one after the other.
pub(crate) type Histogram = Vec<Cell>;

/// Makes histograms, and uses the memory of those that are done with again.
pub(crate) struct Histograms<'a> {
    columns: Vec<&'a BinnedColumn>,
    unused: Vec<Histogram>,
    /// The derivatives of the rows of a leaf.
    gathered: Vec<Cell>,
}

impl<'a> Histograms<'a> {
    /// For the columns of `data` with the numbers `columns`.
    pub fn new(data: &'a Binned, columns: &[usize]) -> Self {
        Self {
            columns: columns
                .iter()
                .map(|column| &data.columns[*column])
                .collect(),
            unused: Vec::new(),
            gathered: Vec::new(),
        }
    }

    /// The histograms of `rows`, where `cells` has the derivatives of every row of the table.
    pub fn of(&mut self, rows: &[u32], cells: &[Cell]) -> Histogram {
        self.gathered.clear();
        self.gathered
            .extend(rows.iter().map(|row| cells[*row as usize]));
        let size = self.columns.iter().map(|column| column.values.bins()).sum();
        let mut histogram = self
            .unused
            .pop()
            .unwrap_or_else(|| vec![Cell::default(); size]);
        let gathered = &self.gathered;
        let parts = parts(&self.columns, &mut histogram);
        if rows.len() * self.columns.len() < WORTH_SHARING {
            parts.for_each(|(column, part)| add_up(column, rows, gathered, part));
        } else {
            let parts: Vec<_> = parts.collect();
            (parts.into_par_iter()).for_each(|(column, part)| add_up(column, rows, gathered, part));
        }
        histogram
    }

    /// The histogram of each column.
    pub fn split<'b>(
        &self,
        histogram: &'b [Cell],
    ) -> impl Iterator<Item = (&'a Values, &'b [Cell])> {
        let mut rest = histogram;
        self.columns.iter().map(move |column| {
            let (part, after) = rest.split_at(column.values.bins());
            rest = after;
            (&column.values, part)
        })
    }

    /// Takes a histogram back that is no longer used.
    pub fn done(&mut self, histogram: Histogram) {
        if !histogram.is_empty() {
            self.unused.push(histogram);
        }
    }
}

/// The part of the histogram that belongs to each column.
fn parts<'a, 'b>(
    columns: &'b [&'a BinnedColumn],
    histogram: &'b mut [Cell],
) -> impl Iterator<Item = (&'a BinnedColumn, &'b mut [Cell])> {
    let mut rest = histogram;
    columns.iter().map(move |column| {
        let (part, after) = core::mem::take(&mut rest).split_at_mut(column.values.bins());
        rest = after;
        (*column, part)
    })
}

/// Writes the sums of one column to `part`.
fn add_up(column: &BinnedColumn, rows: &[u32], cells: &[Cell], part: &mut [Cell]) {
    let bins = column.bins.as_slice();
    if rows.len() < FEW_ROWS {
        part.fill(Cell::default());
        for (row, cell) in rows.iter().zip(cells) {
            part[usize::from(bins[*row as usize])].add(*cell);
        }
        return;
    }
    // Neighbouring rows often fall into the same bin. With a table for every other row, an addition
    // seldom waits for the one before. An array of all bins needs no check of its bounds.
    let mut even = [Cell::default(); BINS];
    let mut odd = [Cell::default(); BINS];
    let pairs = rows.chunks_exact(2).zip(cells.chunks_exact(2));
    for (rows, cells) in pairs {
        even[usize::from(bins[rows[0] as usize])].add(cells[0]);
        odd[usize::from(bins[rows[1] as usize])].add(cells[1]);
    }
    if rows.len() % 2 == 1
        && let (Some(row), Some(cell)) = (rows.last(), cells.last())
    {
        even[usize::from(bins[*row as usize])].add(*cell);
    }
    for ((part, mut even), odd) in part.iter_mut().zip(even).zip(odd) {
        even.add(odd);
        *part = even;
    }
}

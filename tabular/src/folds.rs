//! Rows dealt into folds.

use training::random::{Purpose, random};
use training::split::{Rows, folds as deal};

use crate::table::Table;
use crate::target::Kind;

/// Strata of a number: its quantiles.
const QUANTILES: usize = 10;

/// The numbers of `count` of `rows` rows, drawn at random, rising.
#[must_use]
pub fn sample(rows: usize, count: usize, seed: u64) -> Vec<u32> {
    let mut generator = random(seed, Purpose::TestSplit);
    let chosen = rand::seq::index::sample(&mut generator, rows, count.min(rows));
    let mut chosen: Vec<u32> = chosen.into_iter().map(|row| row as u32).collect();
    chosen.sort_unstable();
    chosen
}

/// The fold of each row, from 0. Folds have the same shares of classes, or of small and large numbers; rows of one group
/// are in one fold.
#[must_use]
pub fn folds(table: &Table, count: usize, seed: u64, repeat: usize) -> Vec<u8> {
    let strata = strata(table);
    let rows = match &table.groups {
        Some(groups) => Rows::together(&strata, groups),
        None => Rows::new(&strata),
    };
    let mut generator = random(seed, Purpose::Folds(repeat));
    let mut numbers = vec![0; table.rows()];
    for (number, fold) in (0..).zip(deal(&rows, count, &mut generator)) {
        for row in fold {
            numbers[row] = number;
        }
    }
    numbers
}

/// The rows that are in `fold` of `folds`, and those that are not.
#[must_use]
pub fn rows_of(folds: &[u8], fold: u8) -> [Vec<u32>; 2] {
    let rows = |inside: bool| {
        let numbered = (0..)
            .zip(folds)
            .filter(|(_, own)| (**own == fold) == inside);
        numbered.map(|(row, _)| row).collect()
    };
    [rows(true), rows(false)]
}

/// What rows of a fold should be mixed by: the class, or the tenth of all numbers.
#[must_use]
pub fn strata(table: &Table) -> Vec<usize> {
    let values = &table.target.values;
    if let Kind::Classes(_) = table.target.kind {
        return values.iter().map(|class| *class as usize).collect();
    }
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut strata = vec![0; values.len()];
    for (rank, row) in order.into_iter().enumerate() {
        strata[row] = rank * QUANTILES / values.len();
    }
    strata
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_rises_and_is_of_the_seed() {
        let chosen = sample(1000, 50, 1);
        assert_eq!(chosen.len(), 50);
        assert!(chosen.is_sorted_by(|a, b| a < b) && chosen.iter().all(|row| *row < 1000));
        assert_eq!(chosen, sample(1000, 50, 1));
        assert_ne!(chosen, sample(1000, 50, 2));
        assert_eq!(sample(3, 5, 1), [0, 1, 2]);
    }
}

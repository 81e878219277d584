//! Sets rows aside, class by class.

use rand::seq::SliceRandom;
use serde::Serialize;

use crate::random::{Purpose, Random, random};

/// Fewest rows of a class that can be split into training, validation and test rows.
pub const FEWEST_ROWS: usize = 10;

/// The three sets of a training run. No row is in two of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Split {
    /// What the weights are fitted to.
    pub train: Vec<usize>,
    /// What decides when to stop and which epoch is kept.
    pub validation: Vec<usize>,
    /// What is measured once, at the end.
    pub test: Vec<usize>,
}

impl Split {
    /// A fifth of all rows for the test, an eighth of the rest for validation.
    #[must_use]
    pub fn new(labels: &[usize], seed: u64) -> Self {
        let rows: Vec<_> = (0..labels.len()).collect();
        let test_rows = rows.len() / 5;
        let mut generator = random(seed, Purpose::TestSplit);
        let (rest, test) = hold_out(labels, &rows, test_rows, &mut generator);
        let validation = rest.len() / 8;
        Self::with_test(labels, &rest, test, validation, seed)
    }

    /// The split whose test rows are given: `validation` of the rows in `rest` for validation.
    #[must_use]
    pub fn with_test(
        labels: &[usize],
        rest: &[usize],
        test: Vec<usize>,
        validation: usize,
        seed: u64,
    ) -> Self {
        let mut generator = random(seed, Purpose::ValidationSplit);
        let (train, validation) = hold_out(labels, rest, validation, &mut generator);
        Self {
            train,
            validation,
            test,
        }
    }
}

/// Splits `rows` into the rest and `count` rows held out, each class in proportion.
#[must_use]
pub fn hold_out(
    labels: &[usize],
    rows: &[usize],
    count: usize,
    random: &mut Random,
) -> (Vec<usize>, Vec<usize>) {
    // Every n-th row of a list that is sorted by class.
    let dealt = shuffled_by_class(labels, rows, random);
    let (mut rest, mut held) = (Vec::new(), Vec::new());
    for (position, row) in dealt.iter().enumerate() {
        let before = position * count / rows.len();
        let after = (position + 1) * count / rows.len();
        if before < after {
            held.push(*row);
        } else {
            rest.push(*row);
        }
    }
    (rest, held)
}

/// Splits all rows into `count` folds whose sizes, and shares of each class, differ by one row at
/// most.
#[must_use]
pub fn folds(labels: &[usize], count: usize, random: &mut Random) -> Vec<Vec<usize>> {
    let rows: Vec<_> = (0..labels.len()).collect();
    let mut folds = vec![Vec::new(); count];
    for (position, row) in shuffled_by_class(labels, &rows, random).iter().enumerate() {
        folds[position % count].push(*row);
    }
    folds
}

/// `rows` in random order, but all of one class before the next.
fn shuffled_by_class(labels: &[usize], rows: &[usize], random: &mut Random) -> Vec<usize> {
    let mut rows = rows.to_vec();
    rows.shuffle(random);
    rows.sort_by_key(|row| labels[*row]);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels() -> Vec<usize> {
        (0..150).map(|row| row / 50).collect()
    }

    fn classes(labels: &[usize], rows: &[usize]) -> Vec<usize> {
        let mut counts = vec![0; 3];
        for row in rows {
            counts[labels[*row]] += 1;
        }
        counts
    }

    fn all_once(parts: &[&[usize]], count: usize) -> bool {
        let mut rows = parts.concat();
        rows.sort_unstable();
        rows == (0..count).collect::<Vec<_>>()
    }

    #[test]
    fn the_three_sets_are_stratified_and_apart() {
        let labels = labels();
        let split = Split::new(&labels, 42);
        assert_eq!(classes(&labels, &split.test), [10, 10, 10]);
        assert_eq!(classes(&labels, &split.validation), [5, 5, 5]);
        assert_eq!(classes(&labels, &split.train), [35, 35, 35]);
        assert!(all_once(
            &[&split.train, &split.validation, &split.test],
            150
        ));
        assert_eq!(split, Split::new(&labels, 42));
        assert_ne!(split, Split::new(&labels, 43));
    }

    #[test]
    fn folds_are_stratified_and_apart() {
        let labels = labels();
        let folds = folds(&labels, 10, &mut random(1, Purpose::Folds(0)));
        for fold in &folds {
            assert_eq!(classes(&labels, fold), [5, 5, 5]);
        }
        let parts: Vec<_> = folds.iter().map(Vec::as_slice).collect();
        assert!(all_once(&parts, 150));
    }

    #[test]
    fn uneven_classes_are_shared_out_in_proportion() {
        let labels: Vec<_> = (0..31).map(|row| usize::from(row >= 20)).collect();
        let rows: Vec<_> = (0..31).collect();
        let (rest, held) = hold_out(&labels, &rows, 6, &mut random(1, Purpose::TestSplit));
        assert!(all_once(&[&rest, &held], 31));
        let of_first = held.iter().filter(|row| labels[**row] == 0).count();
        assert!((3..=4).contains(&of_first) && held.len() == 6);
    }
}

//! Sets rows aside, class by class.

use std::collections::{HashMap, HashSet};

use rand::seq::SliceRandom;
use serde::Serialize;

use crate::random::{Purpose, Random, random};

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

/// The rows of a data set, as they may be set apart.
#[derive(Debug)]
pub struct Rows<'a> {
    /// The stratum of each row: its class, or the like.
    strata: &'a [usize],
    /// For each row, the first that has the same inputs, if such rows are to stay together.
    twins: Option<Vec<usize>>,
}

impl<'a> Rows<'a> {
    /// Rows that may go anywhere.
    #[must_use]
    pub fn new(strata: &'a [usize]) -> Self {
        let twins = None;
        Self { strata, twins }
    }

    /// Rows of which those stay together that `inputs` gives the same numbers for.
    #[must_use]
    pub fn grouped(strata: &'a [usize], inputs: impl Fn(usize) -> Vec<f32>) -> Self {
        let mut seen = HashMap::new();
        let bits = |row| {
            inputs(row)
                .into_iter()
                .map(f32::to_bits)
                .collect::<Vec<_>>()
        };
        let twins = (0..strata.len()).map(|row| *seen.entry(bits(row)).or_insert(row));
        let twins = Some(twins.collect());
        Self { strata, twins }
    }

    /// Rows of which those stay together that have the same number in `groups`.
    #[must_use]
    pub fn together(strata: &'a [usize], groups: &[usize]) -> Self {
        let twins = Some(groups.to_vec());
        Self { strata, twins }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.strata.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.strata.is_empty()
    }

    /// Those of `part` that need not stay together with any of `others`.
    fn apart_from(&self, part: &[usize], others: &[usize]) -> Vec<usize> {
        let Some(twins) = &self.twins else {
            return part.to_vec();
        };
        let others: HashSet<_> = others.iter().map(|row| twins[*row]).collect();
        let apart = part.iter().filter(|row| !others.contains(&twins[**row]));
        apart.copied().collect()
    }

    /// `rows` in groups that stay together, shuffled, but all of one stratum before the next.
    fn dealt(&self, rows: &[usize], random: &mut Random) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let mut places = HashMap::new();
        for row in rows {
            let place = self.twins.as_ref().map_or(groups.len(), |twins| {
                *places.entry(twins[*row]).or_insert(groups.len())
            });
            match groups.get_mut(place) {
                Some(group) => group.push(*row),
                None => groups.push(vec![*row]),
            }
        }
        groups.shuffle(random);
        groups.sort_by_key(|group| group.first().map(|row| self.strata[*row]));
        groups
    }
}

impl Split {
    /// A fifth of all rows for the test, an eighth of the rest for validation.
    #[must_use]
    pub fn new(rows: &Rows<'_>, seed: u64) -> Self {
        let all: Vec<_> = (0..rows.len()).collect();
        let mut generator = random(seed, Purpose::TestSplit);
        let (rest, test) = hold_out(rows, &all, all.len() / 5, &mut generator);
        let validation = rest.len() / 8;
        Self::with_test(rows, &rest, test, validation, seed)
    }

    /// The split whose test rows are given: `validation` of the rows in `rest` for validation. Rows that are
    /// to stay together with test rows are left out.
    #[must_use]
    pub fn with_test(
        rows: &Rows<'_>,
        rest: &[usize],
        test: Vec<usize>,
        validation: usize,
        seed: u64,
    ) -> Self {
        let mut generator = random(seed, Purpose::ValidationSplit);
        let rest = rows.apart_from(rest, &test);
        let (train, validation) = hold_out(rows, &rest, validation, &mut generator);
        Self {
            train,
            validation,
            test,
        }
    }
}

/// Splits `part` into the rest and `count` rows held out, each stratum in proportion. Where rows stay
/// together, the count is met as nearly as they allow.
#[must_use]
pub fn hold_out(
    rows: &Rows<'_>,
    part: &[usize],
    count: usize,
    random: &mut Random,
) -> (Vec<usize>, Vec<usize>) {
    // Every n-th group of a list that is sorted by stratum.
    let (mut rest, mut held) = (Vec::new(), Vec::new());
    let mut position = 0;
    for group in rows.dealt(part, random) {
        position += group.len();
        // Whether the group brings the rows held out nearer to their share of the rows so far.
        let share = position * count / part.len();
        if 2 * held.len() + group.len() <= 2 * share {
            held.extend(group);
        } else {
            rest.extend(group);
        }
    }
    (rest, held)
}

/// Splits all rows into `count` folds whose sizes, and shares of each stratum, differ by one group at
/// most.
#[must_use]
pub fn folds(rows: &Rows<'_>, count: usize, random: &mut Random) -> Vec<Vec<usize>> {
    let all: Vec<_> = (0..rows.len()).collect();
    let mut folds = vec![Vec::new(); count];
    for (position, group) in rows.dealt(&all, random).into_iter().enumerate() {
        folds[position % count].extend(group);
    }
    folds
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
        let rows = Rows::new(&labels);
        let split = Split::new(&rows, 42);
        assert_eq!(classes(&labels, &split.test), [10, 10, 10]);
        assert_eq!(classes(&labels, &split.validation), [5, 5, 5]);
        assert_eq!(classes(&labels, &split.train), [35, 35, 35]);
        assert!(all_once(
            &[&split.train, &split.validation, &split.test],
            150
        ));
        assert_eq!(split, Split::new(&rows, 42));
        assert_ne!(split, Split::new(&rows, 43));
    }

    #[test]
    fn folds_are_stratified_and_apart() {
        let labels = labels();
        let folds = folds(&Rows::new(&labels), 10, &mut random(1, Purpose::Folds(0)));
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
        let (rest, held) = hold_out(
            &Rows::new(&labels),
            &rows,
            6,
            &mut random(1, Purpose::TestSplit),
        );
        assert!(all_once(&[&rest, &held], 31));
        let of_first = held.iter().filter(|row| labels[**row] == 0).count();
        assert!((3..=4).contains(&of_first) && held.len() == 6);
    }

    #[test]
    fn equal_rows_stay_together() {
        let labels = labels();
        // Rows in threes, and one class of pairs across.
        let rows = Rows::grouped(&labels, |row| vec![(row / 3) as f32]);
        let split = Split::new(&rows, 42);
        let parts = [&split.train[..], &split.validation, &split.test];
        assert!(all_once(&parts, 150));
        for part in parts {
            assert!(
                part.chunks(3)
                    .all(|group| group.iter().all(|row| row / 3 == group[0] / 3))
            );
        }
        assert_eq!((split.test.len(), split.validation.len()), (30, 15));
        for size in [2, 4, 5, 8, 10] {
            let rows = Rows::grouped(&labels, |row| vec![(row / size) as f32]);
            let split = Split::new(&rows, 42);
            assert!((20..=40).contains(&split.test.len()), "{size}: {split:?}");
            assert!(
                (10..=20).contains(&split.validation.len()),
                "{size}: {split:?}"
            );
        }
        let fixed = Split::with_test(&rows, &[1, 2, 3, 4, 5, 6, 7, 8], vec![0], 3, 42);
        let mut left = fixed.train.iter().chain(&fixed.validation);
        assert!(!left.any(|row| *row < 3));
        let folds = folds(&rows, 5, &mut random(1, Purpose::Folds(0)));
        let parts: Vec<_> = folds.iter().map(Vec::as_slice).collect();
        assert!(all_once(&parts, 150));
        assert!(parts.iter().all(|part| part.len() == 30));
    }
}

use core::cell::RefCell;

use super::*;
use crate::boost::fit;
use crate::boost::tests::{Table, settings};

/// Three folds; every eleventh row takes no part.
fn folds(rows: usize) -> Vec<u8> {
    let fold = |row: usize| {
        if row.is_multiple_of(11) {
            NO_FOLD
        } else {
            (row * 7 % 3) as u8
        }
    };
    (0..rows).map(fold).collect()
}

fn always(_: usize, _: f64) -> bool {
    true
}

/// Targets with some noise, so that too many rounds do harm.
fn noisy(table: &Table) -> Vec<f32> {
    let noise = table.numbers[1].iter().map(|x| (x * 1e4).sin() * 3.0);
    table
        .targets()
        .into_iter()
        .zip(noise)
        .map(|(y, noise)| y + noise)
        .collect()
}

fn fitted(folds: &[u8]) -> Vec<u32> {
    (0..)
        .zip(folds)
        .filter(|(_, fold)| **fold != NO_FOLD)
        .map(|(row, _)| row)
        .collect()
}

#[test]
fn scores_are_those_of_the_booster_that_has_not_seen_the_row() {
    let table = Table::new(600);
    let folds = folds(600);
    let data = Binned::new(&table.columns(), &fitted(&folds));
    let numbers = noisy(&table);
    let classes: Vec<f32> = numbers
        .iter()
        .map(|y| y.clamp(0.0, 7.0) / 3.0)
        .map(f32::trunc)
        .collect();
    for (loss, targets) in [(Loss::Squared, &numbers), (Loss::Softmax(3), &classes)] {
        let found = cross_validate(&data, targets, None, &folds, loss, &settings(), &always);
        assert_eq!(found.boosters.len(), 3);
        assert!(
            found
                .boosters
                .iter()
                .all(|booster| booster.rounds.len() == found.rounds)
        );
        let mut losses = 0.0;
        for (row, fold) in folds.iter().enumerate() {
            let scores = &found.scores[row * loss.width()..][..loss.width()];
            if *fold == NO_FOLD {
                assert!(scores.iter().all(|score| score.is_nan()));
                continue;
            }
            assert_eq!(
                scores,
                found.boosters[usize::from(*fold)].scores(&data, row)
            );
            losses += loss.of(scores, targets[row]);
        }
        let mean = losses / fitted(&folds).len() as f64;
        assert!((mean - found.curve[found.rounds]).abs() < 1e-9);
    }
}

#[test]
fn the_booster_of_a_fold_is_the_one_of_its_rows() {
    let table = Table::new(300);
    let targets = noisy(&table);
    let folds = folds(300);
    let data = Binned::new(&table.columns(), &fitted(&folds));
    let found = cross_validate(
        &data,
        &targets,
        None,
        &folds,
        Loss::Squared,
        &settings(),
        &always,
    );
    assert!(found.rounds > 0);
    let settings = Settings {
        rounds: found.rounds,
        ..settings()
    };
    for (fold, booster) in (0..).zip(&found.boosters) {
        let rows: Vec<u32> = fitted(&folds)
            .into_iter()
            .filter(|row| folds[*row as usize] != fold)
            .collect();
        assert_eq!(
            booster,
            &fit(&data, &targets, None, &rows, Loss::Squared, &settings)
        );
    }
}

#[test]
fn growth_stops_when_nothing_is_gained() {
    let table = Table::new(300);
    let targets = noisy(&table);
    let folds = folds(300);
    let data = Binned::new(&table.columns(), &fitted(&folds));
    let of = |settings: &Settings, watch: &dyn Fn(usize, f64) -> bool| {
        cross_validate(
            &data,
            &targets,
            None,
            &folds,
            Loss::Squared,
            settings,
            watch,
        )
    };
    let many = Settings {
        rate: 0.5,
        rounds: 500,
        patience: 7,
        ..settings()
    };
    let seen = RefCell::new(Vec::new());
    let found = of(&many, &|round, loss| {
        seen.borrow_mut().push((round, loss));
        true
    });
    assert_eq!(found.curve.len(), 1 + found.rounds + 7);
    let lowest = found.curve.iter().copied().fold(f64::INFINITY, f64::min);
    assert_eq!(found.curve[found.rounds], lowest);
    let expected: Vec<(usize, f64)> = found.curve.iter().copied().enumerate().skip(1).collect();
    assert_eq!(seen.into_inner(), expected);
    assert_eq!(of(&many, &|round, _| round < 3).curve, found.curve[..4]);
    let few = Settings { rounds: 2, ..many };
    assert_eq!(of(&few, &always).curve, found.curve[..3]);
}

#[test]
fn without_a_gain_there_is_no_tree() {
    let table = Table::new(60);
    let folds = folds(60);
    let data = Binned::new(&table.columns(), &fitted(&folds));
    let found = cross_validate(
        &data,
        &[1.5; 60],
        None,
        &folds,
        Loss::Squared,
        &settings(),
        &always,
    );
    assert_eq!(found.rounds, 0);
    assert!(
        found
            .boosters
            .iter()
            .all(|booster| booster.rounds.is_empty())
    );
    assert_eq!(found.scores[1], 1.5);
}

#[test]
fn weights_count_in_the_loss() {
    let table = Table::new(300);
    let targets = noisy(&table);
    let folds = folds(300);
    let weights: Vec<f32> = (0..300_u16).map(|row| f32::from(row % 4)).collect();
    let data = Binned::new(&table.columns(), &fitted(&folds));
    let found = cross_validate(
        &data,
        &targets,
        Some(&weights),
        &folds,
        Loss::Squared,
        &settings(),
        &always,
    );
    let mut sums = [0.0; 2];
    for row in fitted(&folds) {
        let row = row as usize;
        let weight = f64::from(weights[row]);
        sums[0] += weight * Loss::Squared.of(&found.scores[row..=row], targets[row]);
        sums[1] += weight;
    }
    assert!((sums[0] / sums[1] - found.curve[found.rounds]).abs() < 1e-9);
}

#[test]
fn rows_of_no_fold_do_not_matter() {
    let table = Table::new(300);
    let folds = folds(300);
    let data = Binned::new(&table.columns(), &fitted(&folds));
    let of = |wrong: f32| {
        let mut targets = noisy(&table);
        targets.iter_mut().step_by(11).for_each(|y| *y = wrong);
        let found = cross_validate(
            &data,
            &targets,
            None,
            &folds,
            Loss::Squared,
            &settings(),
            &always,
        );
        (found.boosters, found.curve)
    };
    assert_eq!(of(0.0), of(1e6));
    let nothing = cross_validate(
        &data,
        &noisy(&table),
        None,
        &[NO_FOLD; 300],
        Loss::Squared,
        &settings(),
        &always,
    );
    assert_eq!((nothing.rounds, nothing.boosters.len()), (0, 0));
}

#[test]
fn threads_do_not_change_the_result() {
    // Enough rows for the histograms to be shared out among threads.
    let table = Table::new(24_000);
    let targets: Vec<f32> = noisy(&table)
        .iter()
        .map(|y| (y.clamp(0.0, 7.0) / 3.0).trunc())
        .collect();
    let rows: Vec<u32> = (0..24_000).collect();
    let folds: Vec<u8> = rows.iter().map(|row| (row % 3) as u8).collect();
    let data = Binned::new(&table.columns(), &rows);
    let settings = Settings {
        rounds: 3,
        columns: 1.0,
        ..settings()
    };
    let loss = Loss::Softmax(3);
    let of = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            let found = cross_validate(&data, &targets, None, &folds, loss, &settings, &always);
            (found, fit(&data, &targets, None, &rows, loss, &settings))
        })
    };
    assert_eq!(of(1), of(4));
}

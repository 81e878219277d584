use rand::RngExt;

use super::*;
use crate::bins::Column;
use crate::run::random;

pub fn settings() -> Settings {
    Settings {
        rate: 0.1,
        leaves: 8,
        columns: 0.7,
        rows: 0.8,
        l2: 1.0,
        leaf_rows: 5,
        extra: false,
        rounds: 60,
        patience: 20,
        seed: 1,
    }
}

/// A table to learn from.
pub struct Table {
    pub numbers: [Vec<f32>; 2],
    pub codes: Vec<u32>,
}

impl Table {
    /// Two columns of numbers from 0 to 1, of which the first lacks every tenth, and one of eight
    /// categories.
    pub fn new(rows: usize) -> Self {
        let mut random = random(7, 0);
        let mut numbers = [(); 2].map(|()| {
            (0..rows)
                .map(|_| random.random::<f32>())
                .collect::<Vec<_>>()
        });
        for number in numbers[0].iter_mut().step_by(10) {
            *number = f32::NAN;
        }
        let codes = (0..rows).map(|_| random.random_range(0..8)).collect();
        Self { numbers, codes }
    }

    pub fn columns(&self) -> [Column<'_>; 3] {
        let [first, second] = &self.numbers;
        [
            Column::Numbers(first),
            Column::Numbers(second),
            Column::Categories(&self.codes),
        ]
    }

    /// A step at 0.4 of the first column, half as high where it is missing, and 3 more for three of
    /// the categories.
    pub fn targets(&self) -> Vec<f32> {
        let step = self.numbers[0].iter().map(|x| match x.is_nan() {
            true => 2.5,
            false => f32::from(u8::from(*x > 0.4)) * 5.0,
        });
        let effect = self
            .codes
            .iter()
            .map(|code| if [1, 4, 6].contains(code) { 3.0 } else { 0.0 });
        step.zip(effect)
            .map(|(step, effect)| step + effect)
            .collect()
    }
}

fn rows(range: core::ops::Range<u32>) -> Vec<u32> {
    range.collect()
}

#[test]
fn a_step_and_a_category_are_learnt() {
    let table = Table::new(1200);
    let targets = table.targets();
    let data = Binned::new(&table.columns(), &rows(0..800));
    let booster = fit(
        &data,
        &targets,
        None,
        &rows(0..800),
        Loss::Squared,
        &settings(),
    );
    assert_eq!(booster.rounds.len(), 60);
    let error = |row: usize| Loss::Squared.of(&booster.scores(&data, row), targets[row]);
    let mean = (800..1200).map(error).sum::<f64>() / 400.0;
    // The variance of the targets is 7.
    assert!(mean < 0.05, "{mean}");
}

#[test]
fn classes_and_counts_are_learnt() {
    let table = Table::new(1200);
    let targets = table.targets();
    let high: Vec<f32> = targets
        .iter()
        .map(|y| f32::from(u8::from(*y > 4.0)))
        .collect();
    let three: Vec<f32> = targets
        .iter()
        .map(|y| {
            if *y < 2.0 {
                0.0
            } else if *y < 5.0 {
                1.0
            } else {
                2.0
            }
        })
        .collect();
    let data = Binned::new(&table.columns(), &rows(0..800));
    for (loss, targets, extra, most) in [
        (Loss::Logistic, &high, false, 0.1),
        (Loss::Logistic, &high, true, 0.2),
        (Loss::Softmax(3), &three, false, 0.1),
        // The variance of the targets is 7; targets of 0 need scores of minus infinity.
        (Loss::Poisson, &targets, false, 0.4),
    ] {
        let settings = Settings {
            extra,
            ..settings()
        };
        let booster = fit(&data, targets, None, &rows(0..800), loss, &settings);
        let of = |row: usize| loss.of(&booster.scores(&data, row), targets[row]);
        let mean = (800..1200).map(of).sum::<f64>() / 400.0;
        assert!(mean < most, "{loss:?}: {mean}");
    }
}

#[test]
fn a_weight_of_two_is_a_row_twice() {
    let table = Table::new(600);
    let [first, second] = &table.numbers;
    let columns = [Column::Numbers(first), Column::Numbers(second)];
    let targets = table.targets();
    let twice = [first, second].map(|column| [column.as_slice(), column].concat());
    let twice_columns = twice.each_ref().map(|column| Column::Numbers(column));
    let twice_targets = [targets.as_slice(), &targets].concat();
    let settings = Settings {
        rows: 1.0,
        leaf_rows: 1,
        rounds: 20,
        ..settings()
    };
    for loss in [Loss::Squared, Loss::Poisson] {
        let data = Binned::new(&columns, &rows(0..600));
        let weighted = fit(
            &data,
            &targets,
            Some(&[2.0; 600]),
            &rows(0..600),
            loss,
            &settings,
        );
        let twice_data = data.apply(&twice_columns);
        let doubled = fit(
            &twice_data,
            &twice_targets,
            None,
            &rows(0..1200),
            loss,
            &settings,
        );
        let plain = fit(&data, &targets, None, &rows(0..600), loss, &settings);
        let far = |other: &Booster| {
            let differences = (0..600)
                .map(|row| (weighted.scores(&data, row)[0] - other.scores(&data, row)[0]).abs());
            differences.fold(0.0, f64::max)
        };
        assert!(far(&doubled) < 1e-9, "{}", far(&doubled));
        assert!(far(&plain) > 1e-4, "{}", far(&plain));
    }
}

#[test]
fn rows_of_weight_zero_and_others_do_not_matter() {
    let table = Table::new(400);
    let targets = table.targets();
    let data = Binned::new(&table.columns(), &rows(0..400));
    let weights: Vec<f32> = (0..400)
        .map(|row| f32::from(u8::from(row % 3 > 0)))
        .collect();
    let of = |wrong: f32| {
        let mut targets = targets.clone();
        targets.iter_mut().step_by(3).for_each(|y| *y = wrong);
        targets[350..].fill(wrong);
        fit(
            &data,
            &targets,
            Some(&weights),
            &rows(0..350),
            Loss::Squared,
            &settings(),
        )
    };
    assert_eq!(of(0.0), of(100.0));
}

#[test]
fn seeds_and_settings_change_the_trees() {
    let table = Table::new(400);
    let targets = table.targets();
    let data = Binned::new(&table.columns(), &rows(0..400));
    let of = |settings: Settings| {
        fit(
            &data,
            &targets,
            None,
            &rows(0..400),
            Loss::Squared,
            &settings,
        )
    };
    assert_eq!(of(settings()), of(settings()));
    let others = [
        Settings {
            seed: 2,
            ..settings()
        },
        Settings {
            rows: 1.0,
            ..settings()
        },
        Settings {
            columns: 1.0,
            ..settings()
        },
        Settings {
            extra: true,
            ..settings()
        },
    ];
    for other in others {
        assert_ne!(of(other), of(settings()));
    }
}

#[test]
fn the_scores_of_a_run_are_those_of_its_booster() {
    let table = Table::new(500);
    let targets: Vec<f32> = table.codes.iter().map(|code| (*code / 3) as f32).collect();
    let data = Binned::new(&table.columns(), &rows(0..500));
    let problem = Problem {
        data: &data,
        targets: &targets,
        weights: None,
        loss: Loss::Softmax(3),
        settings: &settings(),
    };
    let mut run = Run::new(&problem, rows(0..300), rows(300..450));
    (0..5).for_each(|_| run.grow(&problem));
    for row in 0..500 {
        let scores: Vec<f64> = run.scores.iter().map(|scores| scores[row]).collect();
        let expected = run.booster.scores(&data, row);
        match row < 450 {
            true => assert_eq!(scores, expected),
            false => assert_eq!(scores, run.booster.start),
        }
    }
    let losses = (300..450).map(|row| {
        problem
            .loss
            .of(&run.booster.scores(&data, row), targets[row])
    });
    assert!((run.loss(&problem) - losses.sum::<f64>()).abs() < 1e-9);
}

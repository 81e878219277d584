//! Messages about input that does not fit.

use super::*;

#[test]
fn what_cannot_be_fitted_is_an_error() {
    let numbers = [1.0, 2.0, 3.0, 4.0];
    let design = Design {
        values: &numbers,
        columns: 2,
    };
    let squared = |design, targets: &[f32], weights, rows: &[u32], penalty| {
        fit(design, targets, weights, rows, Loss::Squared, penalty)
            .unwrap_err()
            .to_string()
    };
    let of_classes = |classes, targets: &[f32]| {
        let loss = Loss::Classes(classes);
        fit(design, targets, None, &[0], loss, 1.0)
            .unwrap_err()
            .to_string()
    };
    let chosen = |folds: &[u8], penalties: &[f64]| {
        choose(
            design,
            &[1.0, 2.0],
            None,
            folds,
            Loss::Squared,
            penalties,
            &|_, _| true,
        )
        .unwrap_err()
        .to_string()
    };
    let infinite = Design {
        values: &[1.0, 2.0, 3.0, f32::INFINITY],
        columns: 2,
    };
    for (found, expected) in [
        (
            squared(design, &[1.0], None, &[0], 1.0),
            "the design has 4 values, expected 1 rows of 2 columns",
        ),
        (
            squared(infinite, &[1.0, 2.0], None, &[0], 1.0),
            "row 1, column 1 of the design is `inf`, expected a finite number",
        ),
        (
            squared(design, &[1.0, f32::NAN], None, &[0], 1.0),
            "the target of row 1 is `NaN`, expected a finite number",
        ),
        (
            squared(design, &[1.0, 2.0], Some(&[1.0]), &[0], 1.0),
            "there are 1 weights, expected 2, one for each row",
        ),
        (
            squared(design, &[1.0, 2.0], Some(&[1.0, -1.0]), &[0], 1.0),
            "the weight of row 1 is `-1`, expected a finite number of at least 0",
        ),
        (
            squared(design, &[1.0, 2.0], None, &[2], 1.0),
            "there is no row 2, expected a number below 2",
        ),
        (
            squared(design, &[1.0, 2.0], Some(&[0.0, 1.0]), &[0], 1.0),
            "there is nothing to fit: the rows have no weight; use rows with a weight above 0",
        ),
        (
            squared(design, &[1.0, 2.0], None, &[0], 0.0),
            "the penalty is `0`, expected a finite number above 0",
        ),
        (
            of_classes(2, &[0.0, 2.0]),
            "the target of row 1 is `2`, expected a class number from 0 to 1",
        ),
        (
            of_classes(1, &[0.0, 0.0]),
            "there are 1 classes, expected at least 2",
        ),
        (
            chosen(&[3, 3], &[1.0]),
            "the rows are in 1 folds, expected at least 2",
        ),
        (
            chosen(&[3], &[1.0]),
            "there are 1 fold numbers, expected 2, one for each row",
        ),
        (
            chosen(&[0, 1], &[]),
            "there are no penalties to choose from, expected at least one",
        ),
    ] {
        assert_eq!(found, expected);
    }
}

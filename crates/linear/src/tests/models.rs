//! Fitted models.

use super::*;

#[test]
fn ridge_of_three_rows_as_computed_by_hand() {
    // Centred: x = -1, 0, 1, the products with y sum to 3, the squares to 2; 3 / (2 + penalty) = 1.
    let design = Design {
        values: &[1.0, 2.0, 3.0],
        columns: 1,
    };
    let model = fit(
        design,
        &[2.0, 3.0, 5.0],
        None,
        &[0, 1, 2],
        Loss::Squared,
        1.0,
    )
    .unwrap();
    assert_close(&model.weights, &[1.0], 1e-14);
    assert_close(&model.bias, &[4.0 / 3.0], 1e-14);
    assert_close(&model.scores(&[6.0]), &[22.0 / 3.0], 1e-13);
}

#[test]
fn the_objective_has_no_slope_at_the_solution() {
    for loss in LOSSES {
        let data = Data::new(120, 9, loss);
        for penalty in [100.0, 1.0, 0.01] {
            data.assert_minimum(&data.fit(loss, penalty), loss, penalty);
        }
    }
}

#[test]
fn more_columns_than_rows() {
    for loss in LOSSES {
        let data = Data::new(12, 50, loss);
        data.assert_minimum(&data.fit(loss, 0.1), loss, 0.1);
    }
}

#[test]
fn many_columns_are_fitted_without_their_products_to_the_same_model() {
    for loss in LOSSES {
        let few = Data::new(60, 6, loss);
        let mut many = Data::new(60, 6, loss);
        many.columns = 1501;
        many.values = (0..60)
            .flat_map(|row| few.row(row).iter().copied().chain([0.5; 1495]))
            .collect();
        let (few, many) = (few.fit(loss, 2.0), many.fit(loss, 2.0));
        let used = 6 * loss.width();
        assert_close(&many.weights[..used], &few.weights, 1e-3);
        assert!(many.weights[used..].iter().all(|weight| *weight == 0.0));
        assert_close(&many.bias, &few.bias, 3e-3);
    }
}

#[test]
fn separable_classes_have_a_finite_model() {
    let design = Design {
        values: &[-2.0, -1.0, 1.0, 2.0],
        columns: 1,
    };
    let targets = [0.0, 0.0, 1.0, 1.0];
    let model = fit(
        design,
        &targets,
        None,
        &[0, 1, 2, 3],
        Loss::Classes(2),
        1e-3,
    )
    .unwrap();
    let weight = model.weights[0];
    assert!(weight > 3.0 && weight < 20.0, "{weight}");
    // By symmetry, there is no bias, and the slope by the weight is that of two rows twice.
    assert!(model.bias[0].abs() < 1e-3, "{:?}", model.bias);
    let slope = -2.0 / (1.0 + weight.exp()) - 4.0 / (1.0 + (2.0 * weight).exp()) + 1e-3 * weight;
    assert!(slope.abs() < 1e-5, "{slope}");
}

/// The log-odds *w* of two softmax scores come from the weights *w / 2* and *-w / 2*, whose squares sum to half of *w²*:
/// softmax with a penalty is logistic regression with half of it. A class without rows gets no probability, which makes
/// a softmax of two classes from one of three.
#[test]
fn softmax_of_two_classes_is_logistic_regression_with_half_the_penalty() {
    let data = Data::new(80, 5, Loss::Classes(2));
    let logistic = data.fit(Loss::Classes(2), 0.5);
    let softmax = data.fit(Loss::Classes(3), 1.0);
    for row in 0..80 {
        let scores = softmax.scores(data.row(row));
        let log_odds = logistic.scores(data.row(row))[0];
        assert!((scores[1] - scores[0] - log_odds).abs() < 1e-3);
        assert!(scores[2] - scores[0] < -12.0, "{scores:?}");
    }
}

#[test]
fn a_weight_counts_as_so_many_rows() {
    for loss in LOSSES {
        let mut data = Data::new(50, 4, loss);
        data.weights = (0..50).map(|row| (row % 3) as f32).collect();
        let weighted = data.fit(loss, 0.3);
        let repeated: Vec<u32> = (0..50)
            .flat_map(|row| std::iter::repeat_n(row, row as usize % 3))
            .collect();
        let repeated = fit(data.design(), &data.targets, None, &repeated, loss, 0.3).unwrap();
        assert_close(&weighted.weights, &repeated.weights, 1e-4);
        assert_close(&weighted.bias, &repeated.bias, 1e-4);
    }
}

#[test]
fn a_constant_column_has_no_weight() {
    for loss in LOSSES {
        let mut data = Data::new(60, 5, loss);
        let without = data.fit(loss, 1.0);
        data.values = (0..60)
            .flat_map(|row| {
                data.row(row)
                    .iter()
                    .copied()
                    .chain([97.3])
                    .collect::<Vec<_>>()
            })
            .collect();
        data.columns = 6;
        let model = data.fit(loss, 1.0);
        let used = 5 * loss.width();
        assert!(model.weights[used..].iter().all(|weight| *weight == 0.0));
        assert_close(&model.weights[..used], &without.weights, 1e-4);
        assert_close(&model.bias, &without.bias, 1e-4);
    }
}

#[test]
fn a_model_without_columns_knows_the_mean_or_the_shares() {
    let design = Design {
        values: &[],
        columns: 0,
    };
    let rows = [0, 1, 2, 3];
    let number = fit(
        design,
        &[1.0, 2.0, 3.0, 6.0],
        None,
        &rows,
        Loss::Squared,
        1.0,
    )
    .unwrap();
    assert_close(&number.bias, &[3.0], 1e-14);
    let classes = [1.0, 1.0, 0.0, 1.0];
    let class = fit(design, &classes, None, &rows, Loss::Classes(2), 1.0).unwrap();
    assert_close(&class.bias, &[3_f64.ln()], 1e-4);
}

use super::*;

/// What the gradients are the slope of.
fn objective(loss: Loss, scores: &[f64], target: f32) -> f64 {
    let y = f64::from(target);
    match loss {
        Loss::Squared => (scores[0] - y).powi(2) / 2.0,
        Loss::Poisson => scores[0].exp() - y * scores[0],
        _ => loss.of(scores, target),
    }
}

fn derivatives(loss: Loss, scores: &[f64], target: f32) -> Vec<[f64; 2]> {
    let mut output = vec![[0.0; 2]; scores.len()];
    loss.derivatives(&mut scores.to_vec(), target, &mut output);
    output
}

/// Compares with differences; second derivatives are `factor` times the true ones.
fn check(loss: Loss, scores: &[f64], target: f32, factor: f64) {
    let step = 1e-4;
    for (place, [gradient, hessian]) in derivatives(loss, scores, target).into_iter().enumerate() {
        let at = |by: f64| {
            let mut moved = scores.to_vec();
            moved[place] += by;
            objective(loss, &moved, target)
        };
        let slope = (at(step) - at(-step)) / (2.0 * step);
        let curvature = (at(step) - 2.0 * at(0.0) + at(-step)) / (step * step);
        assert!(
            (gradient - slope).abs() < 1e-6,
            "{loss:?} {scores:?}: {gradient} {slope}"
        );
        assert!(
            (hessian - factor * curvature).abs() < 1e-5,
            "{loss:?} {scores:?}: {hessian} {curvature}"
        );
    }
}

#[test]
fn derivatives_are_those_of_the_loss() {
    for score in [-2.0, 0.0, 0.3, 1.5] {
        for target in [0.0, 1.0, 3.0] {
            check(Loss::Squared, &[score], target, 1.0);
            check(Loss::Poisson, &[score], target, POISSON_CAUTION.exp());
        }
        for target in [0.0, 1.0] {
            check(Loss::Logistic, &[score], target, 1.0);
        }
        for target in [0.0, 1.0, 2.0] {
            check(Loss::Softmax(3), &[score, 0.5, -1.0], target, 1.5);
        }
    }
}

#[test]
fn no_other_first_scores_are_better() {
    let classes = [0.0, 1.0, 1.0, 0.0, 1.0];
    let numbers = [0.5, 7.0, 2.0, 0.0, 1.0];
    let weights = [1.0, 2.0, 0.5, 1.0, 3.0];
    for (loss, targets) in [
        (Loss::Squared, numbers),
        (Loss::Poisson, numbers),
        (Loss::Logistic, classes),
        (Loss::Softmax(2), classes),
    ] {
        let start = loss.start(targets.into_iter().zip(weights));
        for place in 0..loss.width() {
            let slopes = targets.iter().zip(weights);
            let slopes = slopes
                .map(|(y, weight)| f64::from(weight) * derivatives(loss, &start, *y)[place][0]);
            assert!(slopes.sum::<f64>().abs() < 1e-9, "{loss:?}");
        }
    }
}

#[test]
fn first_scores_are_finite_whatever_the_targets() {
    for loss in [
        Loss::Squared,
        Loss::Poisson,
        Loss::Logistic,
        Loss::Softmax(3),
    ] {
        for targets in [vec![], vec![(0.0, 1.0)], vec![(1.0, 1.0)], vec![(1.0, 0.0)]] {
            let start = loss.start(targets.into_iter());
            assert_eq!(start.len(), loss.width());
            assert!(
                start.iter().all(|score| score.is_finite()),
                "{loss:?}: {start:?}"
            );
        }
    }
}

#[test]
fn losses_are_those_of_the_answers() {
    assert_eq!(Loss::Squared.of(&[3.0], 1.0), 4.0);
    assert!((Loss::Poisson.of(&[2.0_f64.ln()], 5.0) - 9.0).abs() < 1e-9);
    for (loss, scores) in [
        (Loss::Logistic, vec![0.7]),
        (Loss::Softmax(3), vec![0.1, 2.0, -1.0]),
    ] {
        let answers = loss.answer(&scores);
        assert!((answers.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        for (class, probability) in answers.iter().enumerate() {
            assert!((loss.of(&scores, class as f32) + probability.ln()).abs() < 1e-12);
        }
    }
    assert_eq!(Loss::Softmax(3).of(&[0.0; 3], 3.0), f64::INFINITY);
    assert_eq!(Loss::Squared.answer(&[3.0]), [3.0]);
    assert!((Loss::Poisson.answer(&[1.0])[0] - 1.0_f64.exp()).abs() < 1e-12);
}

#[test]
fn large_scores_do_not_overflow() {
    assert_eq!(Loss::Logistic.of(&[-1000.0], 1.0), 1000.0);
    assert_eq!(Loss::Softmax(2).of(&[1000.0, 0.0], 1.0), 1000.0);
    assert_eq!(
        derivatives(Loss::Softmax(2), &[1000.0, 0.0], 1.0),
        [[1.0, 1e-16], [-1.0, 1e-16]]
    );
}

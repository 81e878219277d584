//! The choice of the penalty.

use std::cell::Cell;

use super::*;

#[test]
fn scores_of_a_row_do_not_depend_on_its_target() {
    for loss in LOSSES {
        let mut data = Data::new(90, 6, loss);
        let before = data.choose(loss, &[1.0]).scores;
        data.targets[9] = if data.targets[9] == 1.0 { 0.0 } else { 1.0 };
        assert_eq!(data.folds[9], 4);
        let after = data.choose(loss, &[1.0]).scores;
        let width = loss.width();
        assert_eq!(before[9 * width..10 * width], after[9 * width..10 * width]);
        // Rows of other folds do depend on it.
        assert_eq!(data.folds[7], 0);
        assert_ne!(before[7 * width..8 * width], after[7 * width..8 * width]);
    }
}

#[test]
fn the_choice_is_the_minimum_of_the_curve_and_its_scores_are_those_of_the_models() {
    for loss in LOSSES {
        let data = Data::new(150, 10, loss);
        let choice = data.choose(loss, &penalties(loss, 0));
        let least = choice
            .curve
            .iter()
            .map(|(_, loss)| *loss)
            .fold(f64::INFINITY, f64::min);
        assert_eq!(choice.loss, least);
        assert!(choice.curve.contains(&(choice.penalty, choice.loss)));
        assert!(choice.curve.windows(2).all(|pair| pair[0].0 > pair[1].0));
        // Neither the first nor the last of the grid.
        assert!(choice.penalty < choice.curve[0].0 && choice.curve.len() > 4);
        let (mut sum, mut total) = (0.0, 0.0);
        for (row, scores) in choice.scores.chunks_exact(loss.width()).enumerate() {
            let Some(model) = [0, 1, 4].iter().position(|fold| *fold == data.folds[row]) else {
                assert!(scores.iter().all(|score| score.is_nan()));
                continue;
            };
            assert_eq!(choice.models[model].scores(data.row(row)), scores);
            sum += f64::from(data.weights[row]) * loss.of(scores, data.targets[row]);
            total += f64::from(data.weights[row]);
        }
        assert!((sum / total - choice.loss).abs() < 1e-12);
    }
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    for loss in LOSSES {
        let data = Data::new(300, 12, loss);
        let of = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            pool.install(|| {
                let choice = data.choose(loss, &penalties(loss, 0));
                let model = data.fit(loss, choice.penalty);
                let bits: Vec<u64> = choice.scores.iter().map(|score| score.to_bits()).collect();
                (bits, choice.models, choice.curve, model)
            })
        };
        assert!(of(1) == of(4), "{loss:?}");
    }
}

#[test]
fn the_path_ends_when_it_gets_worse_or_is_told_to() {
    let loss = Loss::Classes(2);
    let mut data = Data::new(60, 30, loss);
    // Nothing can be learnt of such targets.
    let mut random = fastrand::Rng::with_seed(3);
    data.targets.fill_with(|| f32::from(random.u8(0..2)));
    let all = penalties(loss, 0);
    let choice = data.choose(loss, &all);
    assert!(choice.curve.len() < all.len());
    let calls = Cell::new(0);
    let watch = |done, total| {
        calls.set(calls.get() + 1);
        assert_eq!((done, total), (calls.get(), all.len()));
        done < 2
    };
    let design = data.design();
    let choice = choose(design, &data.targets, None, &data.folds, loss, &all, &watch).unwrap();
    assert_eq!(choice.curve.len(), 2);
}

#[test]
fn penalties_go_down_by_half_decades_or_decades() {
    let numbers = penalties(Loss::Squared, usize::MAX);
    assert_eq!((numbers.len(), numbers[0], numbers[14]), (15, 1e4, 1e-3));
    let few = penalties(Loss::Classes(26), 1000);
    assert_eq!((few.len(), few[0], few[12]), (13, 1e3, 1e-3));
    let many = penalties(Loss::Classes(26), 1_000_000);
    assert_eq!(many, [1e3, 1e2, 1e1, 1.0, 1e-1, 1e-2, 1e-3]);
}

use super::*;
use crate::bags::Bags;
use crate::corpus::Corpus;
use crate::corpus::tests::corpus;
use crate::fit::tests::SHAPE;

/// Texts of two classes, and their vectors.
fn example() -> (Corpus, Matrix) {
    fastrand::seed(3);
    let words = ["sun", "rain", "wind", "snow", "fog", "ice"];
    let rows: Vec<(String, &str)> = (0..40)
        .map(|row| {
            let text: Vec<&str> = (0..6)
                .map(|_| words[fastrand::usize(..3) + row % 2 * 2])
                .collect();
            (text.join(" "), ["dry", "wet"][row % 2])
        })
        .collect();
    let rows: Vec<(&str, &str)> = rows
        .iter()
        .map(|(text, class)| (text.as_str(), *class))
        .collect();
    let corpus = corpus(&rows);
    let bags = Bags::new(&corpus, SHAPE, 1024, usize::MAX);
    let matrix = bags.matrix(&bags.known_in(&(0..40).collect::<Vec<_>>()));
    (corpus, matrix)
}

fn objective(matrix: &Matrix, rows: &[u32], sides: &[bool], cost: f64, found: &Separator) -> f64 {
    let length: f64 = found.weights.iter().map(|w| w * w).sum::<f64>() + found.bias * found.bias;
    let loss = |row: &u32| {
        let y = if sides[*row as usize] { 1.0 } else { -1.0 };
        (1.0 - y * found.score(matrix, *row as usize))
            .max(0.0)
            .powi(2)
    };
    0.5 * length + cost * rows.iter().map(loss).sum::<f64>()
}

fn settings(cost: f64) -> Settings {
    Settings {
        cost,
        tolerance: 1e-10,
        seed: 1,
    }
}

#[test]
fn the_objective_has_no_slope_at_the_solution() {
    let (corpus, matrix) = example();
    let sides: Vec<bool> = corpus.labels().iter().map(|label| *label == 1).collect();
    let rows: Vec<u32> = (0..40).collect();
    for cost in [0.05, 1.0] {
        let found = fit(&matrix, &rows, &sides, settings(cost), &mut Vec::new());
        let at = |place: usize, step: f64| {
            let mut moved = found.clone();
            match moved.weights.get_mut(place) {
                Some(weight) => *weight += step,
                None => moved.bias += step,
            }
            objective(&matrix, &rows, &sides, cost, &moved)
        };
        for place in 0..=matrix.width {
            let slope = (at(place, 1e-5) - at(place, -1e-5)) / 2e-5;
            assert!(slope.abs() < 1e-5, "{cost} {place} {slope}");
        }
    }
}

#[test]
fn the_start_does_not_matter() {
    let (corpus, matrix) = example();
    let sides: Vec<bool> = corpus.labels().iter().map(|label| *label == 1).collect();
    let rows: Vec<u32> = (0..30).collect();
    let mut duals = Vec::new();
    let _ = fit(&matrix, &rows, &sides, settings(0.1), &mut duals);
    let warm = fit(&matrix, &rows, &sides, settings(1.0), &mut duals);
    let cold = fit(&matrix, &rows, &sides, settings(1.0), &mut Vec::new());
    for (a, b) in warm.weights.iter().zip(&cold.weights) {
        assert!((a - b).abs() < 1e-6);
    }
    assert_ne!(warm.bias, 0.0);
}

#[test]
fn one_side_alone_is_no_trouble() {
    let (_, matrix) = example();
    let found = fit(
        &matrix,
        &[0, 1, 2],
        &[false; 40],
        settings(1.0),
        &mut Vec::new(),
    );
    assert!(found.score(&matrix, 1) < 0.0);
}

//! Whether probabilities come true.

use training::metrics::accuracy_interval;

use crate::view::Subject;

use super::super::html::Html;
use super::super::numbers::{count, percent};
use super::figure;
use super::plot::{Axis, Plot};

/// Radius of the circle of the tenth with the most rows, in pixels.
const LARGEST: f64 = 11.0;
/// Radius that a circle needs to be seen, in pixels.
const SMALLEST: f64 = 2.5;

/// The share that is right over the mean probability, for each of `tenths`: rows, mean probability, and share that is right.
/// The area of a circle says how many rows there are.
#[must_use]
pub fn calibration(tenths: &[[f64; 3]], subject: Subject) -> Html {
    let many = subject.many();
    let mut plot = Plot::new(
        &Axis::share("probability of the answer"),
        &Axis::share("share that is right"),
    );
    plot.line("guide", &[[0.0, 0.0], [1.0, 1.0]]);
    let known: Vec<[f64; 3]> = tenths
        .iter()
        .copied()
        .filter(|[rows, _, _]| *rows > 0.0)
        .collect();
    let most = known.iter().map(|[rows, _, _]| *rows).fold(1.0, f64::max);
    for [rows, probability, right] in &known {
        let [low, high] = accuracy_interval(*right, *rows as usize);
        plot.line("whisker", &[[*probability, low], [*probability, high]]);
    }
    for [rows, probability, right] in known {
        let rows_text = count(rows as usize);
        let tip = format!(
            "{rows_text} {many}: probability {}, right {}",
            percent(probability),
            percent(right)
        );
        plot.circle(
            [probability, right],
            (LARGEST * (rows / most).sqrt()).max(SMALLEST),
            &tip,
        );
    }
    figure(
        "Calibration: can the probabilities be believed?",
        format!(
            "Of all answers given with a probability of about 80 %, about 80 % should be right: the closer the circles are to the \
         dashed line, the better. Below it the model is too sure, above it too cautious. Larger circles stand \
         for more {many}; each upright line shows where the true share lies with 95 % confidence."
        ),
        plot.finish("Calibration: share of right answers over their mean probability"),
    )
}

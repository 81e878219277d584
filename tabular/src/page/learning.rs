//! How the training of a network went, epoch by epoch.

use training::epoch::Epoch;

use crate::view::{Curves, View};

use super::charts::plot::{Axis, Plot};
use super::charts::{figure, side_by_side};
use super::html::{Html, paragraph};

/// The curves of the loss and of the score.
#[must_use]
pub fn learning(view: &View<'_>) -> Html {
    let Some(curves) = &view.curves else {
        return Html::default();
    };
    let score = curves.score;
    let many = view.subject.many();
    let text = format!(
        "The network learnt from the training {many} {} times, and the state after epoch {} is kept: the one with the lowest \
         objective on the validation {many}, which it had not learnt from. Solid lines show the validation {many}, dashed ones \
         the training {many} as they were learnt from, which may be disturbed.",
        curves.history.len(),
        curves.kept,
    );
    let loss = curve(curves, "Loss", |epoch| {
        [epoch.train_loss, epoch.validation_loss]
    });
    let score_of = |epoch: &Epoch| {
        [epoch.train_score, epoch.validation_score].map(|figure| score.factor * figure)
    };
    let label = format!("{}{}", score.label, score.unit);
    paragraph(text)
        + side_by_side([
            figure("Loss", format!("({}).", score.loss), loss),
            figure(score.label, "", curve(curves, &label, score_of)),
        ])
}

/// A plot of two figures of each epoch: of the training rows, and of the validation rows.
fn curve(curves: &Curves<'_>, name: &str, of: impl Fn(&Epoch) -> [f64; 2]) -> Html {
    let figures: Vec<[f64; 2]> = curves.history.iter().map(of).collect();
    let all = || figures.iter().flatten().copied();
    let low = all().fold(f64::INFINITY, f64::min);
    let high = all().fold(f64::NEG_INFINITY, f64::max);
    let axis = |name, range| Axis {
        name,
        range,
        is_share: false,
    };
    let mut plot = Plot::new(
        &axis("Epoch", [1.0, figures.len().max(2) as f64]),
        &axis(name, [low, high]),
    );
    for (place, class) in [(0, "guide"), (1, "curve")] {
        let points: Vec<[f64; 2]> = (1..)
            .zip(&figures)
            .map(|(epoch, pair)| [f64::from(epoch), pair[place]])
            .collect();
        plot.line(class, &points);
    }
    plot.finish(name)
}

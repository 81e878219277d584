//! Charts of how good the answers are.

use crate::measure::{Classes, Number};
use crate::report::Summary;
use crate::view::Subject;

use super::charts::calibration::calibration;
use super::charts::confusion::confusion;
use super::charts::curves::{precision_recall, roc};
use super::charts::scatter::{errors, scatter};
use super::charts::side_by_side;
use super::html::Html;

/// Classes whose matrix is narrow enough to stand beside a plot.
const NARROW: usize = 3;

/// Of answers that are classes.
#[must_use]
pub fn classes(figures: &Classes, classes: &[String], subject: Subject) -> Html {
    let matrix = confusion(&figures.confusion, classes, subject);
    let mut plots = vec![calibration(&figures.calibration, subject)];
    if let ([first, second], Some(auc)) = (classes, figures.auc) {
        let positive: usize = figures.confusion.last().map_or(0, |row| row.iter().sum());
        let share = positive as f64 / figures.rows.max(1) as f64;
        plots.push(roc(&figures.roc, auc, [first, second], subject));
        plots.push(precision_recall(
            &figures.precision_recall,
            share,
            second,
            subject,
        ));
    }
    if classes.len() <= NARROW {
        plots.insert(0, matrix);
        return side_by_side(plots);
    }
    matrix + side_by_side(plots)
}

/// Of answers that are numbers.
#[must_use]
pub fn number(figures: &Number, target: &Summary) -> Html {
    if figures.points.is_empty() {
        return Html::default();
    }
    let half = figures.interval_half_width;
    side_by_side([
        scatter(&figures.points, half, &target.name),
        errors(&figures.points, half, figures.interval_coverage),
    ])
}

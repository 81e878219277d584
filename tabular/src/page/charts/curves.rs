//! What can be had for two classes by moving the threshold.

use crate::view::Subject;

use super::super::html::{Html, short};
use super::super::numbers::percent;
use super::figure;
use super::plot::{Axis, Plot};

/// Characters of a class in the name of an axis.
const LONGEST: usize = 16;

/// The ROC curve `points`: shares of the rows of the first and of the second class above a threshold; and the area below.
#[must_use]
pub fn roc(points: &[[f64; 2]], area: f64, [first, second]: [&str; 2], subject: Subject) -> Html {
    let [x, y] = [wrong(first), found(second)];
    let mut plot = Plot::new(&Axis::share(&x), &Axis::share(&y));
    plot.line("guide", &[[0.0, 0.0], [1.0, 1.0]]);
    plot.line("curve", points);
    let explanation = format!(
        "How many {many} of “{}” are found (upwards) at the price of false alarms (to the right), for every threshold. The \
         dashed line is guessing. Of a {} of each class, the model gives the right one the higher probability in {} of all \
         pairs (AUC).",
        short(second, LONGEST),
        subject.one(),
        percent(area),
        many = subject.many(),
    );
    figure(
        "ROC curve: finds and false alarms",
        explanation,
        plot.finish("ROC curve"),
    )
}

/// The curve of precision over recall: `points` of recall and precision of the second class, which has the share `share`
/// of the rows.
#[must_use]
pub fn precision_recall(points: &[[f64; 2]], share: f64, second: &str, subject: Subject) -> Html {
    let x = found(second);
    let y = format!("“{}” that are right", short(second, LONGEST));
    let mut plot = Plot::new(&Axis::share(&x), &Axis::share(&y));
    plot.line("guide", &[[0.0, share], [1.0, share]]);
    plot.line("curve", points);
    let explanation = format!(
        "The more {many} of “{}” are to be found (to the right), the fewer of the answers “{0}” are right (upwards). The dashed \
         line is guessing.",
        short(second, LONGEST),
        many = subject.many(),
    );
    figure(
        "Precision and recall",
        explanation,
        plot.finish("Precision over recall"),
    )
}

fn found(class: &str) -> String {
    format!("“{}” that are found", short(class, LONGEST))
}

fn wrong(class: &str) -> String {
    format!("“{}” with a false alarm", short(class, LONGEST))
}

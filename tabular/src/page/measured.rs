//! How the figures came about, and what they say.

use crate::measure::Figures;
use crate::report::Report;

use super::html::{Html, name, paragraph, sentence};
use super::numbers::count;

/// Rows below which the figures are rough.
const FEW: usize = 300;

/// How the model was measured, in plain words.
#[must_use]
pub fn measured(report: &Report) -> Html {
    let rows = match &report.test {
        Figures::Classes(figures) => figures.rows,
        Figures::Number(figures) => figures.rows,
    };
    let data = &report.data;
    let how =
        paragraph(Html::from("The figures were measured ") + sentence(&report.measured) + ".");
    let what = if data.test_rows == 0 {
        format!(
            "The rows were dealt into equal parts. Each part was answered by a model that had learnt from the others only. The \
             model in the module was then trained on all {} rows in the same way. It has learnt from more rows \
             than each of the measured ones, so it should be as good or slightly better.",
            count(data.training_rows),
        )
    } else {
        format!(
            "The model learnt from {} rows. The {} rows of the test were not looked at until it was finished: no setting was \
             chosen by them.",
            count(data.training_rows),
            count(rows),
        )
    };
    let mut text = how + paragraph(what);
    text.push(paragraph(
        Html::from("Expect about the same on new rows that come about like those of ")
            + name(&data.file)
            + ". Rows of another place, time or kind may be answered worse, and no figure here can tell by how much.",
    ));
    if rows < FEW {
        text.push(paragraph(format!(
            "With {} rows measured, all figures are rough.",
            count(rows)
        )));
    }
    text
}

//! How the figures came about, and what they say.

use crate::measure::Figures;
use crate::view::View;

use super::html::{Html, name, paragraph, sentence};
use super::numbers::count;

/// Rows below which the figures are rough.
const FEW: usize = 300;

/// How the model was measured, in plain words.
#[must_use]
pub fn measured(view: &View<'_>) -> Html {
    let rows = match &view.test {
        Figures::Classes(figures) => figures.rows,
        Figures::Number(figures) => figures.rows,
    };
    let data = view.data;
    let many = view.subject.many();
    let how = paragraph(Html::from("The figures were measured ") + sentence(view.measured) + ".");
    let what = if data.test_rows == 0 {
        format!(
            "The {many} were dealt into equal parts. Each part was answered by a model that had learnt from the others only. The \
             model in the module was then trained on all {} {many} in the same way. It has learnt from more {many} \
             than each of the measured ones, so it should be as good or slightly better.",
            count(data.training_rows),
        )
    } else {
        format!(
            "The model learnt from {} {many}. The {} {many} of the test were not looked at until it was finished: no setting was \
             chosen by them.",
            count(data.training_rows),
            count(rows),
        )
    };
    let mut text = how + paragraph(what);
    text.push(paragraph(
        Html::from(format!(
            "Expect about the same on new {many} that come about like those of "
        ))
            + name(&data.file)
            + format!(
                ". {} of another place, time or kind may be answered worse, and no figure here can tell by how much.",
                view.subject.heading()
            ),
    ));
    if rows < FEW {
        text.push(paragraph(format!(
            "With {} {many} measured, all figures are rough.",
            count(rows)
        )));
    }
    text
}

//! Models beside each other, and columns beside each other.

use crate::measure::Figures;
use crate::view::{Compared, Subject, View, is_blend};

use super::charts::bars::{Bar, bars};
use super::html::{Html, name, paragraph};
use super::numbers::{aligned, counted};
use super::on_demand;

/// Columns whose importance is shown at once.
const LISTED: usize = 20;

/// The losses of simpler models, of the members on folds, and of this model.
#[must_use]
pub fn models(view: &View<'_>) -> Html {
    let (loss, explanation) = match &view.test {
        Figures::Classes(_) => (
            "Log-loss",
            "the log-loss, which says how much probability the true class gets",
        ),
        Figures::Number(_) => (
            "RMSE",
            "the root of the mean squared error, in the unit of the target",
        ),
    };
    let losses: Vec<f64> = view.compared.iter().map(|model| model.loss).collect();
    let last = view.compared.len().saturating_sub(1);
    let has_shares = is_blend(&view.compared);
    let bar = |(place, (model, figure)): (usize, (&Compared, String))| Bar {
        name: model.name.as_str().into(),
        amount: model.loss,
        cells: match has_shares {
            true => vec![figure, model.percent()],
            false => vec![figure],
        },
        is_main: place == last,
    };
    let models = view.compared.iter().zip(aligned(&losses));
    let rows: Vec<Bar> = models.enumerate().map(bar).collect();
    let columns = ["Model", loss, "Share"];
    let columns = &columns[..if has_shares { 3 } else { 2 }];
    paragraph(format!("Shorter bars are better. They show {explanation}."))
        + bars("Losses of models", columns, &rows)
        + lines_of_folds(view)
}

/// What the lines mean that were measured on folds.
fn lines_of_folds(view: &View<'_>) -> Html {
    match view.subject {
        Subject::Images => Html::default(),
        Subject::Table if !is_blend(&view.compared) => Html::default(),
        Subject::Table => paragraph(
            "The model blends members, and the share says how much each of them counts. The lines of the members come from folds \
             within the training rows; the other lines were measured as described above. Small differences between the two kinds of \
             line mean nothing.",
        ),
        Subject::Texts => paragraph(
            "The lines “on folds” come from folds within the training texts: first with all pieces of words, then with those \
             that the module has room for. The other lines were measured as described above. Small differences between the two \
             kinds of line mean nothing.",
        ),
    }
}

/// By how much the loss grows without each column.
#[must_use]
pub fn importance(view: &View<'_>) -> Html {
    if view.importance.is_empty() {
        return Html::default();
    }
    let amounts: Vec<f64> = view.importance.iter().map(|(_, amount)| *amount).collect();
    let bar = |((column, amount), figure): (&(String, f64), String)| Bar {
        name: name(column),
        amount: *amount,
        cells: vec![figure],
        is_main: false,
    };
    let rows: Vec<Bar> = view
        .importance
        .iter()
        .zip(aligned(&amounts))
        .map(bar)
        .collect();
    let (first, more) = rows.split_at(rows.len().min(LISTED));
    let loss = match &view.test {
        Figures::Classes(_) => "log-loss",
        Figures::Number(_) => "root of the mean squared error",
    };
    let heads = ["Column", "Loss grows by"];
    let others = if more.is_empty() {
        Html::default()
    } else {
        bars("Importance of the other columns", &heads, more)
    };
    paragraph(format!(
        "By how much the {loss} grows when the values of a column are mixed up among the rows. The longer the bar, the more \
         the answers depend on the column. Columns that say the same share their importance, and numbers around 0 are chance. \
         That a column matters does not mean that it is a cause."
    )) + bars("Importance of columns", &heads, first)
        + on_demand(&counted(more.len(), "more column", "more columns"), others)
}

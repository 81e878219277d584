//! Models beside each other, and columns beside each other.

use crate::measure::Figures;
use crate::report::Report;

use super::charts::bars::{Bar, bars};
use super::html::{Html, name, paragraph};
use super::numbers::{aligned, counted};
use super::on_demand;

/// Columns whose importance is shown at once.
const LISTED: usize = 20;

/// The losses of simpler models, of the members on folds, and of this model.
#[must_use]
pub fn models(report: &Report) -> Html {
    let (loss, explanation) = match &report.test {
        Figures::Classes(_) => (
            "Log-loss",
            "the log-loss, which says how much probability the true class gets",
        ),
        Figures::Number(_) => (
            "RMSE",
            "the root of the mean squared error, in the unit of the target",
        ),
    };
    let mut rows: Vec<(String, f64, String)> = Vec::new();
    for (name, loss) in &report.baselines {
        rows.push((format!("{name} alone"), *loss, String::new()));
    }
    for member in &report.members {
        let share = format!("{:.0} %", 100.0 * member.share);
        rows.push((format!("on folds: {}", member.name), member.loss, share));
    }
    rows.push(("this model".into(), report.test.loss(), String::new()));
    let losses: Vec<f64> = rows.iter().map(|(_, loss, _)| *loss).collect();
    let last = rows.len().saturating_sub(1);
    let bar =
        |(place, ((name, amount, share), figure)): (usize, ((String, f64, String), String))| Bar {
            name: name.into(),
            amount,
            cells: vec![figure, share],
            is_main: place == last,
        };
    let rows: Vec<Bar> = rows
        .into_iter()
        .zip(aligned(&losses))
        .enumerate()
        .map(bar)
        .collect();
    paragraph(format!("Shorter bars are better. They show {explanation}."))
        + bars("Losses of models", &["Model", loss, "Share"], &rows)
        + members(report)
}

/// What the lines of the members mean.
fn members(report: &Report) -> Html {
    if report.members.is_empty() {
        return Html::default();
    }
    paragraph(
        "The model blends members, and the share says how much each of them counts. The lines of the members come from folds \
         within the training rows; the other lines were measured as described above. Small differences between the two kinds of \
         line mean nothing.",
    )
}

/// By how much the loss grows without each column.
#[must_use]
pub fn importance(report: &Report) -> Html {
    if report.importance.is_empty() {
        return Html::default();
    }
    let amounts: Vec<f64> = report
        .importance
        .iter()
        .map(|(_, amount)| *amount)
        .collect();
    let bar = |((column, amount), figure): (&(String, f64), String)| Bar {
        name: name(column),
        amount: *amount,
        cells: vec![figure],
        is_main: false,
    };
    let rows: Vec<Bar> = report
        .importance
        .iter()
        .zip(aligned(&amounts))
        .map(bar)
        .collect();
    let (first, more) = rows.split_at(rows.len().min(LISTED));
    let loss = match &report.test {
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

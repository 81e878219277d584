//! The rows that were answered worst.

use serde_json::{Map, Value};

use crate::measure::Figures;
use crate::report::{Report, Surprise};

use super::charts::{heads, number_cell, row_head, scrolling};
use super::html::{Html, element, name, paragraph};
use super::numbers::{figure, percent};
use super::on_demand;

/// Values of a row that are shown at once: those of the columns that matter most.
const NAMED: usize = 8;

/// A line for each of the rows.
#[must_use]
pub fn surprises(report: &Report) -> Html {
    let (explanation, amount, class) = match &report.test {
        Figures::Classes(_) => (
            "The rows whose true class had the least probability. Look here for errors in the data, and for what the columns do \
             not say.",
            "Probability of the truth",
            "worst",
        ),
        Figures::Number(_) => (
            "The rows whose answers are farthest from the truth. Look here for errors in the data, and for what the columns do \
             not say.",
            "Error",
            "worst errors",
        ),
    };
    if report.surprises.is_empty() {
        return paragraph("No row was answered wrongly.");
    }
    let names = [
        ("Line", ""),
        ("Truth", ""),
        ("Answer", ""),
        (amount, "n"),
        ("Row", ""),
    ];
    let body: Html = report
        .surprises
        .iter()
        .map(|surprise| line(surprise, report))
        .collect();
    let caption = element("caption", &[("class", "hidden")], "Rows with wrong answers");
    let table = element(
        "table",
        &[("class", class)],
        caption + heads(&names) + element("tbody", &[], body),
    );
    paragraph(explanation) + scrolling("Rows with wrong answers", table)
}

fn line(surprise: &Surprise, report: &Report) -> Html {
    let amount = match &report.test {
        Figures::Classes(_) => percent(surprise.amount),
        Figures::Number(_) => figure(surprise.amount),
    };
    let cells = element("td", &[], answer(&surprise.truth, report))
        + element("td", &[], answer(&surprise.answer, report));
    let row = element("td", &[], row(&surprise.row, &report.importance));
    element(
        "tr",
        &[],
        row_head(surprise.line.to_string().into()) + cells + number_cell(amount) + row,
    )
}

/// A class as it is, and a number as others are written.
fn answer(text: &str, report: &Report) -> Html {
    match (&report.test, text.parse::<f64>()) {
        (Figures::Number(_), Ok(number)) => figure(number).into(),
        _ => name(text),
    }
}

/// The row `json`: values of the columns that matter most, and the whole on demand.
fn row(json: &str, importance: &[(String, f64)]) -> Html {
    let fields: Map<String, Value> = serde_json::from_str(json).unwrap_or_default();
    let mut named = importance
        .iter()
        .filter_map(|(column, _)| fields.get_key_value(column));
    let shown: Html = named
        .by_ref()
        .take(NAMED)
        .map(|(column, value)| field(column, value))
        .collect();
    if !shown.is_empty() && named.next().is_none() && fields.len() <= NAMED {
        return shown;
    }
    shown + on_demand("the whole row", element("code", &[], json))
}

fn field(column: &str, value: &Value) -> Html {
    let value = value
        .as_str()
        .map_or_else(|| name(&value.to_string()), name);
    element(
        "span",
        &[("class", "field")],
        element("span", &[("class", "soft")], name(column)) + " " + value,
    )
}

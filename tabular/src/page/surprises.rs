//! The rows that were answered worst.

use serde_json::{Map, Value};

use crate::measure::Figures;
use crate::report::Surprise;
use crate::view::{Subject, View};

use super::charts::{heads, number_cell, row_head, scrolling};
use super::html::{Html, element, empty, name, paragraph, short};
use super::numbers::{figure, percent};
use super::on_demand;

/// Values of a row that are shown at once: those of the columns that matter most.
const NAMED: usize = 8;
/// Characters of a text, or of a part of one, that are shown.
const LONGEST_TEXT: usize = 300;

/// A line for each of the rows.
#[must_use]
pub fn surprises(view: &View<'_>) -> Html {
    let (explanation, amount, class) = match (view.subject, &view.test) {
        (Subject::Texts, _) => (
            "The texts whose true class had the least probability. Look here for wrong classes in the data, and for texts that \
             more than one class fits.",
            "Probability of the truth",
            "worst",
        ),
        (Subject::Images, _) => (
            "The pictures whose true class had the least probability, as the model sees them. Look here for wrong classes in the \
             data, and for pictures that more than one class fits.",
            "Probability of the truth",
            "worst",
        ),
        (Subject::Table, Figures::Classes(_)) => (
            "The rows whose true class had the least probability. Look here for errors in the data, and for what the columns do \
             not say.",
            "Probability of the truth",
            "worst",
        ),
        (Subject::Table, Figures::Number(_)) => (
            "The rows whose answers are farthest from the truth. Look here for errors in the data, and for what the columns do \
             not say.",
            "Error",
            "worst errors",
        ),
    };
    if view.surprises.is_empty() {
        return paragraph(format!("No {} was answered wrongly.", view.subject.one()));
    }
    let (row_name, caption) = match view.subject {
        Subject::Table => ("Row", "Rows with wrong answers"),
        Subject::Texts => ("Text", "Texts with wrong answers"),
        Subject::Images => return paragraph(explanation) + gallery(view),
    };
    let names = [
        ("Line", ""),
        ("Truth", ""),
        ("Answer", ""),
        (amount, "n"),
        (row_name, ""),
    ];
    let body: Html = view
        .surprises
        .iter()
        .map(|surprise| line(surprise, view))
        .collect();
    let table = element(
        "table",
        &[("class", class)],
        element("caption", &[("class", "hidden")], caption)
            + heads(&names)
            + element("tbody", &[], body),
    );
    paragraph(explanation) + scrolling(caption, table)
}

fn line(surprise: &Surprise, view: &View<'_>) -> Html {
    let amount = match &view.test {
        Figures::Classes(_) => percent(surprise.amount),
        Figures::Number(_) => figure(surprise.amount),
    };
    let cells = element("td", &[], answer(&surprise.truth, view))
        + element("td", &[], answer(&surprise.answer, view));
    let row = match view.subject {
        Subject::Table => row(&surprise.row, view.importance),
        Subject::Texts => text(&surprise.row),
        Subject::Images => picture(surprise),
    };
    let row = element("td", &[], row);
    element(
        "tr",
        &[],
        row_head(surprise.line.to_string().into()) + cells + number_cell(amount) + row,
    )
}

/// A class as it is, and a number as others are written.
fn answer(text: &str, view: &View<'_>) -> Html {
    match (&view.test, text.parse::<f64>()) {
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

/// The text `json`, cut; one of several parts as an object.
fn text(json: &str) -> Html {
    let cut = |text: &str| element("bdi", &[], short(text, LONGEST_TEXT));
    match serde_json::from_str(json).unwrap_or_default() {
        Value::String(text) => cut(&text),
        Value::Object(parts) => parts
            .iter()
            .map(|(name, part)| labelled(name, cut(part.as_str().unwrap_or_default())))
            .collect(),
        _ => Html::default(),
    }
}

/// The pictures beside each other.
fn gallery(view: &View<'_>) -> Html {
    let pictures: Html = view.surprises.iter().map(picture).collect();
    element("div", &[("class", "gallery")], pictures)
}

/// A picture, with what it is, and what was answered. Its row is an object with its name, and its address, which holds the
/// picture itself.
fn picture(surprise: &Surprise) -> Html {
    let fields: Map<String, Value> = serde_json::from_str(&surprise.row).unwrap_or_default();
    let text = |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or_default();
    let (called, address) = (text("name"), text("address"));
    let wrong = Html::from("answer ") + name(&surprise.answer);
    let right = Html::from("truth ") + name(&surprise.truth) + " with " + percent(surprise.amount);
    let line = |inside: Html| element("span", &[], inside);
    let caption = line(wrong) + line(right) + element("small", &[], name(called));
    element(
        "figure",
        &[],
        empty("img", &[("src", address), ("alt", "")]) + element("figcaption", &[], caption),
    )
}

fn field(column: &str, value: &Value) -> Html {
    let value = value
        .as_str()
        .map_or_else(|| name(&value.to_string()), name);
    labelled(column, value)
}

/// `value` with the name of its column or part.
fn labelled(column: &str, value: Html) -> Html {
    element(
        "span",
        &[("class", "field")],
        element("span", &[("class", "soft")], name(column)) + " " + value,
    )
}

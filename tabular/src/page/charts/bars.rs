//! Tables with a bar in each row.

use super::super::html::{Html, element, empty};
use super::{at, heads, number_cell, row_head};

/// A row.
#[derive(Debug, Clone)]
pub struct Bar {
    /// What is measured.
    pub name: Html,
    /// The length of the bar; one below 0 has none.
    pub amount: f64,
    /// Texts beside it.
    pub cells: Vec<String>,
    /// Whether the row is the one that matters.
    pub is_main: bool,
}

/// `bars` below the `columns`: that of the names, and those of the cells. The bars have one scale, which begins at 0.
#[must_use]
pub fn bars(caption: &str, columns: &[&str], bars: &[Bar]) -> Html {
    let longest = bars
        .iter()
        .map(|bar| bar.amount)
        .filter(|amount| amount.is_finite())
        .fold(0.0, f64::max);
    let mut names = vec![
        (columns.first().copied().unwrap_or_default(), ""),
        ("", "bar"),
    ];
    names.extend(columns.iter().skip(1).map(|column| (*column, "n")));
    let row = |bar: &Bar| {
        let cells: Html = bar
            .cells
            .iter()
            .map(|cell| number_cell(cell.as_str()))
            .collect();
        let drawn = element("td", &[("class", "bar")], drawing(bar.amount, longest));
        let class = if bar.is_main { "main" } else { "" };
        element(
            "tr",
            &[("class", class)],
            row_head(bar.name.clone()) + drawn + cells,
        )
    };
    let body = element("tbody", &[], bars.iter().map(row).collect::<Html>());
    let caption = element("caption", &[("class", "hidden")], caption);
    element(
        "table",
        &[("class", "bars")],
        caption + heads(&names) + body,
    )
}

/// The number beside a bar says the same, so the drawing is hidden from screen readers.
fn drawing(amount: f64, longest: f64) -> Html {
    let share = 100.0 * amount / longest;
    let share = if share.is_finite() {
        share.clamp(0.0, 100.0)
    } else {
        0.0
    };
    let width = format!("{}%", at(share));
    let bar = empty("rect", &[("width", &width), ("height", "100%")]);
    element("svg", &[("aria-hidden", "true")], bar)
}

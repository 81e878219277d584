//! Figures as SVG and tables, drawn without scripts.

pub mod bars;
pub mod calibration;
pub mod confusion;
pub mod curves;
pub mod distribution;
pub mod plot;
pub mod scatter;

use super::html::{Html, element};

/// A coordinate with one decimal place; 0 for one that is not finite.
#[must_use]
pub fn at(coordinate: f64) -> String {
    if !coordinate.is_finite() {
        return "0".into();
    }
    let text = format!("{coordinate:.1}");
    text.strip_suffix(".0")
        .map_or(text.clone(), ToOwned::to_owned)
}

/// A chart with what it shows in words.
#[must_use]
pub fn figure(title: &str, explanation: impl Into<Html>, chart: Html) -> Html {
    let caption = element("strong", &[], title) + " " + explanation;
    element("figure", &[], element("figcaption", &[], caption) + chart)
}

/// Figures beside each other where there is room.
#[must_use]
pub fn side_by_side(figures: impl IntoIterator<Item = Html>) -> Html {
    element(
        "div",
        &[("class", "pair")],
        figures.into_iter().collect::<Html>(),
    )
}

/// A table that scrolls where it is wider than the screen.
#[must_use]
pub fn scrolling(label: &str, table: Html) -> Html {
    let attributes = [
        ("class", "scroll"),
        ("role", "region"),
        ("aria-label", label),
        ("tabindex", "0"),
    ];
    element("div", &attributes, table)
}

/// A row of headings.
#[must_use]
pub fn heads(names: &[(&str, &'static str)]) -> Html {
    let head = |(name, class): &(&str, &'static str)| {
        element("th", &[("scope", "col"), ("class", class)], *name)
    };
    element(
        "thead",
        &[],
        element("tr", &[], names.iter().map(head).collect::<Html>()),
    )
}

/// A cell with a number.
#[must_use]
pub fn number_cell(text: impl Into<Html>) -> Html {
    element("td", &[("class", "n")], text)
}

/// The heading of a row.
#[must_use]
pub fn row_head(inside: Html) -> Html {
    element("th", &[("scope", "row")], inside)
}

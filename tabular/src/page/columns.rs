//! The data, a line for each column.

use crate::report::Summary;
use crate::view::{Subject, View};

use super::charts::distribution::distribution;
use super::charts::{heads, number_cell, row_head, scrolling};
use super::html::{Html, element, name, paragraph};
use super::numbers::{count, counted, date, percent, value};
use super::{SHOWN, on_demand};

/// Values of a category that are named.
const NAMED: usize = 3;

/// What is known of the data.
#[must_use]
pub fn columns(view: &View<'_>) -> Html {
    let data = view.data;
    let [one, many] = [view.subject.one(), view.subject.many()];
    let missing: usize = view.columns.iter().map(|column| column.missing).sum();
    let cells = view.columns.len() * data.training_rows;
    let missing = match missing {
        0 => "no values are missing".into(),
        _ => format!(
            "{} of all values are missing",
            percent(missing as f64 / cells.max(1) as f64)
        ),
    };
    let rows = counted(data.rows, one, many);
    let learnt = counted(data.training_rows, one, many);
    let text = match view.subject {
        Subject::Table => format!(
            ": {rows} with a target and {} to learn from. The model learnt from {learnt}; {missing}. The distributions \
             below show numbers from low to high, and categories from frequent to rare.",
            counted(view.columns.len(), "column", "columns"),
        ),
        Subject::Texts | Subject::Images => format!(
            ": {rows} with a class. The model learnt from {learnt}. The distribution below shows the classes from \
             frequent to rare.",
        ),
    };
    let (first, more) = view.columns.split_at(view.columns.len().min(SHOWN));
    let target = line(view.target, data.rows, true);
    let lines = |columns: &[Summary]| {
        columns
            .iter()
            .map(|column| line(column, data.training_rows, false))
            .collect::<Html>()
    };
    let others = if more.is_empty() {
        Html::default()
    } else {
        table("Other columns", lines(more))
    };
    paragraph(name(&data.file) + text)
        + table("Columns", target + lines(first))
        + on_demand(&counted(more.len(), "more column", "more columns"), others)
}

fn table(label: &str, body: Html) -> Html {
    let names = [
        ("Column", ""),
        ("Type", ""),
        ("Missing", "n"),
        ("Values", ""),
        ("Distribution", ""),
    ];
    let caption = element("caption", &[("class", "hidden")], label);
    scrolling(
        label,
        element(
            "table",
            &[("class", "columns")],
            caption + heads(&names) + element("tbody", &[], body),
        ),
    )
}

fn line(column: &Summary, rows: usize, is_target: bool) -> Html {
    let mut called = name(&column.name);
    if is_target {
        called.push(element("span", &[("class", "tag")], "target"));
    }
    if !column.description.is_empty() {
        called.push(element("small", &[], name(&column.description)));
    }
    let mut kind = Html::from(column.kind);
    if !column.unit.is_empty() {
        kind = kind + ", " + name(&column.unit);
    }
    let missing = match column.missing {
        0 => "0".into(),
        missing => format!(
            "{} ({})",
            count(missing),
            percent(missing as f64 / rows.max(1) as f64)
        ),
    };
    let cells =
        element("td", &[], kind) + number_cell(missing) + element("td", &[], values(column, rows));
    let description = format!("Distribution of {} values", count(column.distinct));
    let drawn = element("td", &[], distribution(&column.counts, &description));
    element("tr", &[], row_head(called) + cells + drawn)
}

fn values(column: &Summary, rows: usize) -> Html {
    if let Some([low, mean, high]) = column.range {
        let text = match column.kind {
            "date" => format!("{} to {}", date(low), date(high)),
            _ => format!(
                "{} to {}, mean {}",
                value(low),
                value(high),
                value(rounded(mean, high - low))
            ),
        };
        return text.into();
    }
    let named = column
        .counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .take(NAMED);
    let mut text = Html::default();
    for (category, count) in named {
        if !text.is_empty() {
            text.push(", ");
        }
        text =
            text + name(category) + format!(" ({})", percent(*count as f64 / rows.max(1) as f64));
    }
    match column.distinct.saturating_sub(NAMED) {
        0 => text,
        more => text + format!(", {} more", count(more)),
    }
}

/// `number` to about a thousandth of `width`: more digits of a mean say nothing.
fn rounded(number: f64, width: f64) -> f64 {
    if !(width.is_finite() && width > 0.0) {
        return number;
    }
    let step = 10_f64.powf((width / 1000.0).log10().floor());
    (number / step).round() * step
}

//! Which classes are taken for which.

use std::cmp::Reverse;

use crate::view::Subject;

use super::super::html::{Html, element, empty, name};
use super::super::numbers::{count, percent};
use super::{figure, heads, number_cell, row_head, scrolling};

/// Classes of a matrix that can be read.
const MOST_CLASSES: usize = 30;
/// Classes whose names stand upright at the top.
const FEW_CLASSES: usize = 6;
/// Confusions that are listed.
const LISTED: usize = 20;
/// Steps of the colour scale; the style sheet has a class for each.
const STEPS: f64 = 8.0;
/// Share of a class that gets the darkest colour when it is confused with another, unless a larger one occurs.
const SERIOUS: f64 = 0.1;

/// Rows by class (outer) and answer (inner): a matrix, or a list if there are too many classes.
#[must_use]
pub fn confusion(matrix: &[Vec<usize>], classes: &[String], subject: Subject) -> Html {
    if matrix.len() > MOST_CLASSES {
        list(matrix, classes, subject)
    } else {
        square(matrix, classes, subject)
    }
}

fn square(matrix: &[Vec<usize>], classes: &[String], subject: Subject) -> Html {
    let form = if matrix.len() > FEW_CLASSES {
        "matrix many"
    } else {
        "matrix"
    };
    let names: Html = (0..matrix.len())
        .map(|class| {
            element(
                "th",
                &[("scope", "col")],
                element("span", &[], of(classes, class)),
            )
        })
        .collect();
    let names = element(
        "tr",
        &[],
        element(
            "td",
            &[],
            Html::from("answer →") + empty("br", &[]) + "truth ↓",
        ) + names
            + element("th", &[("scope", "col")], element("span", &[], "found")),
    );
    let serious = serious(matrix);
    let body: Html = matrix
        .iter()
        .enumerate()
        .map(|(class, row)| line(class, row, classes, serious))
        .collect();
    let caption = element(
        "caption",
        &[("class", "hidden")],
        format!("{} by true class and answer", subject.heading()),
    );
    let table = element(
        "table",
        &[("class", form)],
        caption + element("thead", &[], names) + element("tbody", &[], body),
    );
    figure(
        "Confusion matrix: which classes are taken for which",
        format!(
            "A line for each true class, a column for each answer. Right answers are blue, on the diagonal; wrong ones are orange. The \
         stronger the colour, the more frequent they are. The \
         last column says how many {} of the class are found.",
            subject.many()
        ),
        scrolling("Confusion matrix", table),
    )
}

/// The share of its class that the most frequent confusion has, or [`SERIOUS`].
fn serious(matrix: &[Vec<usize>]) -> f64 {
    let mut largest = SERIOUS;
    for (class, row) in matrix.iter().enumerate() {
        let all: usize = row.iter().sum();
        let others = row
            .iter()
            .enumerate()
            .filter(|(answer, _)| *answer != class);
        let most = others.map(|(_, rows)| *rows).max().unwrap_or(0);
        largest = largest.max(most as f64 / all.max(1) as f64);
    }
    largest
}

fn line(class: usize, row: &[usize], classes: &[String], serious: f64) -> Html {
    let all: usize = row.iter().sum();
    let cell = |(answer, rows): (usize, &usize)| {
        if *rows == 0 {
            return element("td", &[], "");
        }
        let darkest = if answer == class { 1.0 } else { serious };
        let step = (STEPS * *rows as f64 / (all as f64 * darkest)).ceil();
        let tone = format!(
            "{} s{step}",
            if answer == class { "right" } else { "wrong" }
        );
        element("td", &[("class", &tone)], count(*rows))
    };
    let cells: Html = row.iter().enumerate().map(cell).collect();
    let right = row.get(class).copied().unwrap_or(0);
    let found = if all == 0 {
        "–".into()
    } else {
        percent(right as f64 / all as f64)
    };
    element(
        "tr",
        &[],
        row_head(of(classes, class)) + cells + element("td", &[("class", "found")], found),
    )
}

/// The confusions that occur most often.
fn list(matrix: &[Vec<usize>], classes: &[String], subject: Subject) -> Html {
    let mut wrong: Vec<(usize, usize, usize, usize)> = Vec::new();
    for (class, row) in matrix.iter().enumerate() {
        let all = row.iter().sum();
        let others = row
            .iter()
            .enumerate()
            .filter(|(answer, rows)| *answer != class && **rows > 0);
        wrong.extend(others.map(|(answer, rows)| (class, answer, *rows, all)));
    }
    wrong.sort_by_key(|(_, _, rows, _)| Reverse(*rows));
    let row = |(class, answer, rows, all): &(usize, usize, usize, usize)| {
        let share = percent(*rows as f64 / *all as f64);
        let cells = element("td", &[], of(classes, *answer))
            + number_cell(count(*rows))
            + number_cell(share);
        element("tr", &[], row_head(of(classes, *class)) + cells)
    };
    let body: Html = wrong.iter().take(LISTED).map(row).collect();
    let names = heads(&[
        ("Truth", ""),
        ("Answer", ""),
        (subject.heading(), "n"),
        ("Of the class", "n"),
    ]);
    let table = element("table", &[], names + element("tbody", &[], body));
    figure(
        "Confusion matrix: which classes are taken for which",
        format!(
            "The most frequent confusions of {} classes, and which share of the {} of the true class they are.",
            matrix.len(),
            subject.many()
        ),
        if wrong.is_empty() {
            element(
                "p",
                &[],
                format!("No {} was answered wrongly.", subject.one()),
            )
        } else {
            scrolling("Confusions", table)
        },
    )
}

/// The name of the class number `class`.
fn of(classes: &[String], class: usize) -> Html {
    classes.get(class).map_or_else(
        || format!("class {}", class + 1).into(),
        |class| name(class),
    )
}

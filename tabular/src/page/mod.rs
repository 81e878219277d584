//! The report as a page for people: `report.html`.
//!
//! One file without scripts, fonts or anything else from elsewhere. [`html`] escapes all text, [`charts`] draws; every
//! other part writes a section.

pub mod charts;
mod columns;
mod compare;
mod files;
mod headline;
mod html;
mod measured;
mod numbers;
mod quality;
mod surprises;
#[cfg(test)]
mod tests;

use crate::measure::Figures;
use crate::report::Report;

use html::{Html, element, empty, sentence};
use numbers::count;

/// Notes and rows of long tables that are shown at once; the others are shown on demand.
const SHOWN: usize = 24;

/// A part of the page.
struct Section {
    /// Its address in the page.
    id: &'static str,
    /// What the list of contents calls it.
    link: &'static str,
    /// Its heading.
    heading: &'static str,
    /// What it says.
    body: Html,
}

/// The page of `report`.
#[must_use]
pub fn page(report: &Report) -> String {
    let sections = sections(report);
    let link = |section: &Section| {
        let address = format!("#{}", section.id);
        element("li", &[], element("a", &[("href", &address)], section.link))
    };
    let links = element("ul", &[], sections.iter().map(link).collect::<Html>());
    let contents = element("nav", &[("aria-label", "Contents")], links);
    let body: Html = sections.into_iter().map(Section::html).collect();
    let main = element("main", &[], headline::headline(report) + contents + body);
    let foot = format!(
        "Made by tabular {}. This page is one file, and asks nothing of the network.",
        report.version
    );
    Html::document(
        head(report),
        main + element("footer", &[], html::paragraph(foot)),
    )
}

fn head(report: &Report) -> Html {
    // Says to browsers what is true of the page: it has no scripts, and loads nothing.
    let policy = "default-src 'none'; style-src 'unsafe-inline'";
    empty("meta", &[("charset", "utf-8")])
        + empty(
            "meta",
            &[
                ("name", "viewport"),
                ("content", "width=device-width, initial-scale=1"),
            ],
        )
        + empty(
            "meta",
            &[("name", "color-scheme"), ("content", "light dark")],
        )
        + empty(
            "meta",
            &[
                ("http-equiv", "Content-Security-Policy"),
                ("content", policy),
            ],
        )
        + element(
            "title",
            &[],
            format!(
                "{}: predicting {}",
                html::short(&report.name, 60),
                html::short(&report.target.name, 60)
            ),
        )
        + Html::style(include_str!("style.css"))
}

fn sections(report: &Report) -> Vec<Section> {
    let quality = match &report.test {
        Figures::Classes(figures) => quality::classes(figures, &report.classes),
        Figures::Number(figures) => quality::number(figures, &report.target),
    };
    let wrong = match &report.test {
        Figures::Classes(_) => "Rows most confidently wrong",
        Figures::Number(_) => "Rows with the largest errors",
    };
    let all = [
        (
            "measured",
            "Measurement",
            "How it was measured",
            measured::measured(report),
        ),
        (
            "models",
            "Comparison",
            "Comparison with simpler models",
            compare::models(report),
        ),
        (
            "answers",
            "Answers",
            "A closer look at the answers",
            quality,
        ),
        (
            "importance",
            "Importance",
            "What the answers depend on",
            compare::importance(report),
        ),
        ("data", "Data", "The data", columns::columns(report)),
        (
            "notes",
            "Decisions",
            "Decisions on the way",
            notes(&report.notes),
        ),
        ("wrong", "Worst rows", wrong, surprises::surprises(report)),
        ("use", "Use", "How to use the module", files::usage(report)),
        ("files", "Files", "Files", files::files(report)),
        (
            "settings",
            "Settings",
            "How it was made",
            files::settings(report),
        ),
    ];
    all.into_iter()
        .map(|(id, link, heading, body)| Section {
            id,
            link,
            heading,
            body,
        })
        .filter(|section| !section.body.is_empty())
        .collect()
}

impl Section {
    fn html(self) -> Html {
        let heading = element("h2", &[], self.heading);
        element("section", &[("id", self.id)], heading + self.body)
    }
}

fn notes(notes: &[String]) -> Html {
    let list = |notes: &[String]| match notes {
        [] => Html::default(),
        _ => element(
            "ul",
            &[],
            notes
                .iter()
                .map(|note| element("li", &[], sentence(note)))
                .collect::<Html>(),
        ),
    };
    let (shown, more) = notes.split_at(notes.len().min(SHOWN));
    list(shown) + on_demand(&format!("{} more decisions", count(more.len())), list(more))
}

/// `inside`, shown when a reader asks for `what`; nothing if there is nothing.
fn on_demand(what: &str, inside: Html) -> Html {
    if inside.is_empty() {
        return inside;
    }
    element("details", &[], element("summary", &[], what) + inside)
}

//! The report as a page for people: `report.html`.
//!
//! One file without scripts, fonts or anything else from elsewhere. `html.rs` escapes all text, `charts` draws; every
//! other part writes a section.

pub mod charts;
mod columns;
mod compare;
mod files;
mod headline;
mod html;
mod learning;
mod measured;
mod numbers;
mod quality;
mod surprises;
#[cfg(test)]
mod tests;
mod words;

use crate::measure::Figures;
use crate::view::{Subject, View};

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

/// The page of what `view` shows.
#[must_use]
pub fn page(view: &View<'_>) -> String {
    let sections = sections(view);
    let link = |section: &Section| {
        let address = format!("#{}", section.id);
        element("li", &[], element("a", &[("href", &address)], section.link))
    };
    let links = element("ul", &[], sections.iter().map(link).collect::<Html>());
    let contents = element("nav", &[("aria-label", "Contents")], links);
    let body: Html = sections.into_iter().map(Section::html).collect();
    let main = element("main", &[], headline::headline(view) + contents + body);
    let foot = format!(
        "Made by {} {}. This page is one file, and asks nothing of the network.",
        view.subject.program(),
        view.version
    );
    Html::document(
        head(view),
        main + element("footer", &[], html::paragraph(foot)),
    )
}

fn head(view: &View<'_>) -> Html {
    // Says to browsers what is true of the page: it has no scripts, and loads nothing. Pictures are in it.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
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
                html::short(view.name, 60),
                html::short(&view.target.name, 60)
            ),
        )
        + Html::style(include_str!("style.css"))
}

fn sections(view: &View<'_>) -> Vec<Section> {
    let quality = match &view.test {
        Figures::Classes(figures) => quality::classes(figures, view.classes, view.subject),
        Figures::Number(figures) => quality::number(figures, view.target),
    };
    let (worst, wrong) = match (view.subject, &view.test) {
        (Subject::Texts, _) => ("Worst texts", "Texts most confidently wrong"),
        (Subject::Images, _) => ("Worst pictures", "Pictures most confidently wrong"),
        (Subject::Table, Figures::Classes(_)) => ("Worst rows", "Rows most confidently wrong"),
        (Subject::Table, Figures::Number(_)) => ("Worst rows", "Rows with the largest errors"),
    };
    let all = [
        (
            "measured",
            "Measurement",
            "How it was measured",
            measured::measured(view),
        ),
        (
            "learning",
            "Training",
            "How training went",
            learning::learning(view),
        ),
        (
            "models",
            "Comparison",
            "Comparison with simpler models",
            compare::models(view),
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
            compare::importance(view),
        ),
        (
            "words",
            "Words",
            "Words that speak for each class",
            words::words(view),
        ),
        ("data", "Data", "The data", columns::columns(view)),
        (
            "notes",
            "Decisions",
            "Decisions on the way",
            notes(view.notes),
        ),
        ("wrong", worst, wrong, surprises::surprises(view)),
        ("use", "Use", "How to use the module", files::usage(view)),
        ("files", "Files", "Files", files::files(view)),
        (
            "settings",
            "Settings",
            "How it was made",
            files::settings(view),
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

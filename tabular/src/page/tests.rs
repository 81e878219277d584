//! What a browser has to find in a page, whatever is in the data.

mod markup;
mod sample;

use super::numbers::{aligned, date, duration, figure, value};
use super::page;
use crate::measure::Figures;
use crate::report::Surprise;
use crate::view::{Curves, Subject, View};

use markup::text_of;
use sample::{column, report};
use serde_json::json;
use training::epoch::Epoch;
use training::task::{Classes, Task};

/// Names that try to break out of text and of attributes.
const HOSTILE: &str = "<script>alert('x')</script>\" onload=\"x\" &amp; `a`\n\u{0}\u{1b}😀 \u{202e}עברית ]]> <!-- </style>";

#[test]
fn hostile_text_stays_text() {
    for classes in [0, 2, 3, 12, 40] {
        let page = page(&report(classes, HOSTILE).view());
        let text = text_of(&page);
        assert!(text.contains("&lt;script&gt;alert('x')"));
        assert!(page.contains("title=\"&lt;script&gt;"));
        assert!(page.contains("&quot; onload=&quot;x&quot;"));
        assert!(!page.contains("<script") && !page.contains("<!--"));
        assert!(page.chars().all(|c| c == '\n' || !c.is_control()));
        // Once as the end of the style sheet of the program.
        assert_eq!(page.matches("</style>").count(), 1);
    }
}

#[test]
fn a_page_says_what_is_in_the_report() {
    let two = text_of(&page(&report(2, "name").view()));
    for expected in [
        "Right for 85.0\u{a0}%",
        "With 95 % confidence",
        "Macro F1",
        "truth ↓",
        "ROC curve",
        "Precision and recall",
        "Rows most confidently wrong",
        "wasmtime name.wasm --json",
        "1\u{a0}min 2\u{a0}s",
        "1.2.3",
        "98\u{a0}KiB",
    ] {
        assert!(two.contains(expected), "{expected} in {two}");
    }
    let many = text_of(&page(&report(40, "name").view()));
    assert!(many.contains("The most frequent confusions of 40 classes"));
    assert!(!many.contains("ROC curve"));
    let number = text_of(&page(&report(0, "name").view()));
    for expected in [
        "Off by 0.6",
        "R²",
        "Answers against the truth",
        "How far the answers are off",
    ] {
        assert!(number.contains(expected), "{expected} in {number}");
    }
}

#[test]
fn a_page_of_texts_speaks_of_texts() {
    let mut report = report(2, HOSTILE);
    let long = format!("{HOSTILE}{}", "long ".repeat(100));
    report.surprises[0].row = json!(long).to_string();
    report.measured = "on the 20 texts of a file".into();
    let words = vec![
        (HOSTILE.to_owned(), vec![HOSTILE.to_owned(), "word".into()]),
        ("b".into(), Vec::new()),
    ];
    let mut view = View {
        subject: Subject::Texts,
        columns: &[],
        importance: &[],
        words: &words,
        ..report.view()
    };
    view.compared
        .iter_mut()
        .for_each(|model| model.share = None);
    let page = page(&view);
    assert!(!page.contains("<script") && !page.contains("<!--"));
    let text = text_of(&page);
    for expected in [
        "from the texts of",
        "of the texts that the model had not seen",
        "Words that speak for each class",
        "Texts most confidently wrong",
        "100 texts with a class",
        "Made by texts 1.2.3",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    for other in [
        " row",
        "Row",
        "What the answers depend on",
        "Share",
        "schema.toml",
    ] {
        assert!(!text.contains(other), "{other} in {text}");
    }
    assert!(text.contains("long long") && !text.contains(&"long ".repeat(60)));
    let parts = json!({ "title": HOSTILE, "body": "the body" }).to_string();
    let surprises = [Surprise {
        line: 1,
        row: parts,
        truth: "a".into(),
        answer: "b".into(),
        amount: 0.1,
    }];
    view.surprises = &surprises;
    let text = text_of(&super::page(&view));
    assert!(
        text.contains("title") && text.contains("the body"),
        "{text}"
    );
}

#[test]
fn a_page_of_pictures_shows_them_and_how_training_went() {
    let mut report = report(3, "name");
    let address = "data:image/png;base64,AAAA";
    report.surprises[0].row = json!({ "name": HOSTILE, "address": address }).to_string();
    report.measured = "on the 20 pictures of a test".into();
    let epoch = |epoch, loss| Epoch {
        epoch,
        train_loss: loss,
        train_score: 0.5,
        validation_loss: 2.0 * loss,
        validation_objective: loss,
        validation_score: f64::NAN,
        learning_rate: 0.1,
    };
    let history = [epoch(1, 1.0), epoch(2, 0.5)];
    let curves = Curves {
        history: &history,
        kept: 2,
        score: Classes::SCORE,
    };
    let view = View {
        subject: Subject::Images,
        columns: &[],
        importance: &[],
        curves: Some(curves),
        ..report.view()
    };
    let page = page(&view);
    assert_eq!(page.matches(&format!("<img src=\"{address}\"")).count(), 1);
    assert!(!page.contains("<script") && !page.contains("<!--"));
    let text = text_of(&page);
    for expected in [
        "from the pictures of",
        "How training went",
        "after epoch 2 is kept",
        "Pictures most confidently wrong",
        "Made by images 1.2.3",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    for other in [" row", "Row", "Line", "schema.toml"] {
        assert!(!text.contains(other), "{other} in {text}");
    }
}

#[test]
fn a_page_asks_nothing_of_the_network() {
    for classes in [0, 2] {
        let page = page(&report(classes, "name").view());
        for reference in ["http:", "https:", "src=", "url(", "@import", "<link"] {
            assert!(!page.contains(reference), "{reference}");
        }
        let targets = page
            .match_indices("href=\"#")
            .map(|(place, text)| &page[place + text.len()..]);
        for target in targets {
            let id = target.split('"').next().unwrap_or_default();
            assert!(page.contains(&format!("id=\"{id}\"")), "{id}");
        }
    }
}

#[test]
fn what_is_missing_or_not_finite_is_left_out() {
    for classes in [0, 2, 40] {
        let mut report = report(classes, "x");
        report.columns.clear();
        report.notes.clear();
        report.baselines.clear();
        report.members.clear();
        report.importance.clear();
        report.surprises.clear();
        report.classes.clear();
        report.settings = serde_json::Value::Null;
        report.target.counts.clear();
        let text = text_of(&page(&report.view()));
        assert!(
            !text.contains("Decisions on the way") && !text.contains("What the answers depend on")
        );
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            report.importance = vec![("a".into(), number), ("b".into(), 1.0)];
            report.baselines = vec![("c".into(), number)];
            report.target.range = Some([number; 3]);
            report.seconds = number;
            report.model.largest_difference = number;
            match &mut report.test {
                Figures::Classes(figures) => {
                    (figures.log_loss, figures.accuracy, figures.auc) =
                        (number, number, Some(number));
                    figures.calibration = vec![[5.0, number, number]];
                    figures.roc = vec![[number, 0.0], [1.0, number]];
                    figures.confusion = vec![vec![0; classes]; classes];
                }
                Figures::Number(figures) => {
                    (figures.r2, figures.rmse, figures.interval_half_width) =
                        (number, number, number);
                    figures.points = vec![[number as f32, 1.0]];
                }
            }
            let page = page(&report.view());
            text_of(&page);
            let body = page.split("</style>").nth(1).unwrap_or_default();
            assert!(!body.contains("NaN") && !body.contains("inf "), "{body}");
            assert!(
                !body.contains(">inf<") && !body.contains("inf %") && !body.contains("\"inf"),
                "{body}"
            );
        }
        match &mut report.test {
            Figures::Classes(figures) => {
                (figures.confusion, figures.calibration) = (Vec::new(), Vec::new());
            }
            Figures::Number(figures) => figures.points.clear(),
        }
        text_of(&page(&report.view()));
    }
}

#[test]
fn the_page_of_a_wide_table_stays_small() {
    let mut report = report(2, "a name of a column");
    let wide = |index: usize| {
        let counts = (0..20).map(|bar| (bar.to_string(), bar * index)).collect();
        column(&format!("column number {index}"), "number", counts)
    };
    report.columns = (0..500).map(wide).collect();
    report.importance = (0..500)
        .map(|index| (format!("column number {index}"), 1.0))
        .collect();
    let page = page(&report.view());
    text_of(&page);
    assert!(page.len() < 400 * 1024, "{} bytes", page.len());
    assert!(page.contains("476 more columns"));
}

#[test]
fn numbers_are_written_for_people() {
    assert_eq!(
        [figure(12_995.1), figure(0.41386), figure(-0.5)],
        ["12,995", "0.4139", "−0.5000"]
    );
    assert_eq!(
        [figure(f64::NAN), figure(1e30), figure(0.0)],
        ["–", "1.00e30", "0"]
    );
    assert_eq!(
        [value(1950.0), value(512.33), value(755_000.0)],
        ["1950", "512.33", "755,000"]
    );
    assert_eq!(
        aligned(&[0.14828, 0.003_49, -1e-9]),
        ["0.1483", "0.0035", "0.0000"]
    );
    assert_eq!(
        aligned(&[15_741.5, 751.3, f64::NAN]),
        ["15,742", "751", "–"]
    );
    assert_eq!(
        [date(0.0), date(-1.0), date(19_782.9)],
        ["1970-01-01", "1969-12-31", "2024-02-29"]
    );
    assert_eq!(
        [duration(2.15), duration(61.5), duration(f64::NAN)],
        ["2.1\u{a0}s", "1\u{a0}min 2\u{a0}s", "–"]
    );
}

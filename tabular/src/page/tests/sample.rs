//! Reports without training.

use serde_json::json;

use crate::fit::Tried;
use crate::measure::figures;
use crate::members::Family;
use crate::report::{Data, Files, Report, Summary, Surprise};
use crate::target::Kind;

/// A column all of whose words are `name`.
pub fn column(name: &str, kind: &'static str, counts: Vec<(String, usize)>) -> Summary {
    Summary {
        name: name.into(),
        kind,
        unit: name.into(),
        description: name.into(),
        missing: 3,
        distinct: 20,
        range: (kind != "category").then_some([-1.5, 2.0, 1e7]),
        counts,
    }
}

/// A report in which all text of the data is `text`. Of a number, or of so many classes.
pub fn report(classes: usize, text: &str) -> Report {
    let names: Vec<String> = (0..classes).map(|class| format!("{text}{class}")).collect();
    let rows = 10 * classes.max(2);
    let measured = if classes == 0 {
        let truth: Vec<f32> = (0..rows).map(|row| row as f32).collect();
        let answers: Vec<f32> = truth.iter().map(|y| y * 0.9 + 0.5).collect();
        figures(&Kind::Number, &answers, &truth, 1.0)
    } else {
        let truth: Vec<f32> = (0..rows).map(|row| (row % classes) as f32).collect();
        let answer = |row: usize, class: usize| {
            let likely = if row.is_multiple_of(7) { row + 1 } else { row } % classes;
            if class == likely {
                0.6
            } else {
                0.4 / (classes - 1) as f32
            }
        };
        let answers: Vec<f32> = (0..rows)
            .flat_map(|row| (0..classes).map(move |class| answer(row, class)))
            .collect();
        figures(&Kind::Classes(names.clone()), &answers, &truth, 0.0)
    };
    let counts = |count: usize| {
        (0..count)
            .map(|bar| (format!("{text}{bar}"), bar))
            .collect()
    };
    Report {
        name: text.into(),
        version: "1.2.3".into(),
        data: Data {
            file: text.into(),
            sha256: "0".repeat(64),
            rows: 100,
            training_rows: 80,
            test_rows: 20,
        },
        target: column(text, "category", counts(4)),
        classes: names,
        columns: vec![
            column(text, "number", counts(20)),
            column(text, "date", counts(20)),
            column(text, "category", counts(12)),
        ],
        notes: vec![format!("`{text}` is left out"), text.into()],
        measured: format!("on the 20 rows of {text}"),
        test: measured,
        baselines: vec![("the mean".into(), 3.0), ("linear model".into(), 2.0)],
        members: vec![Tried {
            name: "linear",
            family: Family::Linear,
            loss: 1.5,
            share: 1.0,
            choices: Vec::new(),
        }],
        importance: vec![(text.into(), 0.5), ("b".into(), -0.1)],
        surprises: vec![Surprise {
            line: 7,
            row: json!({ text: text, "b": null }).to_string(),
            truth: text.into(),
            answer: text.into(),
            amount: 0.01,
        }],
        model: Files {
            model_sha256: "1".repeat(64),
            model_bytes: 2000,
            module: format!("{text}.wasm"),
            module_sha256: "2".repeat(64),
            module_bytes: 100_000,
            largest_difference: 1e-7,
            example: json!({ text: text }).to_string(),
        },
        settings: json!({ text: text, "models": [text], "seed": 42, "balanced": false }),
        seconds: 61.5,
    }
}

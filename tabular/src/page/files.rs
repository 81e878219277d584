//! The files, how to use them, and how they were made.

use serde_json::Value;

use crate::measure::Figures;
use crate::report::Report;

use super::charts::{heads, number_cell, row_head, scrolling};
use super::html::{Html, element, name, paragraph, sentence};
use super::numbers::{duration, figure, size};

/// Bytes of an example that is shown once.
const LONG_ROW: usize = 400;

/// How to use the module.
#[must_use]
pub fn usage(report: &Report) -> Html {
    let files = &report.model;
    let module = files.module.as_str();
    let example = format!("'{}'", files.example.replace('\'', "'\\''"));
    let answer = match &report.test {
        Figures::Classes(_) => "the class",
        Figures::Number(_) => "the number, rounded",
    };
    let detail = match &report.test {
        Figures::Classes(_) => "With the probability of each class, as JSON:",
        Figures::Number(_) => {
            "With the interval in which the true number is to be expected, as JSON:"
        }
    };
    // A long row is shown once; the other commands read rows like it.
    let input = if files.example.len() > LONG_ROW {
        "- < rows.jsonl"
    } else {
        &example
    };
    paragraph(
        Html::from(
            "The module is a WebAssembly program for the command line. It runs in any WASI runtime, such as ",
        ) + element("code", &[], "wasmtime")
            + ". It takes nothing but its arguments and the standard streams: no files, no network, no clock.",
    ) + paragraph(format!(
        "One row as JSON; the answer is {answer}. A column that is left out is missing."
    )) + command(&format!("wasmtime {module} {example}"))
        + paragraph(detail)
        + command(&format!("wasmtime {module} --json {input}"))
        + paragraph("Many rows on standard input, one JSON object a line:")
        + command(&format!("wasmtime {module} - < rows.jsonl"))
        + paragraph("With the columns that weighed most in the answer:")
        + command(&format!("wasmtime {module} --explain {input}"))
        + paragraph(
            Html::from("The columns and their values are listed by ")
                + element("code", &[], "--help")
                + ".",
        )
}

fn command(text: &str) -> Html {
    element("pre", &[("tabindex", "0")], element("code", &[], text))
}

/// The files of the run.
#[must_use]
pub fn files(report: &Report) -> Html {
    let files = &report.model;
    let row = |file: &str, bytes: Option<usize>, digest: &str, what: &str| {
        let digest = element("td", &[], element("code", &[("class", "digest")], digest));
        let called = name(file) + element("small", &[], sentence(what));
        element(
            "tr",
            &[],
            row_head(called) + number_cell(bytes.map(size).unwrap_or_default()) + digest,
        )
    };
    let body = row(
        &files.module,
        Some(files.module_bytes),
        &files.module_sha256,
        "the program with the model in it",
    ) + row(
        "model.safetensors",
        Some(files.model_bytes),
        &files.model_sha256,
        "the model alone",
    ) + row("report.json", None, "", "this page for programs")
        + row(
            "schema.toml",
            None,
            "",
            "the columns, to be edited and used again with `--schema`",
        )
        + row(
            &report.data.file,
            None,
            &report.data.sha256,
            "the data that was learnt from",
        );
    let caption = element("caption", &[("class", "hidden")], "Files");
    let table = element(
        "table",
        &[],
        caption
            + heads(&[("File", ""), ("Size", "n"), ("SHA-256", "")])
            + element("tbody", &[], body),
    );
    scrolling("Files", table)
        + paragraph(format!(
            "On rows that were compared, the answers of the module and of the trainer differ by at most {} of the scale of the \
             answers.",
            figure(files.largest_difference),
        ))
}

/// How the model was made.
#[must_use]
pub fn settings(report: &Report) -> Html {
    let mut rows = setting("version", report.version.as_str().into());
    rows.push(setting("time", duration(report.seconds).into()));
    for (called, value) in report.settings.as_object().into_iter().flatten() {
        rows.push(setting(called, shown(value)));
    }
    let caption = element("caption", &[("class", "hidden")], "Settings");
    let table = element(
        "table",
        &[],
        caption + heads(&[("Setting", ""), ("Value", "")]) + element("tbody", &[], rows),
    );
    paragraph("The same data, settings and version make the same model, to the last bit.")
        + scrolling("Settings", table)
}

fn setting(called: &str, value: Html) -> Html {
    element(
        "tr",
        &[],
        row_head(name(called)) + element("td", &[], value),
    )
}

fn shown(value: &Value) -> Html {
    match value {
        Value::String(text) => name(text),
        Value::Bool(is_on) => if *is_on { "yes" } else { "no" }.into(),
        Value::Array(values) => {
            let text: Vec<String> = values
                .iter()
                .map(|value| {
                    value
                        .as_str()
                        .map_or_else(|| value.to_string(), ToOwned::to_owned)
                })
                .collect();
            text.join(", ").into()
        }
        other => other.to_string().into(),
    }
}

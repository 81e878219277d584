//! The files, how to use them, and how they were made.

use serde_json::Value;

use crate::measure::Figures;
use crate::view::{Subject, View};

use super::charts::{heads, number_cell, row_head, scrolling};
use super::html::{Html, element, name, paragraph, sentence};
use super::numbers::{duration, figure, size};

/// Bytes of an example that is shown once.
const LONG_ROW: usize = 400;

/// How to use the module.
#[must_use]
pub fn usage(view: &View<'_>) -> Html {
    let files = view.model;
    let many = view.subject.many();
    let is_looped = view.curves.is_some();
    let module = files.module.as_str();
    let example = match files.example.as_str() {
        "" => "'\"a text\"'".into(),
        example => format!("'{}'", example.replace('\'', "'\\''")),
    };
    let answer = match &view.test {
        Figures::Classes(_) => "the class",
        Figures::Number(_) => "the number, rounded",
    };
    let detail = match &view.test {
        Figures::Classes(_) => "With the probability of each class, as JSON:",
        Figures::Number(_) => {
            "With the interval in which the true number is to be expected, as JSON:"
        }
    };
    // A long row is shown once; the other commands read rows like it.
    let input = if files.example.len() > LONG_ROW {
        format!("- < {many}.jsonl")
    } else {
        example.clone()
    };
    let (one, lines, explained, help) = match view.subject {
        Subject::Table => (
            format!(
                "One row as JSON; the answer is {answer}.{}",
                match is_looped {
                    true => "",
                    false => " A column that is left out is missing.",
                }
            ),
            "Many rows on standard input, one JSON object a line:",
            "With the columns that weighed most in the answer:",
            "The columns and their values are listed by ",
        ),
        Subject::Texts => (
            format!(
                "One text as JSON, a string or an object with its parts; the answer is {answer}."
            ),
            "Many texts on standard input, one JSON string or object a line:",
            "With the words that weighed most in the answer:",
            "The parts of a text are listed by ",
        ),
        Subject::Images => return about() + of_pictures(module),
    };
    about()
        + paragraph(one)
        + command(&format!("wasmtime {module} {example}"))
        + paragraph(detail)
        + command(&format!("wasmtime {module} --json {input}"))
        + paragraph(lines)
        + command(&format!("wasmtime {module} - < {many}.jsonl"))
        + match (view.subject, is_looped) {
            // The module of a preset for tables explains nothing.
            (Subject::Table, true) => Html::default(),
            _ => paragraph(explained) + command(&format!("wasmtime {module} --explain {input}")),
        }
        + paragraph(Html::from(help) + element("code", &[], "--help") + ".")
}

fn about() -> Html {
    paragraph(
        Html::from(
            "The module is a WebAssembly program for the command line. It runs in any WASI runtime, such as ",
        ) + element("code", &[], "wasmtime")
            + ". It takes nothing but its arguments and the standard streams: no files, no network, no clock.",
    )
}

fn of_pictures(module: &str) -> Html {
    let converted = |options: &str| {
        command(&format!(
            "convert-image --for {module} photo.jpg | wasmtime {module} {options}-"
        ))
    };
    paragraph(
        "The program convert-image makes the input of a picture of any size and format, as the pictures here were prepared; the \
         answer is the class.",
    ) + converted("")
        + paragraph("With the probability of each class, as JSON:")
        + converted("--json ")
}

fn command(text: &str) -> Html {
    element("pre", &[("tabindex", "0")], element("code", &[], text))
}

/// The files of the run.
#[must_use]
pub fn files(view: &View<'_>) -> Html {
    let files = view.model;
    let row = |file: &str, bytes: Option<usize>, digest: &str, what: &str| {
        let digest = element("td", &[], element("code", &[("class", "digest")], digest));
        let called = name(file) + element("small", &[], sentence(what));
        element(
            "tr",
            &[],
            row_head(called) + number_cell(bytes.map(size).unwrap_or_default()) + digest,
        )
    };
    // A preset has its schema in the program, and its report.json has other figures.
    let is_looped = view.curves.is_some();
    let schema = match view.subject {
        Subject::Table if !is_looped => row(
            "schema.toml",
            None,
            "",
            "the columns, to be edited and used again with `--schema`",
        ),
        _ => Html::default(),
    };
    let figures = match is_looped {
        true => "the figures, for programs",
        false => "this page for programs",
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
    ) + row("report.json", None, "", figures)
        + schema
        + row(
            &view.data.file,
            None,
            &view.data.sha256,
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
            "On {} that were compared, the answers of the module and of the trainer differ by at most {} of the scale of the \
             answers.",
            view.subject.many(),
            figure(files.largest_difference),
        ))
}

/// How the model was made.
#[must_use]
pub fn settings(view: &View<'_>) -> Html {
    let mut rows = setting("version", view.version.into());
    rows.push(setting("time", duration(view.seconds).into()));
    for (called, value) in view.settings.as_object().into_iter().flatten() {
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

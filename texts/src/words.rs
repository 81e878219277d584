//! What a run prints.

use std::path::Path;

use tabular::measure::Figures;
use tabular::words::{self, digits};

use crate::corpus::Corpus;
use crate::report::Report;

/// Classes whose words are printed.
const LISTED: usize = 20;

/// What is learnt from what.
#[must_use]
pub fn data(corpus: &Corpus) -> String {
    let names: Vec<String> = corpus
        .names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect();
    format!(
        "{} texts in {}; to be predicted: `{}`, one of {} classes\n",
        corpus.rows(),
        names.join(", "),
        corpus.table.target.name,
        corpus.classes().len()
    )
}

/// How good a model is.
#[must_use]
pub fn tested(classes: &[String], figures: &Figures, how: &str) -> String {
    let mut text = words::tested(figures, how);
    if let Figures::Classes(figures) = figures {
        text += &match (classes, figures.confusion.as_slice()) {
            ([first, second], [a, b]) => {
                let mut of = [(first, a, b[0]), (second, b, a[1])];
                // Of two classes, the rarer one is the one that is looked for.
                of.sort_by_key(|(_, row, _)| row.iter().sum::<usize>());
                let (name, row, wrong) = of[0];
                let right = row[usize::from(name == second)];
                let all = row.iter().sum::<usize>() + right + wrong;
                format!(
                    "F1 of `{name}`: {:.4}\n",
                    2.0 * right as f64 / all.max(1) as f64
                )
            }
            _ => format!("mean F1 of the classes: {:.4}\n", figures.macro_f1),
        };
    }
    text
}

/// All that a run has found.
#[must_use]
pub fn report(report: &Report, folder: &Path) -> String {
    let mut text = tested(&report.classes, &report.test, &report.measured);
    text += &format!("\n| {:<36} | {:>10} |\n", "Model", "Log-loss");
    text += &format!("|{}|{}:|\n", "-".repeat(38), "-".repeat(11));
    let mut row =
        |name: &str, loss: f64| text += &format!("| {name:<36} | {:>10} |\n", digits(loss));
    for (name, loss) in &report.baselines {
        row(&format!("{name} alone"), *loss);
    }
    let on = if report.made.chosen_on < report.data.training_rows {
        "on folds of some"
    } else {
        "on folds"
    };
    row(&format!("{on}: all n-grams"), report.made.chosen.loss);
    row("on folds: as in the module", report.made.small_loss);
    row("this model", report.test.loss());
    text += &format!(
        "\n{} of {} n-grams are kept\n",
        report.made.kept, report.made.ngrams
    );
    text += "\nWhat speaks most for each class:\n";
    for (class, words) in report.words.iter().take(LISTED) {
        text += &format!("  {class}: {}\n", words.join(", "));
    }
    let files = &report.model;
    text += &format!(
        "\n{} has the module {} ({} KiB), model.safetensors and report.json.\nTry it:\n  wasmtime {} '{}'\n",
        folder.display(),
        files.module,
        files.module_bytes.div_ceil(1024),
        folder.join(&files.module).display(),
        files.example.replace('\'', "'\\''"),
    );
    text
}

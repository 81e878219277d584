//! What a run prints.

use tabular::measure::Figures;
use tabular::words;
use training::artifacts::Artifacts;

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
pub fn report(report: &Report, artifacts: &Artifacts) -> String {
    let mut text = tested(&report.classes, &report.test, &report.measured);
    text += &words::losses(&report.test, &report.compared());
    text += &format!(
        "\n{} of {} n-grams are kept\n",
        report.made.kept, report.made.ngrams
    );
    text += "\nWhat speaks most for each class:\n";
    for (class, words) in report.words.iter().take(LISTED) {
        text += &format!("  {class}: {}\n", words.join(", "));
    }
    text + &words::files(
        artifacts,
        &report.name,
        &report.model,
        "report.html and report.json",
    )
}

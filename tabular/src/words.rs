//! What a run prints.

use pack::Form;
use training::artifacts::Artifacts;
use training::shell::quoted;

use crate::measure::Figures;
use crate::report::{Files, Report};
use crate::table::Table;
use crate::target::Kind;
use crate::view::{Compared, is_blend};

/// Columns whose importance is printed.
const LISTED: usize = 8;

/// What is learnt from what.
#[must_use]
pub fn data(table: &Table) -> String {
    let target = &table.target;
    let what = match &target.kind {
        Kind::Classes(classes) => format!("`{}`, one of {} classes", target.name, classes.len()),
        Kind::Number => format!("the number `{}`", target.name),
    };
    format!(
        "{} rows, {} columns; to be predicted: {what}\n",
        table.rows(),
        table.inputs.len()
    )
}

/// How good a model is.
#[must_use]
pub fn tested(figures: &Figures, how: &str) -> String {
    let figures = match figures {
        Figures::Classes(figures) => {
            let [low, high] = figures.accuracy_interval;
            let auc = figures
                .auc
                .map(|auc| format!(", AUC {auc:.4}"))
                .unwrap_or_default();
            format!(
                "accuracy {:.2} % (95 % interval {:.1} to {:.1}), log-loss {:.4}{auc}, calibration error {:.2} %",
                100.0 * figures.accuracy,
                100.0 * low,
                100.0 * high,
                figures.log_loss,
                100.0 * figures.calibration_error,
            )
        }
        Figures::Number(figures) => format!(
            "RMSE {}, mean absolute error {}, R² {:.4}",
            digits(figures.rmse),
            digits(figures.mae),
            figures.r2,
        ),
    };
    format!("\n{figures}\nmeasured {how}\n")
}

/// How good a finished model is on later rows.
#[must_use]
pub fn evaluated(figures: &Figures, how: &str) -> String {
    tested(figures, how) + &interval(figures)
}

fn interval(figures: &Figures) -> String {
    match figures {
        Figures::Classes(_) => String::new(),
        Figures::Number(number) => format!(
            "the interval of ±{} holds for {:.1} % of the rows\n",
            digits(number.interval_half_width),
            100.0 * number.interval_coverage
        ),
    }
}

/// All that a run has found.
#[must_use]
pub fn report(report: &Report, artifacts: &Artifacts) -> String {
    let mut text = tested(&report.test, &report.measured) + &interval(&report.test);
    text += &losses(&report.test, &report.compared());
    text += "\nThe columns that matter most, by how much the loss grows without them:\n";
    let matter = report.importance.iter().filter(|(_, amount)| *amount > 0.0);
    for (name, amount) in matter.take(LISTED) {
        text += &format!("  {name}: {}\n", digits(*amount));
    }
    text + &files(
        artifacts,
        &report.name,
        &report.model,
        "report.html, report.json and schema.toml",
    )
}

/// A table of the losses of models, with the shares of those that are members of a blend.
#[must_use]
pub fn losses(test: &Figures, compared: &[Compared]) -> String {
    let loss = match test {
        Figures::Classes(_) => "Log-loss",
        Figures::Number(_) => "RMSE",
    };
    let has_shares = is_blend(compared);
    let line = |name: &str, loss: &str, share: &str| {
        let share = if has_shares {
            format!(" {share:>6} |")
        } else {
            String::new()
        };
        format!("| {name:<45} | {loss:>10} |{share}\n")
    };
    let mut table = format!("\n{}", line("Model", loss, "Share"));
    table += &format!("|{}|{}:|", "-".repeat(47), "-".repeat(11));
    table += if has_shares { "-------:|\n" } else { "\n" };
    for model in compared {
        table += &line(&model.name, &digits(model.loss), &model.percent());
    }
    table
}

/// Where the files of the model `name` are, of which `reports` are beside it, and how to try it.
#[must_use]
pub fn files(artifacts: &Artifacts, name: &str, files: &Files, reports: &str) -> String {
    let mut text = format!(
        "\n{artifacts} has the module {} ({} KiB), the library {name}{}, model.safetensors, {reports}.\n",
        files.module,
        files.module_bytes.div_ceil(1024),
        Form::Library.suffix(),
    );
    if !files.example.is_empty() {
        text += &format!(
            "Try it:\n  wasmtime {} '{}'\n",
            quoted(&artifacts.path(&files.module)),
            files.example.replace('\'', "'\\''"),
        );
    }
    text
}

/// A number with four digits that count.
#[must_use]
pub fn digits(number: f64) -> String {
    if number == 0.0 || !number.is_finite() {
        return format!("{number}");
    }
    let places = (3 - number.abs().log10().floor() as i32).clamp(0, 9) as usize;
    format!("{number:.places$}")
}

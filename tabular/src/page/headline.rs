//! What is predicted from what, and how well, in words.

use crate::measure::{Classes, Figures, Number};
use crate::view::{Subject, View};

use super::html::{Html, element, name, paragraph};
use super::numbers::{counted, figure, percent, value};

/// Standard errors to both sides of a mean between which the true one lies with 95 %.
const STANDARD_ERRORS: f64 = 1.96;

/// The top of the page.
#[must_use]
pub fn headline(view: &View<'_>) -> Html {
    let from = match view.subject {
        Subject::Table => counted(view.columns.len(), "column", "columns"),
        Subject::Texts | Subject::Images => format!("the {}", view.subject.many()),
    };
    let title = Html::from("Predicting ")
        + name(&view.target.name)
        + " from "
        + from
        + " of "
        + name(&view.data.file);
    let top = element(
        "p",
        &[("class", "eyebrow")],
        Html::from("Model report · ") + name(view.name),
    );
    let [claim, rest] = match &view.test {
        Figures::Classes(figures) => of_classes(figures, view),
        Figures::Number(figures) => of_number(figures, view),
    };
    let claim = element("p", &[("class", "claim")], claim);
    let tiles = match &view.test {
        Figures::Classes(figures) => class_tiles(figures),
        Figures::Number(figures) => number_tiles(figures),
    };
    element(
        "header",
        &[],
        top + element("h1", &[], title)
            + claim
            + paragraph(rest)
            + element("dl", &[("class", "tiles")], tiles),
    )
}

fn of_classes(figures: &Classes, view: &View<'_>) -> [Html; 2] {
    let claim = Html::from(format!("Right for {}", percent(figures.accuracy)))
        + format!(
            " of the {} that the model had not seen.",
            view.subject.many()
        );
    let [low, high] = figures.accuracy_interval;
    let mut rest = Html::from(format!(
        "With 95 % confidence the true share is between {} and {}.",
        percent(low),
        percent(high)
    ));
    let rows = figures
        .confusion
        .iter()
        .map(|row| row.iter().sum::<usize>());
    if let Some((class, most)) = rows.enumerate().max_by_key(|(_, rows)| *rows) {
        let share = percent(most as f64 / figures.rows.max(1) as f64);
        if let Some(class) = view.classes.get(class) {
            rest = rest
                + " Always answering “"
                + name(class)
                + format!("”, the most frequent class, would be right for {share}.");
        }
    }
    [claim, rest + losses("log-loss", figures.log_loss, view)]
}

fn of_number(figures: &Number, view: &View<'_>) -> [Html; 2] {
    let claim = Html::from("Off by ")
        + quantity(figures.mae, view)
        + " on average on rows that the model had not seen.";
    let mut rest = Html::default();
    if let Some([low, high]) = mean_interval(figures) {
        rest.push(format!(
            "With 95 % confidence the true average error is between {} and {}. ",
            figure(low),
            figure(high)
        ));
    }
    rest = rest
        + "For "
        + percent(figures.interval_coverage)
        + " of the rows the true value is within ±";
    rest = rest + quantity(figures.interval_half_width, view) + " of the answer.";
    [
        claim,
        rest + losses("root-mean-square error", figures.rmse, view),
    ]
}

/// A sentence that compares the loss with those of simpler models.
fn losses(called: &str, loss: f64, view: &View<'_>) -> Html {
    let mut text = Html::from(format!(" The {called} is {}", figure(loss)));
    for (place, (what, loss)) in view.baselines.iter().enumerate() {
        let joint = if place == 0 { "; it is " } else { " and " };
        let what = if what == "linear model" {
            "a linear model"
        } else {
            what
        };
        text.push(format!("{joint}{} for {what}", figure(*loss)));
    }
    text + if view.baselines.is_empty() {
        "."
    } else {
        " (less is better)."
    }
}

fn quantity(amount: f64, view: &View<'_>) -> Html {
    match view.target.unit.as_str() {
        "" => figure(amount).into(),
        unit => Html::from(figure(amount) + " ") + name(unit),
    }
}

/// The interval of the mean absolute error by the normal approximation. The spread is that of the points, which may be
/// a part of the rows.
fn mean_interval(figures: &Number) -> Option<[f64; 2]> {
    let count = figures.points.len();
    if count < 2 {
        return None;
    }
    let errors = || {
        figures
            .points
            .iter()
            .map(|[truth, answer]| (f64::from(*answer) - f64::from(*truth)).abs())
    };
    let mean = errors().sum::<f64>() / count as f64;
    let variance = errors().map(|error| (error - mean).powi(2)).sum::<f64>() / (count - 1) as f64;
    let reach = STANDARD_ERRORS * (variance / figures.rows.max(1) as f64).sqrt();
    reach
        .is_finite()
        .then(|| [(figures.mae - reach).max(0.0), figures.mae + reach])
}

fn class_tiles(figures: &Classes) -> Html {
    let mut tiles = tile(
        "Accuracy",
        &percent(figures.accuracy),
        "How many answers are right.",
    ) + tile(
        "Log-loss",
        &figure(figures.log_loss),
        "How good the probabilities are: 0 if the true class always has 100 %; confident errors cost most.",
    );
    if let Some(auc) = figures.auc {
        tiles.push(tile(
            "AUC",
            &figure(auc),
            "How well the classes are told apart: 1 is perfect, 0.5 is guessing.",
        ));
    }
    tiles
        + tile(
            "Macro F1",
            &figure(figures.macro_f1),
            "How well classes are found, with rare ones counting as much as frequent ones; 1 is perfect.",
        )
        + tile(
            "Calibration error",
            &percent(figures.calibration_error),
            "How far probabilities are from what comes true, on average.",
        )
}

fn number_tiles(figures: &Number) -> Html {
    tile(
        "Mean error",
        &figure(figures.mae),
        "How far answers are off on average, up or down.",
    ) + tile(
        "RMSE",
        &figure(figures.rmse),
        "The root of the mean squared error: like the mean error, but large errors count more.",
    ) + tile(
        "R²",
        &value((1e4 * figures.r2).round() / 1e4),
        "How much of the differences between rows is explained: 1 is all, 0 is no better than the mean.",
    ) + tile(
        "Within the interval",
        &percent(figures.interval_coverage),
        &format!(
            "How many true values lie within ±{} of the answer.",
            figure(figures.interval_half_width)
        ),
    )
}

fn tile(called: &str, figure: &str, explanation: &str) -> Html {
    let text = element("dd", &[], element("strong", &[], figure)) + element("dd", &[], explanation);
    element("div", &[], element("dt", &[], called) + text)
}

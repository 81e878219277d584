//! How good answers are to rows that were not learnt from.

use std::collections::BTreeMap;

use model::AlignedBytes;
use runtime::{Any, InputError, Prediction, Runtime};
use serde::Serialize;
use training::TrainingError;
use training::metrics::{
    Classification, Regression, accuracy_interval, calibration_error, probability,
};

use crate::error::TabularError;
use crate::table::Table;
use crate::target::Kind;

/// Bars of a calibration plot.
const BARS: usize = 10;
/// Points of a curve, at most.
const POINTS: usize = 200;
/// Smallest probability that a logarithm is taken of, as scikit-learn takes it for 32-bit floats.
const LEAST: f32 = f32::EPSILON;

/// The answers of the model in `bytes` to `rows` rows, given as its users give them: `json` makes JSON of the number of a row
/// from 0. They are probabilities, or a number; row-major. Where the model knows nothing of a text, and a module says so, they
/// are `unknown`; tables need none.
///
/// # Errors
///
/// If the runtime refuses the model or a row.
pub fn answers(
    bytes: &AlignedBytes,
    rows: usize,
    json: &dyn Fn(u32) -> String,
    unknown: &[f32],
) -> Result<Vec<f32>, TabularError> {
    let mut runtime = Runtime::open::<Any>(bytes).map_err(TrainingError::from)?;
    let mut answers = Vec::new();
    for row in 0..rows as u32 {
        push_answer(&mut runtime, row, &json(row), unknown, &mut answers)?;
    }
    Ok(answers)
}

/// Appends the answer to `json`, the row number `row`.
fn push_answer(
    runtime: &mut Runtime<'_>,
    row: u32,
    json: &str,
    unknown: &[f32],
    answers: &mut Vec<f32>,
) -> Result<(), TabularError> {
    match runtime.predict(json, false) {
        Ok(answer) => match answer.prediction {
            Prediction::Class { probabilities, .. } => answers.extend(probabilities),
            Prediction::Number { value, .. } => answers.push(value),
        },
        Err(InputError::Unknown) if !unknown.is_empty() => answers.extend(unknown),
        Err(error) => {
            return Err(TabularError::Training(TrainingError::RowRefused {
                row: row as usize,
                problem: error.to_string(),
            }));
        }
    }
    Ok(())
}

/// The probabilities that softmax makes of `scores`, row-major with a score for each of `classes` classes.
#[must_use]
pub fn shares(scores: &[f32], classes: usize) -> Vec<f32> {
    (scores.chunks_exact(classes.max(1)))
        .flat_map(|scores| (0..classes).map(|class| probability(scores, class) as f32))
        .collect()
}

/// What answers are worth.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Figures {
    /// Of classes.
    Classes(Classes),
    /// Of a number.
    Number(Number),
}

/// What probabilities are worth.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Classes {
    /// Rows measured.
    pub rows: usize,
    /// Share of rows whose likeliest class is theirs.
    pub accuracy: f64,
    /// The interval in which the accuracy lies with 95 % (Wilson's).
    pub accuracy_interval: [f64; 2],
    /// Mean logarithm of the inverse of the probability of the true class, in nats.
    pub log_loss: f64,
    /// Mean over the classes of the harmonic mean of precision and recall.
    pub macro_f1: f64,
    /// Expected calibration error.
    pub calibration_error: f64,
    /// Of two classes, the area under the ROC curve: how often a row of the second class has the higher probability of two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auc: Option<f64>,
    /// Rows by class (outer) and predicted class (inner).
    pub confusion: Vec<Vec<usize>>,
    /// For tenths of the probability of the predicted class: rows, mean probability, and share that is right.
    pub calibration: Vec<[f64; 3]>,
    /// Of two classes, points of the ROC curve: share of the first class above a threshold, and share of the second.
    pub roc: Vec<[f64; 2]>,
    /// Of two classes, points of the curve of precision over recall of the second class: recall, precision.
    pub precision_recall: Vec<[f64; 2]>,
}

/// What estimates of a number are worth.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Number {
    /// Rows measured.
    pub rows: usize,
    /// Root of the mean squared error.
    pub rmse: f64,
    /// Mean absolute error.
    pub mae: f64,
    /// Share of the variance that is explained.
    pub r2: f64,
    /// Share of rows whose number lies in the interval of the answer.
    pub interval_coverage: f64,
    /// Half of the width of that interval.
    pub interval_half_width: f64,
    /// Some rows: the true number, and the answer.
    pub points: Vec<[f32; 2]>,
}

/// Measures `answers` to rows with `targets`. The interval of a number has half the width `half_width`.
#[must_use]
pub fn figures(kind: &Kind, answers: &[f32], targets: &[f32], half_width: f32) -> Figures {
    match kind {
        Kind::Classes(classes) => Figures::Classes(of_classes(classes.len(), answers, targets)),
        Kind::Number => Figures::Number(of_number(answers, targets, half_width)),
    }
}

impl Figures {
    /// What is compared between models: log-loss, or the root of the mean squared error.
    #[must_use]
    pub fn loss(&self) -> f64 {
        match self {
            Self::Classes(figures) => figures.log_loss,
            Self::Number(figures) => figures.rmse,
        }
    }

    /// The figures by name, for the model file.
    #[must_use]
    pub fn metrics(&self) -> BTreeMap<String, f64> {
        let named = match self {
            Self::Classes(figures) => {
                let mut named = vec![
                    ("accuracy", figures.accuracy),
                    ("log_loss", figures.log_loss),
                    ("macro_f1", figures.macro_f1),
                    ("calibration_error", figures.calibration_error),
                ];
                named.extend(figures.auc.map(|auc| ("auc", auc)));
                named
            }
            Self::Number(figures) => vec![
                ("rmse", figures.rmse),
                ("mae", figures.mae),
                ("r2", figures.r2),
                ("interval_coverage", figures.interval_coverage),
            ],
        };
        let figures = named.into_iter();
        figures
            .map(|(name, figure)| (format!("test_{name}"), figure))
            .collect()
    }
}

fn of_classes(width: usize, answers: &[f32], targets: &[f32]) -> Classes {
    let labels: Vec<usize> = targets.iter().map(|class| *class as usize).collect();
    // Probabilities are their own softmax by way of their logarithms.
    let scores: Vec<f32> = answers.iter().map(|p| p.max(LEAST).ln()).collect();
    let measured = Classification::measure(&scores, &labels, width);
    let log_loss = answers
        .chunks_exact(width)
        .zip(&labels)
        .map(|(p, class)| -f64::from(p[*class].max(LEAST)).ln());
    let log_loss = log_loss.sum::<f64>() / labels.len().max(1) as f64;
    let (mut roc, mut precision_recall, mut auc) = (Vec::new(), Vec::new(), None);
    if width == 2 {
        let second: Vec<f32> = answers.iter().skip(1).step_by(2).copied().collect();
        let curve = thresholds(&second, &labels);
        auc = area(&curve);
        if let (Some([all_first, all_second]), Some(_)) = (curve.last().copied(), auc) {
            roc = thinned(&curve)
                .map(|[first, second]| [first / all_first, second / all_second])
                .collect();
            let points = thinned(&curve).filter(|[first, second]| first + second > 0.0);
            precision_recall = points
                .map(|[first, second]| [second / all_second, second / (first + second)])
                .collect();
        }
    }
    Classes {
        rows: labels.len(),
        accuracy: measured.accuracy,
        accuracy_interval: accuracy_interval(measured.accuracy, labels.len()),
        log_loss,
        macro_f1: macro_f1(&measured.confusion),
        calibration_error: calibration_error(&scores, &labels, width),
        auc,
        calibration: calibration(width, answers, &labels),
        confusion: measured.confusion,
        roc,
        precision_recall,
    }
}

/// Numbers of rows of the first and of the second class whose probability is at least each threshold, from high to low.
fn thresholds(second: &[f32], labels: &[usize]) -> Vec<[f64; 2]> {
    let mut order: Vec<usize> = (0..labels.len()).collect();
    order.sort_by(|a, b| second[*b].total_cmp(&second[*a]));
    let mut curve = vec![[0.0, 0.0]];
    let mut counts = [0.0, 0.0];
    for (place, row) in order.iter().enumerate() {
        counts[labels[*row].min(1)] += 1.0;
        let next = order.get(place + 1).map(|next| second[*next]);
        if next != Some(second[*row]) {
            curve.push(counts);
        }
    }
    curve
}

/// The area under the curve by the trapezoidal rule; nothing if a class has no row.
fn area(curve: &[[f64; 2]]) -> Option<f64> {
    let [first, second] = curve.last()?;
    let area: f64 = curve
        .windows(2)
        .map(|pair| (pair[1][0] - pair[0][0]) * f64::midpoint(pair[0][1], pair[1][1]))
        .sum();
    (*first > 0.0 && *second > 0.0).then(|| area / (first * second))
}

fn thinned(curve: &[[f64; 2]]) -> impl Iterator<Item = [f64; 2]> {
    let step = curve.len().div_ceil(POINTS).max(1);
    let last = curve.len().saturating_sub(1);
    let kept = curve
        .iter()
        .enumerate()
        .filter(move |(place, _)| place % step == 0 || *place == last);
    kept.map(|(_, point)| *point)
}

fn macro_f1(confusion: &[Vec<usize>]) -> f64 {
    let classes = confusion.len();
    let of = |class: usize| {
        let right = confusion[class][class] as f64;
        let true_ones: usize = confusion[class].iter().sum();
        let predicted: usize = confusion.iter().map(|row| row[class]).sum();
        match true_ones + predicted {
            0 => None,
            all => Some(2.0 * right / all as f64),
        }
    };
    let known: Vec<f64> = (0..classes).filter_map(of).collect();
    known.iter().sum::<f64>() / known.len().max(1) as f64
}

fn calibration(width: usize, answers: &[f32], labels: &[usize]) -> Vec<[f64; 3]> {
    let mut bars = vec![[0.0; 3]; BARS];
    for (answer, label) in answers.chunks_exact(width).zip(labels) {
        let class = kernels::argmax(answer);
        let p = f64::from(answer[class]);
        let bar = &mut bars[((p * BARS as f64) as usize).min(BARS - 1)];
        bar[0] += 1.0;
        bar[1] += p;
        bar[2] += f64::from(u8::from(class == *label));
    }
    for [rows, p, right] in &mut bars {
        *p /= rows.max(1.0);
        *right /= rows.max(1.0);
    }
    bars
}

fn of_number(answers: &[f32], targets: &[f32], half_width: f32) -> Number {
    let measured = Regression::measure(answers, targets);
    let inside = answers
        .iter()
        .zip(targets)
        .filter(|(answer, y)| (*answer - *y).abs() <= half_width);
    let pairs = answers.iter().zip(targets).map(|(answer, y)| [*y, *answer]);
    let step = targets.len().div_ceil(1000).max(1);
    Number {
        rows: targets.len(),
        rmse: measured.rmse,
        mae: measured.mae,
        r2: measured.r2,
        interval_coverage: inside.count() as f64 / targets.len().max(1) as f64,
        interval_half_width: half_width.into(),
        points: pairs.step_by(step).collect(),
    }
}

/// By how much the loss grows when the values of each column are dealt anew among the rows (permutation importance;
/// L. Breiman, "Random forests", Machine Learning 45, 2001): names and amounts, the largest first. At most `most` rows
/// are looked at.
///
/// # Errors
///
/// If the runtime refuses the model or a row.
pub fn importance(
    bytes: &AlignedBytes,
    table: &Table,
    most: usize,
) -> Result<Vec<(String, f64)>, TabularError> {
    let mut runtime = Runtime::open::<Any>(bytes).map_err(TrainingError::from)?;
    let rows = table.rows().min(most) as u32;
    let kind = &table.target.kind;
    let targets: Vec<f32> = table
        .target
        .values
        .iter()
        .take(rows as usize)
        .copied()
        .collect();
    let mut of = |swapped: Option<usize>| -> Result<f64, TabularError> {
        let mut answers = Vec::new();
        for row in 0..rows {
            // Far apart, so that neighbours that are alike do not hide it.
            let other = (row + rows / 2 + 1) % rows;
            let json = table.json(row, swapped.map(|column| (column, other)));
            push_answer(&mut runtime, row, &json, &[], &mut answers)?;
        }
        Ok(figures(kind, &answers, &targets, 0.0).loss())
    };
    let whole = of(None)?;
    let mut importance = Vec::new();
    for (column, input) in table.inputs.iter().enumerate() {
        importance.push((input.schema.name.clone(), of(Some(column))? - whole));
    }
    importance.sort_by(|a, b| b.1.total_cmp(&a.1));
    Ok(importance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_classes_by_hand() {
        let kind = Kind::Classes(vec!["a".into(), "b".into()]);
        let second = [0.9_f32, 0.4, 0.6, 0.2];
        let answers: Vec<f32> = second.iter().flat_map(|p| [1.0 - p, *p]).collect();
        let Figures::Classes(found) = figures(&kind, &answers, &[1.0, 1.0, 0.0, 0.0], 0.0) else {
            panic!("classes");
        };
        assert_eq!((found.rows, found.accuracy), (4, 0.5));
        // Of four pairs, one is the wrong way round.
        assert_eq!(found.auc, Some(0.75));
        assert_eq!(found.confusion, [[1, 1], [1, 1]]);
        let expected = -(0.9_f64.ln() + 0.4_f64.ln() + 0.4_f64.ln() + 0.8_f64.ln()) / 4.0;
        assert!((found.log_loss - expected).abs() < 1e-6);
        assert!((found.macro_f1 - 0.5).abs() < 1e-12);
        assert_eq!(found.roc.last(), Some(&[1.0, 1.0]));
        assert_eq!(found.precision_recall.first(), Some(&[0.5, 1.0]));
    }

    #[test]
    fn equal_probabilities_count_half() {
        let curve = thresholds(&[0.5; 4], &[0, 1, 0, 1]);
        assert_eq!(area(&curve), Some(0.5));
        assert_eq!(area(&thresholds(&[0.5, 0.6], &[1, 1])), None);
    }

    #[test]
    fn an_interval_covers() {
        let Figures::Number(found) =
            figures(&Kind::Number, &[1.0, 2.0, 3.0], &[1.5, 2.0, 5.0], 0.5)
        else {
            panic!("a number");
        };
        assert!((found.interval_coverage - 2.0 / 3.0).abs() < 1e-12);
        assert!((found.mae - 2.5 / 3.0).abs() < 1e-6);
    }
}

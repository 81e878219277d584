//! Linear models: ridge regression, logistic and multinomial regression.

use linear::{Choice, Design, Linear, Loss};
use model::FrozenLayer;

use super::{
    CHECKED_ROWS, Candidate, Family, Member, clip_layer, loss, of_all_rows, probabilities,
    probability_layer, range,
};
use crate::encoding::Encoding;
use crate::error::TabularError;
use crate::fit::Job;
use crate::target::Kind;

/// A way to encode columns and the target.
#[derive(Debug, Clone, Copy)]
struct Form {
    name: &'static str,
    /// Pieces of the piecewise-linear function of a number; 0 for a straight line.
    knots: usize,
    /// Whether the logarithm of the target is learnt.
    log: bool,
}

/// The name of the plain linear model.
pub const PLAIN: &str = "linear";

const STRAIGHT: Form = Form {
    name: PLAIN,
    knots: 0,
    log: false,
};
const PIECEWISE: Form = Form {
    name: "piecewise linear",
    knots: 8,
    log: false,
};
const LOGARITHM: Form = Form {
    name: "piecewise linear, of the logarithm",
    knots: 16,
    log: true,
};

/// Tries all forms that suit the target. The first is the plain linear model.
///
/// # Errors
///
/// If one cannot be fitted, or the user interrupts.
pub fn candidates(job: &Job<'_>) -> Result<Vec<Candidate>, TabularError> {
    let positive = job.targets().iter().all(|y| *y > 0.0);
    let logarithm = (job.kind() == &Kind::Number && positive).then_some(LOGARITHM);
    let forms = [STRAIGHT, PIECEWISE].into_iter().chain(logarithm);
    forms.map(|form| candidate(job, form)).collect()
}

fn candidate(job: &Job<'_>, form: Form) -> Result<Candidate, TabularError> {
    let fit = Fit::new(job, form);
    let grid = linear::penalties(fit.loss, fit.features.len());
    let choice = job.journal.part(form.name, || {
        let choice = linear::choose(
            fit.design(),
            &fit.targets,
            job.weights(),
            job.folds,
            fit.loss,
            &grid,
            &|done, total| job.watch.step(form.name, done, total),
        )?;
        job.watch.check()?;
        Ok::<Choice, TabularError>(choice)
    })?;
    let answers: Vec<f64> = (choice.scores.chunks_exact(fit.loss.width()))
        .flat_map(|scores| fit.answer(scores))
        .collect();
    Ok(Candidate {
        name: form.name,
        family: Family::Linear,
        loss: loss(job.kind(), &answers, job.targets(), job.weights()),
        answers,
        choices: vec![
            ("penalty", choice.penalty),
            ("features", fit.encoding.outputs() as f64),
        ],
        finish: Box::new(move |job| finish(job, form, &choice)),
    })
}

/// The model of all rows; of a small table, its mean with those of the folds.
fn finish(job: &Job<'_>, form: Form, choice: &Choice) -> Result<Member, TabularError> {
    let fit = Fit::new(job, form);
    let rows: Vec<u32> = (0..fit.targets.len() as u32).collect();
    let whole = job.journal.part(&of_all_rows(form.name), || {
        linear::fit(
            fit.design(),
            &fit.targets,
            job.weights(),
            &rows,
            fit.loss,
            choice.penalty,
        )
        .map_err(TabularError::from)
    })?;
    let mut parts = vec![&whole];
    if job.averages_folds() {
        parts.extend(&choice.models);
    }
    let model = mean(&parts);
    let width = model.bias.len();
    let columns = fit.encoding.outputs();
    let answers = fit.features.chunks_exact(columns).take(CHECKED_ROWS);
    let answers = answers
        .flat_map(|features| fit.answer(&model.scores(features)))
        .collect();
    let floats = |numbers: &[f64]| numbers.iter().map(|x| *x as f32).collect::<Vec<f32>>();
    let mut layers = vec![
        fit.encoding.freeze(),
        FrozenLayer::new("linear")
            .weight("weight", &[columns, width], floats(&model.weights))
            .weight("bias", &[width], floats(&model.bias)),
    ];
    match job.kind() {
        Kind::Classes(_) => layers.push(probability_layer(width)),
        Kind::Number => {
            if form.log {
                layers.push(FrozenLayer::new("exp"));
            }
            layers.push(clip_layer(fit.range));
        }
    }
    Ok(Member { layers, answers })
}

/// The model whose scores are the mean of the scores of `parts`.
fn mean(parts: &[&Linear]) -> Linear {
    let average = |numbers: &dyn Fn(&Linear) -> Vec<f64>| {
        let mut sum: Vec<f64> = Vec::new();
        for part in parts {
            let own = numbers(part);
            sum.resize(own.len(), 0.0);
            sum.iter_mut()
                .zip(own)
                .for_each(|(sum, x)| *sum += x / parts.len() as f64);
        }
        sum
    };
    Linear {
        weights: average(&|part| part.weights.clone()),
        bias: average(&|part| part.bias.clone()),
    }
}

/// What a form makes of a table.
struct Fit {
    encoding: Encoding,
    features: Vec<f32>,
    targets: Vec<f32>,
    loss: Loss,
    log: bool,
    /// Of the target, to which answers are cut.
    range: (f32, f32),
}

impl Fit {
    fn new(job: &Job<'_>, form: Form) -> Self {
        let encoding = Encoding::fit(job.table, form.knots);
        let targets = job
            .targets()
            .iter()
            .map(|y| if form.log { y.ln() } else { *y });
        Self {
            features: encoding.features(job.table),
            encoding,
            targets: targets.collect(),
            loss: match job.kind() {
                Kind::Classes(classes) => Loss::Classes(classes.len()),
                Kind::Number => Loss::Squared,
            },
            log: form.log,
            range: range(job.targets()),
        }
    }

    fn design(&self) -> Design<'_> {
        Design {
            values: &self.features,
            columns: self.encoding.outputs(),
        }
    }

    /// What `scores` come to.
    fn answer(&self, scores: &[f64]) -> Vec<f64> {
        match (self.loss, scores) {
            (Loss::Squared, [score]) => {
                let value = if self.log { score.exp() } else { *score };
                let (low, high) = self.range;
                vec![value.clamp(f64::from(low), f64::from(high))]
            }
            _ => probabilities(scores),
        }
    }
}

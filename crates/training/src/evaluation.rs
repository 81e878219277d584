//! What a trained network is worth: the same for a run that is kept and for each fold of a
//! cross-validation.

use crate::algorithm::Learner;
use crate::committee::Committee;
use crate::error::TrainingError;
use crate::fit::Run;
use crate::split::Split;
use crate::task::{Evaluation, Predictions, Task};

/// A network's predictions, and what they are worth.
pub struct Evaluated {
    /// Its outputs for the validation rows, divided by the temperature.
    pub validation: Vec<f32>,
    /// Its outputs for the test rows, divided by the temperature.
    pub test: Vec<f32>,
    /// What they are worth.
    pub evaluation: Evaluation,
}

impl Evaluated {
    /// Its predictions, for pictures.
    pub fn predictions<'a>(
        &'a self,
        split: &'a Split,
        inputs: &'a dyn Fn(&[usize]) -> Vec<f32>,
    ) -> Predictions<'a> {
        Predictions {
            split,
            validation: &self.validation,
            test: &self.test,
            inputs,
        }
    }
}

/// Evaluates `committee` on the test rows of `split`. What is still to be chosen, it chooses on the validation rows.
///
/// # Errors
///
/// If a figure cannot be had.
pub fn evaluate<A: Learner>(
    run: &Run<'_, A>,
    committee: &Committee,
    split: &Split,
) -> Result<Evaluated, TrainingError> {
    let task = run.algorithm.task();
    let validation = committee.validation.clone();
    let test = committee.scores(run, &split.test);
    let evaluation = task.evaluate(&Predictions {
        split,
        validation: &validation,
        test: &test,
        inputs: &|rows| run.algorithm.inputs(rows),
    })?;
    Ok(Evaluated {
        validation,
        test,
        evaluation,
    })
}

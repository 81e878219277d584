//! The answers of a model, as a module gives them.

use model::AlignedBytes;
use runtime::{Characters, InputError, Prediction, Runtime};
use tabular::error::TabularError;
use training::TrainingError;

use crate::corpus::Corpus;

/// The probabilities that the model in `bytes` gives for all texts of `corpus`, in JSON: row-major. Where the model knows
/// nothing of a text, and a module says so, they are `prior`, or NaN if that is empty.
///
/// # Errors
///
/// If the runtime refuses the model, or a text for another reason.
pub fn answers(
    bytes: &AlignedBytes,
    corpus: &Corpus,
    prior: &[f64],
) -> Result<Vec<f32>, TabularError> {
    let mut runtime = Runtime::open::<Characters>(bytes).map_err(TrainingError::from)?;
    let classes = corpus.classes().len();
    let unknown = |class: usize| prior.get(class).map_or(f32::NAN, |p| *p as f32);
    let mut answers = Vec::with_capacity(corpus.rows() * classes);
    for row in 0..corpus.rows() {
        match runtime.predict(&corpus.json(row), false) {
            Ok(answer) => {
                if let Prediction::Class { probabilities, .. } = answer.prediction {
                    answers.extend(probabilities);
                }
            }
            Err(InputError::Unknown) => answers.extend((0..classes).map(unknown)),
            Err(error) => {
                let problem = error.to_string();
                return Err(TrainingError::RowRefused { row, problem }.into());
            }
        }
    }
    Ok(answers)
}

//! What a model says about an input.

use alloc::string::String;
use alloc::vec::Vec;

use kernels::argmax;
use model::Output;

use crate::error::InputError;

/// The answer to one input.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer<'r> {
    /// What is predicted.
    pub prediction: Prediction<'r>,
    /// What weighed most, the weightiest first, if it was asked for.
    pub explanation: Option<Vec<Weight>>,
    /// What is doubtful about the input.
    pub remarks: &'r Remarks,
}

/// What is doubtful about an input: names of a table's fields, and words of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remarks {
    /// Fields whose value lies outside the range that the model was trained on.
    pub outside: Vec<String>,
    /// Fields with a word that the model was not trained on.
    pub unseen: Vec<String>,
    /// Fields without a value, of which training had one in every row.
    pub missing: Vec<String>,
    /// How many words at the end of a text the model has no place for.
    pub unread: usize,
}

impl Remarks {
    /// The lists of fields, with their names in JSON.
    #[must_use]
    pub fn lists(&self) -> [(&'static str, &[String]); 3] {
        [
            ("outside", &self.outside),
            ("unseen", &self.unseen),
            ("missing", &self.missing),
        ]
    }

    pub(crate) fn clear(&mut self) {
        self.outside.clear();
        self.unseen.clear();
        self.missing.clear();
        self.unread = 0;
    }
}

/// What is predicted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Prediction<'r> {
    /// One of several classes.
    Class {
        /// All classes.
        classes: &'r [String],
        /// The position of the predicted one.
        index: usize,
        /// The probability of each, in their order.
        probabilities: &'r [f32],
    },
    /// A number in the data set's own unit.
    Number {
        /// What it is.
        name: &'r str,
        /// The number.
        value: f32,
        /// Lower end of the interval.
        low: f32,
        /// Upper end of the interval.
        high: f32,
        /// Share of all cases whose true number lies in their interval, from 0 to 1.
        coverage: f32,
        /// Decimal places where people read it.
        decimals: usize,
    },
}

/// A part of the input, and what it counts for.
#[derive(Debug, Clone, PartialEq)]
pub struct Weight {
    /// The part: a word, or the name of a table's field.
    pub part: String,
    /// By how much the answer's score falls without the word, or with a typical value of the field: the logarithm of
    /// the odds of a class, or the number.
    pub weight: f32,
}

impl<'r> Prediction<'r> {
    /// What `numbers`, a network's, come to.
    ///
    /// # Errors
    ///
    /// If one of them is not finite, which takes an unusual model.
    pub fn new(output: &'r Output, numbers: &'r [f32]) -> Result<Self, InputError> {
        if !numbers.iter().all(|number| number.is_finite()) {
            return Err(InputError::NotFinite);
        }
        Ok(match output {
            Output::Classes(classes) => Self::Class {
                classes,
                index: argmax(numbers),
                probabilities: numbers,
            },
            Output::Number(number) => {
                let value = numbers.first().copied().unwrap_or_default();
                Self::Number {
                    name: &number.name,
                    value,
                    low: value - number.half_width,
                    high: value + number.half_width,
                    coverage: number.coverage,
                    decimals: number.decimals,
                }
            }
        })
    }
}

/// By how much the answer's score falls if the network gives `without` in place of `whole`.
pub(crate) fn weight(output: &Output, whole: &[f32], without: &[f32]) -> f32 {
    let number = |numbers: &[f32]| numbers.first().copied().unwrap_or_default();
    match output {
        Output::Number(_) => number(whole) - number(without),
        Output::Classes(_) => {
            let class = argmax(whole);
            log_odds(whole, class) - log_odds(without, class)
        }
    }
}

fn log_odds(probabilities: &[f32], class: usize) -> f32 {
    let rest = |(other, p): (usize, &f32)| if other == class { 0.0 } else { *p };
    let rest: f32 = probabilities.iter().enumerate().map(rest).sum();
    let own = probabilities.get(class).copied().unwrap_or(0.0);
    libm::logf(own.max(f32::MIN_POSITIVE)) - libm::logf(rest.max(f32::MIN_POSITIVE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use model::NumberOutput;

    fn classes() -> Output {
        Output::Classes(vec!["yes".into(), "no".into()])
    }

    fn number() -> Output {
        Output::Number(NumberOutput {
            name: "score".into(),
            coverage: 0.8,
            half_width: 0.75,
            decimals: 1,
        })
    }

    #[test]
    fn the_likeliest_class_is_predicted() {
        let output = classes();
        let Ok(Prediction::Class {
            classes,
            index,
            probabilities,
        }) = Prediction::new(&output, &[0.25, 0.75])
        else {
            unreachable!()
        };
        assert_eq!(
            (classes[index].as_str(), probabilities),
            ("no", &[0.25, 0.75][..])
        );
    }

    #[test]
    fn a_number_has_its_interval() {
        let expected = Prediction::Number {
            name: "score",
            value: 5.5,
            low: 4.75,
            high: 6.25,
            coverage: 0.8,
            decimals: 1,
        };
        assert_eq!(Prediction::new(&number(), &[5.5]).unwrap(), expected);
    }

    #[test]
    fn numbers_that_are_not_finite_are_no_answer() {
        for numbers in [[f32::NAN, 0.5], [0.5, f32::INFINITY]] {
            assert!(matches!(
                Prediction::new(&classes(), &numbers),
                Err(InputError::NotFinite)
            ));
        }
    }

    #[test]
    fn a_weight_is_what_the_answer_loses() {
        // Odds of 3 to 1 become even.
        let lost = weight(&classes(), &[0.25, 0.75], &[0.5, 0.5]);
        assert!((lost - 3.0_f32.ln()).abs() < 1e-6);
        assert!(weight(&classes(), &[0.0, 1.0], &[1.0, 0.0]).is_finite());
        assert!((weight(&number(), &[5.5], &[5.0]) - 0.5).abs() < 1e-6);
    }
}

//! What a model says about an input: where a network's numbers turn into an answer.

use alloc::string::String;
use core::fmt::Write as _;

use crate::decimal::Decimal;
use crate::json::push_string;
use crate::kernels::argmax;

/// A kind of answer.
pub trait Output {
    /// Writes what `numbers`, a network's, come to: one line of text, without its line feed.
    fn plain(&self, numbers: &[f32], output: &mut String);

    /// Writes the same in full, as members of a JSON object without its braces.
    fn json(&self, numbers: &[f32], output: &mut String);

    /// By how much the answer that is `whole` speaks less for itself `without` a part of the input.
    fn importance(&self, whole: &[f32], without: &[f32]) -> f32;

    /// Describes the answer for `--help`.
    fn help(&self) -> &'static str;
}

/// One of several classes: the network gives the probability of each.
#[derive(Debug, Clone, Copy)]
pub struct Classes(pub &'static [&'static str]);

impl Classes {
    fn likeliest(&self, probabilities: &[f32]) -> &'static str {
        self.0.get(argmax(probabilities)).copied().unwrap_or("")
    }
}

impl Output for Classes {
    fn plain(&self, numbers: &[f32], output: &mut String) {
        output.push_str(self.likeliest(numbers));
    }

    fn json(&self, numbers: &[f32], output: &mut String) {
        output.push_str("\"class\": ");
        push_string(output, self.likeliest(numbers));
        output.push_str(", \"probabilities\": {");
        for (i, (class, probability)) in self.0.iter().zip(numbers).enumerate() {
            if i > 0 {
                output.push_str(", ");
            }
            push_string(output, class);
            // Writing to a string does not fail.
            let _ = write!(output, ": {}", Decimal(*probability));
        }
        output.push('}');
    }

    /// In the logarithm of the odds of the class.
    fn importance(&self, whole: &[f32], without: &[f32]) -> f32 {
        let class = argmax(whole);
        let log_odds = |probabilities: &[f32]| {
            let rest = |(other, p): (usize, &f32)| if other == class { 0.0 } else { *p };
            let rest: f32 = probabilities.iter().enumerate().map(rest).sum();
            let own = probabilities.get(class).copied().unwrap_or(0.0);
            libm::logf(own.max(f32::MIN_POSITIVE)) - libm::logf(rest.max(f32::MIN_POSITIVE))
        };
        log_odds(whole) - log_odds(without)
    }

    fn help(&self) -> &'static str {
        "The answer is the class, one a line; with --json also each class's probability."
    }
}

/// A number in the data set's own unit, and the interval around it.
#[derive(Debug, Clone, Copy)]
pub struct Quantity {
    /// What the number is, as JSON names it.
    pub name: &'static str,
    /// Share of all cases whose true number lies in the interval, from 0 to 1.
    pub coverage: f32,
    /// How far the interval reaches to either side.
    pub reach: f32,
}

impl Quantity {
    fn number(numbers: &[f32]) -> f32 {
        numbers.first().copied().unwrap_or_default()
    }
}

impl Output for Quantity {
    /// Rounded to a tenth.
    fn plain(&self, numbers: &[f32], output: &mut String) {
        let tenths = libm::roundf(Self::number(numbers) * 10.0) / 10.0;
        let start = output.len();
        // Writing to a string does not fail.
        let _ = write!(output, "{}", Decimal(tenths));
        if !output[start..].contains('.') {
            output.push_str(".0");
        }
    }

    fn json(&self, numbers: &[f32], output: &mut String) {
        let number = Self::number(numbers);
        push_string(output, self.name);
        // Writing to a string does not fail.
        let _ = write!(
            output,
            ": {}, \"interval\": {{\"coverage\": {}, \"low\": {}, \"high\": {}}}",
            Decimal(number),
            Decimal(self.coverage),
            Decimal(number - self.reach),
            Decimal(number + self.reach),
        );
    }

    fn importance(&self, whole: &[f32], without: &[f32]) -> f32 {
        Self::number(whole) - Self::number(without)
    }

    fn help(&self) -> &'static str {
        "The answer is the number, to a tenth, one a line; with --json in full, and the interval in\n\
         which the true number is to be expected."
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: Classes = Classes(&["yes", "\"no\""]);
    const SCORE: Quantity = Quantity {
        name: "score",
        coverage: 0.8,
        reach: 0.75,
    };

    fn written(write: impl Fn(&mut String)) -> String {
        let mut output = String::new();
        write(&mut output);
        output
    }

    #[test]
    fn a_class_comes_with_all_probabilities() {
        assert_eq!(written(|o| LABELS.plain(&[0.25, 0.75], o)), "\"no\"");
        let expected = r#""class": "\"no\"", "probabilities": {"yes": 0.25, "\"no\"": 0.75}"#;
        assert_eq!(written(|o| LABELS.json(&[0.25, 0.75], o)), expected);
    }

    #[test]
    fn a_number_is_rounded_unless_in_json() {
        for (number, expected) in [(5.87, "5.9"), (6.0, "6.0"), (5.96, "6.0"), (-0.24, "-0.2")] {
            assert_eq!(written(|o| SCORE.plain(&[number], o)), expected);
        }
        let expected = r#""score": 5.5, "interval": {"coverage": 0.8, "low": 4.75, "high": 6.25}"#;
        assert_eq!(written(|o| SCORE.json(&[5.5], o)), expected);
    }

    #[test]
    fn importance_is_what_the_answer_loses() {
        // Odds of 3 to 1 become even.
        let lost = LABELS.importance(&[0.25, 0.75], &[0.5, 0.5]);
        assert!((lost - 3.0_f32.ln()).abs() < 1e-6);
        assert!(LABELS.importance(&[0.0, 1.0], &[1.0, 0.0]).is_finite());
        assert!((SCORE.importance(&[5.5], &[5.0]) - 0.5).abs() < 1e-6);
    }
}

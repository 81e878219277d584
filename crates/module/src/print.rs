//! Answers as text: a line each, plain or in JSON.

use alloc::string::String;
use core::fmt::Write;

use model::json::{Count, Decimal, push_string};
use runtime::{Answer, Prediction};

/// Appends `answer` as a line: a class, or a number to `decimals` places, and what explains it after a tab each.
pub fn plain(answer: &Answer<'_>, output: &mut String) {
    match answer.prediction {
        Prediction::Class { classes, index, .. } => {
            output.push_str(classes.get(index).map_or("", String::as_str));
        }
        Prediction::Number {
            value, decimals, ..
        } => push_rounded(output, value, decimals),
    }
    for weight in answer.explanation.iter().flatten() {
        output.push('\t');
        output.push_str(&weight.part);
    }
    output.push('\n');
}

/// Appends `number` in decimal notation.
fn push(output: &mut String, number: f32) {
    // Writing to a string does not fail.
    let _ = Decimal(number).write(&mut |text| {
        output.push_str(text);
        Ok(())
    });
}

/// Appends `number`, rounded to so many decimal places; of two, the one farther from zero.
fn push_rounded(output: &mut String, number: f32, decimals: usize) {
    let mut scale = 1_usize;
    for _ in 0..decimals {
        scale = scale.wrapping_mul(10);
    }
    let scaled = f64::from(number.abs()) * scale as f64 + 0.5;
    // A larger number has no such places.
    if scaled >= f64::from(u32::MAX) {
        return push(output, number);
    }
    let scaled = scaled as usize;
    if number < 0.0 && scaled > 0 {
        output.push('-');
    }
    push_count(output, scaled / scale);
    let mut rest = scaled % scale;
    for place in 0..decimals {
        if place == 0 {
            output.push('.');
        }
        scale /= 10;
        push_count(output, rest / scale);
        rest %= scale;
    }
}

fn push_count(output: &mut String, count: usize) {
    // Writing to a string does not fail.
    let _ = write!(output, "{}", Count(count));
}

/// Appends `answer` as a line of JSON, with an explanation by parts that are called `part`.
pub fn json(answer: &Answer<'_>, part: &str, output: &mut String) {
    output.push('{');
    match answer.prediction {
        Prediction::Class {
            classes,
            index,
            probabilities,
        } => {
            output.push_str("\"class\": ");
            push_string(output, classes.get(index).map_or("", String::as_str));
            output.push_str(", \"probabilities\": {");
            for (i, (class, probability)) in classes.iter().zip(probabilities).enumerate() {
                if i > 0 {
                    output.push_str(", ");
                }
                push_string(output, class);
                output.push_str(": ");
                push(output, *probability);
            }
            output.push('}');
        }
        Prediction::Number {
            name,
            value,
            low,
            high,
            coverage,
            ..
        } => {
            push_string(output, name);
            for (name, number) in [
                (": ", value),
                (", \"interval\": {\"coverage\": ", coverage),
                (", \"low\": ", low),
                (", \"high\": ", high),
            ] {
                output.push_str(name);
                push(output, number);
            }
            output.push('}');
        }
    }
    if let Some(explanation) = &answer.explanation {
        output.push_str(", \"explanation\": [");
        for (i, weight) in explanation.iter().enumerate() {
            output.push_str(if i > 0 { ", {\"" } else { "{\"" });
            output.push_str(part);
            output.push_str("\": ");
            push_string(output, &weight.part);
            output.push_str(", \"weight\": ");
            push(output, weight.weight);
            output.push('}');
        }
        output.push(']');
    }
    for (name, fields) in answer.remarks.lists() {
        for (i, field) in fields.iter().enumerate() {
            if i == 0 {
                output.push_str(", \"");
                output.push_str(name);
                output.push_str("\": [");
            } else {
                output.push_str(", ");
            }
            push_string(output, field);
        }
        if !fields.is_empty() {
            output.push(']');
        }
    }
    if answer.remarks.unread > 0 {
        output.push_str(", \"unread_words\": ");
        push_count(output, answer.remarks.unread);
    }
    output.push_str("}\n");
}

/// Appends the line of JSON in place of an answer to a bad input.
pub fn json_error(message: &str, output: &mut String) {
    output.push_str("{\"error\": ");
    push_string(output, message);
    output.push_str("}\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use runtime::{Remarks, Weight};

    fn written(write: impl Fn(&Answer<'_>, &mut String), answer: &Answer<'_>) -> String {
        let mut output = String::new();
        write(answer, &mut output);
        output
    }

    fn word_json(answer: &Answer<'_>, output: &mut String) {
        json(answer, "word", output);
    }

    #[test]
    fn a_class_comes_with_all_probabilities_and_words() {
        let classes = ["yes".into(), "\"no\"".into()];
        let remarks = Remarks {
            unseen: vec!["a".into(), "b\"".into()],
            unread: 3,
            ..Remarks::default()
        };
        let mut answer = Answer {
            prediction: Prediction::Class {
                classes: &classes,
                index: 1,
                probabilities: &[0.25, 0.75],
            },
            explanation: None,
            remarks: &remarks,
        };
        assert_eq!(written(plain, &answer), "\"no\"\n");
        let expected = "{\"class\": \"\\\"no\\\"\", \"probabilities\": {\"yes\": 0.25, \"\\\"no\\\"\": 0.75}, \"unseen\": [\"a\", \"b\\\"\"], \"unread_words\": 3}\n";
        assert_eq!(written(word_json, &answer), expected);
        let weight = |part: &str, weight| Weight {
            part: part.into(),
            weight,
        };
        answer.explanation = Some(vec![weight("a\\", 1.5), weight("b", 0.5)]);
        assert_eq!(written(plain, &answer), "\"no\"\ta\\\tb\n");
        let end = ", \"explanation\": [{\"word\": \"a\\\\\", \"weight\": 1.5}, {\"word\": \"b\", \"weight\": 0.5}], \"unseen\"";
        assert!(written(word_json, &answer).contains(end));
        answer.explanation = Some(vec![]);
        assert!(written(word_json, &answer).contains(", \"explanation\": [], \"unseen\""));
    }

    #[test]
    fn a_number_is_rounded_unless_in_json() {
        let remarks = Remarks::default();
        let score = |value: f32, decimals| Answer {
            prediction: Prediction::Number {
                name: "score",
                value,
                low: value - 0.75,
                high: value + 0.75,
                coverage: 0.8,
                decimals,
            },
            explanation: None,
            remarks: &remarks,
        };
        for (number, decimals, expected) in [
            (5.87, 1, "5.9\n"),
            (6.0, 1, "6.0\n"),
            (5.96, 1, "6.0\n"),
            (-0.24, 1, "-0.2\n"),
            (0.25, 1, "0.3\n"),
            (-0.25, 1, "-0.3\n"),
            (0.0, 1, "0.0\n"),
            (1e7, 1, "10000000.0\n"),
            (1e12, 1, "999999995904\n"),
            (5.87, 0, "6\n"),
            (1e7, 0, "10000000\n"),
            (0.012_34, 4, "0.0123\n"),
            (0.5, 3, "0.500\n"),
        ] {
            assert_eq!(written(plain, &score(number, decimals)), expected);
        }
        let expected =
            "{\"score\": 5.5, \"interval\": {\"coverage\": 0.8, \"low\": 4.75, \"high\": 6.25}}\n";
        assert_eq!(written(word_json, &score(5.5, 1)), expected);
    }

    #[test]
    fn rounding_is_that_of_the_standard_library() {
        for step in -2000..=2000 {
            let number = step as f32 / 40.0;
            let mut output = String::new();
            push_rounded(&mut output, number, 0);
            assert_eq!(output.parse::<f32>().unwrap(), number.round(), "{number}");
        }
    }
}

//! Answers as text: a line each, plain or in JSON.

use alloc::format;
use alloc::string::String;

use model::json::{Count, Decimal, push_string};
use runtime::{Answer, Prediction};

/// Appends `answer` as a line: a class, or a number to a tenth, and words after a tab each.
pub fn plain(answer: &Answer<'_>, output: &mut String) {
    match answer.prediction {
        Prediction::Class { classes, index, .. } => {
            output.push_str(classes.get(index).map_or("", String::as_str));
        }
        Prediction::Number { value, .. } => {
            let tenths = round(value * 10.0) / 10.0;
            let start = output.len();
            push(output, tenths);
            if !output
                .as_bytes()
                .iter()
                .skip(start)
                .any(|byte| *byte == b'.')
            {
                output.push_str(".0");
            }
        }
    }
    for weight in answer.explanation.iter().flatten() {
        output.push('\t');
        output.push_str(&weight.word);
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

/// The nearest whole number; of two, the one farther from zero.
fn round(number: f32) -> f32 {
    let whole = number as i64 as f32;
    let rest = number - whole;
    match rest {
        rest if rest >= 0.5 => whole + 1.0,
        rest if rest <= -0.5 => whole - 1.0,
        _ => whole,
    }
}

/// Appends `answer` as a line of JSON.
pub fn json(answer: &Answer<'_>, output: &mut String) {
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
            output.push_str(if i > 0 {
                ", {\"word\": "
            } else {
                "{\"word\": "
            });
            push_string(output, &weight.word);
            output.push_str(", \"weight\": ");
            push(output, weight.weight);
            output.push('}');
        }
        output.push(']');
    }
    if !answer.outside.is_empty() {
        output.push_str(", \"outside\": [");
        for (i, name) in answer.outside.iter().enumerate() {
            output.push_str(if i > 0 { ", " } else { "" });
            push_string(output, name);
        }
        output.push(']');
    }
    if answer.unread > 0 {
        output.push_str(", \"unread_words\": ");
        output.push_str(&format!("{}", Count(answer.unread)));
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
    use runtime::WordWeight;

    fn written(write: impl Fn(&Answer<'_>, &mut String), answer: &Answer<'_>) -> String {
        let mut output = String::new();
        write(answer, &mut output);
        output
    }

    #[test]
    fn a_class_comes_with_all_probabilities_and_words() {
        let classes = ["yes".into(), "\"no\"".into()];
        let mut answer = Answer {
            prediction: Prediction::Class {
                classes: &classes,
                index: 1,
                probabilities: &[0.25, 0.75],
            },
            explanation: None,
            outside: &[],
            unread: 0,
        };
        assert_eq!(written(plain, &answer), "\"no\"\n");
        let expected = "{\"class\": \"\\\"no\\\"\", \"probabilities\": {\"yes\": 0.25, \"\\\"no\\\"\": 0.75}}\n";
        assert_eq!(written(json, &answer), expected);
        let weight = |word: &str, weight| WordWeight {
            word: word.into(),
            weight,
        };
        answer.explanation = Some(vec![weight("a\\", 1.5), weight("b", 0.5)]);
        assert_eq!(written(plain, &answer), "\"no\"\ta\\\tb\n");
        let end = ", \"explanation\": [{\"word\": \"a\\\\\", \"weight\": 1.5}, {\"word\": \"b\", \"weight\": 0.5}]}\n";
        assert!(written(json, &answer).ends_with(end));
        answer.explanation = Some(vec![]);
        assert!(written(json, &answer).ends_with(", \"explanation\": []}\n"));
    }

    #[test]
    fn a_number_is_rounded_unless_in_json() {
        let score = |value: f32| Answer {
            prediction: Prediction::Number {
                name: "score",
                value,
                low: value - 0.75,
                high: value + 0.75,
                coverage: 0.8,
            },
            explanation: None,
            outside: &[],
            unread: 0,
        };
        for (number, expected) in [
            (5.87, "5.9\n"),
            (6.0, "6.0\n"),
            (5.96, "6.0\n"),
            (-0.24, "-0.2\n"),
            (0.25, "0.3\n"),
            (-0.25, "-0.3\n"),
            (0.0, "0.0\n"),
            (1e7, "10000000.0\n"),
        ] {
            assert_eq!(written(plain, &score(number)), expected);
        }
        let expected =
            "{\"score\": 5.5, \"interval\": {\"coverage\": 0.8, \"low\": 4.75, \"high\": 6.25}}\n";
        assert_eq!(written(json, &score(5.5)), expected);
    }

    #[test]
    fn rounding_is_that_of_the_standard_library() {
        for step in -2000..=2000 {
            let number = step as f32 / 40.0;
            assert_eq!(round(number), number.round(), "{number}");
        }
        assert_eq!(round(1e20), 1e20_f32 as i64 as f32);
    }
}

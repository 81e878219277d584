//! What a module answers under `--json`.

use serde_json::Value;

/// One prediction.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The class.
    pub class: String,
    /// The probability of each class, in their order.
    pub probabilities: Vec<f64>,
}

/// Reads `output`, an answer a line; `None` if that is not what it is.
#[must_use]
pub fn answers(output: &[u8]) -> Option<Vec<Answer>> {
    let answer = |line: &str| {
        let value: Value = serde_json::from_str(line).ok()?;
        let probabilities = value.get("probabilities")?.as_object()?;
        Some(Answer {
            class: value.get("class")?.as_str()?.to_owned(),
            probabilities: probabilities
                .values()
                .map(Value::as_f64)
                .collect::<Option<_>>()?,
        })
    };
    str::from_utf8(output).ok()?.lines().map(answer).collect()
}

/// In how many answers two programs name another class, and the largest difference between two
/// probabilities.
#[must_use]
pub fn difference(left: &[Answer], right: &[Answer]) -> (usize, f64) {
    let pairs = || left.iter().zip(right);
    let others = pairs().filter(|(left, right)| left.class != right.class);
    let differences = pairs().flat_map(|(left, right)| {
        let pairs = left.probabilities.iter().zip(&right.probabilities);
        pairs.map(|(left, right)| (left - right).abs())
    });
    (others.count(), differences.fold(0.0, f64::max))
}

/// The largest difference between two numbers at the same place of two outputs; `None` if the outputs
/// differ in anything but numbers.
#[must_use]
pub fn apart(left: &[u8], right: &[u8]) -> Option<f64> {
    let [left, right] = [left, right].map(|output| str::from_utf8(output).ok());
    let (left, right) = (left?.lines(), right?.lines());
    if left.clone().count() != right.clone().count() {
        return None;
    }
    let pairs = left.zip(right).map(|(left, right)| {
        let [left, right] = [left, right].map(serde_json::from_str::<Value>);
        apart_in(&left.ok()?, &right.ok()?)
    });
    largest(pairs)
}

fn apart_in(left: &Value, right: &Value) -> Option<f64> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            Some((left.as_f64()? - right.as_f64()?).abs())
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            largest(left.iter().zip(right).map(|(l, r)| apart_in(l, r)))
        }
        (Value::Object(left), Value::Object(right)) if left.len() == right.len() => {
            largest(left.iter().map(|(name, l)| apart_in(l, right.get(name)?)))
        }
        _ => (left == right).then_some(0.0),
    }
}

fn largest(mut numbers: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    numbers.try_fold(0.0, |largest, number| Some(f64::max(largest, number?)))
}

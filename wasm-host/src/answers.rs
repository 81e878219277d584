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

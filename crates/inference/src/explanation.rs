//! Why an answer is what it is: what it loses when a part of the input is left out (occlusion; Zeiler
//! and Fergus, <https://arxiv.org/abs/1311.2901>).

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write as _;

use crate::decimal::Decimal;
use crate::input::Input;
use crate::json::push_string;
use crate::model::Predict;
use crate::output::Output;

/// How many parts are listed, at most.
const LISTED: usize = 8;

/// The parts of an input that speak most for its answer, the weightiest first.
pub struct Explanation {
    parts: Vec<(String, f32)>,
}

impl Explanation {
    /// Finds out, with one more prediction for each part of the input `json`, whose numbers are in
    /// `row`; they are there again afterwards.
    pub fn new<I: Input, O: Output>(
        (input, output): (&I, &O),
        predictor: &mut dyn Predict,
        json: &str,
        row: &mut [f32],
    ) -> Self {
        let whole = predictor.predict(row).to_vec();
        let numbers = row.to_vec();
        let mut parts: Vec<(String, f32)> = Vec::new();
        input.parts(json, row, &mut |part, without| {
            let importance = output.importance(&whole, predictor.predict(without));
            if importance > 0.0 {
                parts.push((part.into(), importance));
            }
        });
        row.copy_from_slice(&numbers);
        parts.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        parts.truncate(LISTED);
        Self { parts }
    }

    /// Appends the parts, each after a tab.
    pub fn plain(&self, output: &mut String) {
        for (part, _) in &self.parts {
            output.push('\t');
            output.push_str(part);
        }
    }

    /// Appends the parts and their importance as a further member of a JSON object.
    pub fn json(&self, output: &mut String) {
        output.push_str(", \"explanation\": [");
        for (i, (part, importance)) in self.parts.iter().enumerate() {
            if i > 0 {
                output.push_str(", ");
            }
            output.push_str("{\"word\": ");
            push_string(output, part);
            // Writing to a string does not fail.
            let _ = write!(output, ", \"weight\": {}}}", Decimal(*importance));
        }
        output.push(']');
    }
}

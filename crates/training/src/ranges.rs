//! The ranges of the rows that a model was trained on, so that a module can tell unusual inputs.

use model::{Input, Values, json};

/// `input` with the smallest and largest value of each number in `rows`, which `json` gives as a module's users
/// write them.
pub fn with_training_ranges(
    mut input: Input,
    rows: &[usize],
    json: impl Fn(usize) -> String,
) -> Input {
    let Input::Table(fields) = &mut input else {
        return input;
    };
    for row in rows {
        let json = json(*row);
        for (name, value) in json::members(&json) {
            let field = fields.iter_mut().find(|field| field.name == name);
            let Some(Values::Number {
                training_minimum,
                training_maximum,
                ..
            }) = field.map(|field| &mut field.values)
            else {
                continue;
            };
            if let Some(number) = json::number(value) {
                *training_minimum = Some(training_minimum.map_or(number, |low| low.min(number)));
                *training_maximum = Some(training_maximum.map_or(number, |high| high.max(number)));
            }
        }
    }
    input
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Field, Transform};

    #[test]
    fn ranges_are_those_of_the_given_rows() {
        let field = |name: &str| Field {
            name: name.into(),
            unit: String::new(),
            description: String::new(),
            values: Values::Number {
                minimum: -10.0,
                maximum: 10.0,
                training_minimum: None,
                training_maximum: None,
            },
            transform: Transform::Identity,
        };
        let values = [[1.5, -2.0], [0.5, 7.0], [9.0, 9.0]];
        let json = |row: usize| format!("{{\"a\":{},\"b\":{}}}", values[row][0], values[row][1]);
        let input = with_training_ranges(Input::Table(vec![field("a"), field("b")]), &[0, 1], json);
        let Input::Table(fields) = input else {
            unreachable!()
        };
        let ranges = fields.iter().map(|field| match field.values {
            Values::Number {
                training_minimum,
                training_maximum,
                ..
            } => [training_minimum, training_maximum],
            Values::Category { .. } => [None; 2],
        });
        let expected = [[Some(0.5), Some(1.5)], [Some(-2.0), Some(7.0)]];
        assert!(ranges.eq(expected));
        assert!(fields[0].is_unusual(1.6) && !fields[0].is_unusual(1.5));
    }
}

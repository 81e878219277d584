//! Reads a JSON object of named numbers into the order that the network takes them.

use crate::error::{Excerpt, Found, InputError};
use crate::json;
use crate::schema::Field;

/// Reads `json`, one valid JSON value, into `row`, whose length is that of `fields`.
///
/// # Errors
///
/// Says which field is missing, unknown, given twice, not a number, or outside its range.
pub fn read(json: &str, fields: &'static [Field], row: &mut [f32]) -> Result<(), InputError> {
    if !json.starts_with('{') {
        return Err(InputError::NotAnObject {
            found: Found::new(json),
        });
    }
    // No field accepts a NaN, so it can mark what has not been read yet.
    row.fill(f32::NAN);
    json::members(json, &mut |name, value| {
        let found = fields.iter().zip(row.iter_mut());
        let Some((field, slot)) = found.into_iter().find(|(field, _)| field.name == name) else {
            return Err(InputError::UnknownField {
                name: Excerpt::new(name),
                expected: fields,
            });
        };
        if !slot.is_nan() {
            return Err(InputError::DuplicateField { field });
        }
        *slot = read_number(value, field)?;
        Ok(())
    })?;
    match fields.iter().zip(row).find(|(_, value)| value.is_nan()) {
        Some((field, _)) => Err(InputError::MissingField { field }),
        None => Ok(()),
    }
}

fn read_number(json: &str, field: &'static Field) -> Result<f32, InputError> {
    if !json::is_number(json) {
        return Err(InputError::NotANumber {
            field,
            found: Found::new(json),
        });
    }
    json::number(json)
        .filter(|value| (field.minimum..=field.maximum).contains(value))
        .map(field.scaled)
        .ok_or_else(|| InputError::OutOfRange {
            field,
            found: Excerpt::new(json),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::{String, ToString};

    const FIELDS: [Field; 2] = [
        Field {
            name: "length",
            unit: "cm",
            minimum: 0.5,
            maximum: 20.0,
            description: "",
            scaled: Field::AS_IT_IS,
        },
        Field {
            name: "width",
            unit: "cm",
            minimum: 0.1,
            maximum: 9.0,
            description: "",
            scaled: Field::AS_IT_IS,
        },
    ];

    fn read(json: &str) -> Result<[f32; 2], String> {
        let mut row = [0.0; 2];
        super::read(json, &FIELDS, &mut row)
            .map(|()| row)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn fields_come_in_the_order_of_the_table() {
        assert_eq!(read(r#"{"width": 2, "length": 5.5}"#), Ok([5.5, 2.0]));
        assert_eq!(read(r#"{"length": 0.5, "width": 9.0}"#), Ok([0.5, 9.0]));
    }

    #[test]
    fn every_error_names_the_field_the_value_and_what_was_expected() {
        for (json, message) in [
            (
                "[5.5, 2]",
                "the input is the array [5.5, 2]: expected a JSON object",
            ),
            (
                "{}",
                "`length` is missing: expected a number from 0.5 to 20 (cm)",
            ),
            (
                r#"{"length": 5}"#,
                "`width` is missing: expected a number from 0.1 to 9 (cm)",
            ),
            (
                r#"{"length": 5, "widht": 2}"#,
                "unknown field `widht`: expected `length`, `width`",
            ),
            (
                r#"{"length": 5, "width": 2, "length": 5}"#,
                "`length` is given twice: expected it once",
            ),
            (
                r#"{"length": "5", "width": 2}"#,
                "`length` is the string \"5\": expected a number from 0.5 to 20 (cm)",
            ),
            (
                r#"{"length": null, "width": 2}"#,
                "`length` is null: expected a number from 0.5 to 20 (cm)",
            ),
            (
                r#"{"length": 0.49, "width": 2}"#,
                "`length` is 0.49: expected a number from 0.5 to 20 (cm)",
            ),
            (
                r#"{"length": 5, "width": 1e999}"#,
                "`width` is 1e999: expected a number from 0.1 to 9 (cm)",
            ),
            (
                r#"{"length": 5, "width": -2}"#,
                "`width` is -2: expected a number from 0.1 to 9 (cm)",
            ),
        ] {
            assert_eq!(read(json), Err(message.to_string()), "{json}");
        }
    }
}

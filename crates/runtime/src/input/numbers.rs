//! Reads an input that is plain numbers: for programs that have them in memory, and need no text.

use alloc::format;
use alloc::string::String;

use model::json::Count;
use model::{Column, ColumnValues, Field, Input, MISSING, UNSEEN, Values};

use super::image::Pixels;
use super::{columns, table};
use crate::error::{Found, InputError};

/// How many numbers one input is; `None` if an input is more than numbers.
pub fn count(input: &Input) -> Option<usize> {
    match input {
        Input::Table(fields) => Some(fields.len()),
        Input::Columns(columns) => {
            let is_date = |column: &Column| matches!(column.values, ColumnValues::Date);
            (!columns.iter().any(is_date)).then_some(columns.len())
        }
        Input::Image(image) => Some(image.numbers()),
        Input::Text(_) => None,
    }
}

/// Reads `values`, one input, into `numbers`, as a [`Reader`](super::Reader) does. There are as many as [`count`] says: the
/// fields in their order, a category by its position from 0 and a missing value as NaN, or the pixels. What is doubtful
/// is not told.
///
/// # Errors
///
/// Says what is wrong, and where.
pub fn read(input: &Input, values: &[f32], numbers: &mut [f32]) -> Result<(), InputError> {
    match input {
        Input::Table(fields) => {
            for ((field, own), value) in table::places(fields, numbers).zip(values) {
                read_field(field, *value, own)?;
            }
        }
        Input::Columns(columns) => {
            for ((column, place), value) in columns.iter().zip(numbers).zip(values) {
                *place = read_column(column, *value)?;
            }
        }
        Input::Image(image) => {
            let mut pixels = Pixels::new(image, numbers);
            for value in values {
                pixels.put(*value, || Found::number(*value))?;
            }
            pixels.finish()?;
        }
        Input::Text(_) => {}
    }
    Ok(())
}

fn read_field(field: &Field, value: f32, own: &mut [f32]) -> Result<(), InputError> {
    let taken = match &field.values {
        Values::Number { .. } => table::put_number(field, value, own),
        Values::Category { categories } => {
            table::put_category(position(value, categories.len()), own)
        }
    };
    match taken {
        true => Ok(()),
        false => Err(InputError::BadValue {
            name: field.name.clone(),
            found: Found::number(value),
            expected: match &field.values {
                Values::Number { .. } => table::values_of(field),
                Values::Category { categories } => positions(categories.len()),
            },
        }),
    }
}

fn read_column(column: &Column, value: f32) -> Result<f32, InputError> {
    let taken = match &column.values {
        _ if value.is_nan() => Some(MISSING),
        ColumnValues::Number(range) => {
            Some(value).filter(|value| value.is_finite() && range.has(*value))
        }
        // One more than there are: a category that training had not.
        ColumnValues::Category(categories) => match position(value, categories.len() + 1) {
            Some(position) if position == categories.len() => Some(UNSEEN),
            position => position.map(|position| position as f32),
        },
        ColumnValues::Date => None,
    };
    taken.ok_or_else(|| InputError::BadValue {
        name: column.name.clone(),
        found: Found::number(value),
        expected: match &column.values {
            ColumnValues::Category(categories) => positions(categories.len() + 1),
            _ => columns::values_of(column),
        },
    })
}

/// `number` as one of `count` positions from 0, if it is one.
fn position(number: f32, count: usize) -> Option<usize> {
    // A conversion that saturates; it gives back what was a whole number.
    let position = number as usize;
    (position < count && position as f32 == number).then_some(position)
}

/// What [`position`] takes, in words.
fn positions(count: usize) -> String {
    format!(
        "the position of a category, from 0 to {}",
        Count(count.saturating_sub(1))
    )
}

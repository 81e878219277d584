//! Checks of everything that a caller passes in.

use crate::design::{Design, Table};
use crate::error::LinearError;
use crate::loss::Loss;

/// The data as a [`Table`], if every value is valid.
pub fn table<'a>(
    design: Design<'a>,
    targets: &'a [f32],
    weights: Option<&'a [f32]>,
    loss: Loss,
) -> Result<Table<'a>, LinearError> {
    let (rows, columns) = (targets.len(), design.columns);
    if let Loss::Classes(found @ ..2) = loss {
        return Err(LinearError::Classes { found });
    }
    if rows.checked_mul(columns) != Some(design.values.len()) {
        return Err(LinearError::DesignSize {
            values: design.values.len(),
            rows,
            columns,
        });
    }
    if let Some(place) = design.values.iter().position(|value| !value.is_finite()) {
        return Err(LinearError::Feature {
            row: place / columns,
            column: place % columns,
            value: design.values[place],
        });
    }
    if let Some(row) = targets.iter().position(|target| !is_target(*target, loss)) {
        let expected = match loss {
            Loss::Squared => "a finite number".to_owned(),
            Loss::Classes(classes) => format!("a class number from 0 to {}", classes - 1),
        };
        return Err(LinearError::Target {
            row,
            value: targets[row],
            expected,
        });
    }
    if let Some(weights) = weights {
        length("weights", weights.len(), rows)?;
        let bad = |weight: &f32| !weight.is_finite() || *weight < 0.0;
        if let Some(row) = weights.iter().position(bad) {
            return Err(LinearError::Weight {
                row,
                value: weights[row],
            });
        }
    }
    Ok(Table {
        design,
        targets,
        weights,
        loss,
    })
}

fn is_target(target: f32, loss: Loss) -> bool {
    match loss {
        Loss::Squared => target.is_finite(),
        Loss::Classes(classes) => {
            target >= 0.0 && target.fract() == 0.0 && (target as usize) < classes
        }
    }
}

/// That a list has an entry for each row.
pub fn length(what: &'static str, found: usize, expected: usize) -> Result<(), LinearError> {
    if found == expected {
        Ok(())
    } else {
        Err(LinearError::Length {
            what,
            found,
            expected,
        })
    }
}

/// That `rows` are rows of `table` with a weight above 0; `place` says which rows they are.
pub fn rows(table: &Table, rows: &[u32], place: &str) -> Result<(), LinearError> {
    let count = table.targets.len();
    if let Some(row) = rows.iter().find(|row| **row as usize >= count) {
        return Err(LinearError::Row {
            row: *row,
            rows: count,
        });
    }
    if rows.iter().any(|row| table.weight(*row) > 0.0) {
        Ok(())
    } else {
        Err(LinearError::NoWeight {
            place: place.to_owned(),
        })
    }
}

/// That a penalty makes the solution unique.
pub fn penalty(value: f64) -> Result<(), LinearError> {
    if value.is_finite() && value > 0.0 {
        Ok(())
    } else {
        Err(LinearError::Penalty { value })
    }
}

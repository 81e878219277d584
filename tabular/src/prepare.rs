//! From a file to a table that is learnt from.

use std::collections::HashMap;

use datasets::frame::{Cells, Frame, Kind, Schema};
use kernels::forest::MOST_COLUMNS;
use model::Excerpt;

use crate::columns::Input;
use crate::error::TabularError;
use crate::options::Columns as Wishes;
use crate::table::{Table, listed};
use crate::target::{Target, Wanted};

/// What was made of a file.
#[derive(Debug)]
pub struct Prepared {
    /// The rows that have a target.
    pub table: Table,
    /// For each of these the number of its row in the file, from 0.
    pub rows: Vec<u32>,
    /// What was decided, in sentences.
    pub notes: Vec<String>,
    /// The same as a file that people can edit.
    pub schema: Schema,
}

/// Takes the columns of `frame` as `wishes` say.
///
/// # Errors
///
/// If there is no target, or nothing to learn from, or a column that is wished for is not there.
pub fn prepare(
    frame: Frame,
    wishes: &Wishes,
    schema: Option<&Schema>,
) -> Result<Prepared, TabularError> {
    let Some(target_name) = target_name(wishes, schema) else {
        return Err(TabularError::NoTarget(listed(&names(&frame))));
    };
    let place = find(&frame, target_name, "--target")?;
    let mut notes = frame.notes.clone();
    let left_out = left_out(&frame, wishes, Some(place), &mut notes)?;
    let mut written = schema
        .cloned()
        .unwrap_or_else(|| Schema::of(&frame, Some(place)));
    let target = match frame.columns.get(place) {
        Some(column) => Target::new(&column.name, &column.cells, wanted(&column.name, wishes))?,
        None => return Err(TabularError::NoTarget(listed(&names(&frame)))),
    };
    let known = (0..).zip(&target.values).filter(|(_, y)| !y.is_nan());
    let rows: Vec<u32> = known.map(|(row, _)| row).collect();
    let lacking = frame.rows - rows.len();
    if lacking > 0 {
        let name = Excerpt::new(&target.name);
        notes.push(format!("{lacking} rows have no `{name}` and are left out"));
    }
    let weights = wishes.weights.as_deref();
    let weights = weights
        .map(|name| weights_in(&frame, name, &rows))
        .transpose()?;
    let groups = wishes.group.as_deref();
    let groups = groups.map(|name| groups_in(&frame, name)).transpose()?;
    let inputs = inputs(frame, &mut written, (place, &left_out), &mut notes);
    if inputs.is_empty() {
        let problem = "no column is left to learn from: every column is left out; --keep NAME takes one in any case";
        return Err(TabularError::Inputs(problem.into()));
    }
    let numbers: usize = inputs.iter().map(|input| input.features.len()).sum();
    if numbers > MOST_COLUMNS {
        let problem = format!(
            "{numbers} columns to learn from; expected at most {MOST_COLUMNS}: --drop leaves columns out"
        );
        return Err(TabularError::Inputs(problem));
    }
    let whole = Table {
        inputs,
        target,
        weights: None,
        groups,
    };
    let mut table = whole.select(&rows);
    table.weights = weights;
    if wishes.balanced {
        let weights = table.balanced();
        let is_number = || TabularError::BadTarget {
            name: Excerpt::new(&table.target.name),
            problem: "is a number, and --balanced is for classes".into(),
        };
        table.weights = Some(weights.ok_or_else(is_number)?);
    }
    Ok(Prepared {
        table,
        rows,
        notes,
        schema: written,
    })
}

fn names(frame: &Frame) -> Vec<&str> {
    let columns = frame.columns.iter();
    columns.map(|column| column.name.as_str()).collect()
}

/// The position of the column `name`, which `option` names.
fn find(frame: &Frame, name: &str, option: &'static str) -> Result<usize, TabularError> {
    frame.position(name).ok_or_else(|| TabularError::NoColumn {
        name: Excerpt::new(name),
        option,
        columns: listed(&names(frame)),
    })
}

/// The columns that are not learnt from, by their positions: those that the user leaves out, and those of which nothing can be
/// learnt.
fn left_out(
    frame: &Frame,
    wishes: &Wishes,
    target: Option<usize>,
    notes: &mut Vec<String>,
) -> Result<Vec<usize>, TabularError> {
    let mut left_out = Vec::new();
    for name in &wishes.drop {
        left_out.push(find(frame, name, "--drop")?);
    }
    let others = [
        (&wishes.id, "--id"),
        (&wishes.group, "--group"),
        (&wishes.weights, "--weights"),
    ];
    for (name, option) in others {
        if let Some(name) = name {
            left_out.push(find(frame, name, option)?);
        }
    }
    if let Some(target) = target.filter(|target| left_out.contains(target)) {
        return Err(TabularError::BadTarget {
            name: Excerpt::new(names(frame).get(target).copied().unwrap_or_default()),
            problem:
                "is also named by --drop, --id, --group or --weights; expected another column there"
                    .into(),
        });
    }
    let mut kept = Vec::new();
    for name in &wishes.keep {
        kept.push(find(frame, name, "--keep")?);
    }
    for finding in frame.findings(target) {
        let position = frame.position(&finding.column);
        let Some(position) = position.filter(|at| !left_out.contains(at) && !kept.contains(at))
        else {
            continue;
        };
        if finding.leaves_out() && Some(position) != target {
            left_out.push(position);
            notes.push(format!("{finding}: it is left out; --keep takes it"));
        } else {
            notes.push(format!("{finding}; --drop leaves it out"));
        }
    }
    Ok(left_out)
}

/// What there is to say of the columns of `frame` as long as there is no target, in sentences.
///
/// # Errors
///
/// If a column that is wished for is not there.
pub fn notes(frame: &Frame, wishes: &Wishes) -> Result<Vec<String>, TabularError> {
    let mut notes = frame.notes.clone();
    let left_out = left_out(frame, wishes, None, &mut notes)?;
    let columns = frame.columns.iter().enumerate();
    let texts = columns.filter(|(position, column)| {
        matches!(column.cells, Cells::Texts { .. }) && !left_out.contains(position)
    });
    notes.extend(texts.map(|(_, column)| free_text(&column.name)));
    Ok(notes)
}

fn free_text(name: &str) -> String {
    format!("`{}` is free text and is left out", Excerpt::new(name))
}

/// The column that is to be predicted, if it is named.
#[must_use]
pub fn target_name<'a>(wishes: &'a Wishes, schema: Option<&'a Schema>) -> Option<&'a str> {
    let named = schema.and_then(Schema::target);
    wishes.target.as_deref().or(named)
}

/// The columns that are neither the target nor left out.
fn inputs(
    frame: Frame,
    schema: &mut Schema,
    (target, left_out): (usize, &[usize]),
    notes: &mut Vec<String>,
) -> Vec<Input> {
    let mut inputs = Vec::new();
    for (position, column) in frame.columns.into_iter().enumerate() {
        if position == target {
            continue;
        }
        let own = schema
            .columns
            .iter_mut()
            .find(|own| own.name == column.name);
        let Some(own) = own else {
            continue;
        };
        let mut input = None;
        if !left_out.contains(&position) {
            input = Input::new(own.clone(), column.cells);
            if input.is_none() {
                notes.push(free_text(&column.name));
            }
        }
        match input {
            Some(input) => inputs.push(input),
            None => own.kind = Kind::Ignored,
        }
    }
    inputs
}

fn wanted(name: &str, wishes: &Wishes) -> Wanted {
    let has = |names: &[String]| names.iter().any(|other| other == name);
    if has(&wishes.numeric) {
        Wanted::Number
    } else if has(&wishes.categorical) {
        Wanted::Classes
    } else {
        Wanted::Automatic
    }
}

/// The weights in the column `name`.
fn weights_in(frame: &Frame, name: &str, rows: &[u32]) -> Result<Vec<f32>, TabularError> {
    let bad = |problem: &str| TabularError::BadColumn {
        name: Excerpt::new(name),
        option: "--weights",
        problem: problem.into(),
    };
    let cells = frame
        .position(name)
        .and_then(|column| frame.columns.get(column));
    let Some(Cells::Numbers(numbers)) = cells.map(|column| &column.cells) else {
        return Err(bad("is not of numbers"));
    };
    let weights: Vec<f32> = rows
        .iter()
        .filter_map(|row| numbers.get(*row as usize))
        .copied()
        .collect();
    match weights.iter().all(|weight| *weight >= 0.0) && weights.iter().any(|weight| *weight > 0.0)
    {
        true => Ok(weights),
        false => Err(bad(
            "has values that are missing or below 0, or only zeros; expected weights from 0",
        )),
    }
}

/// The group of each row in the column `name`; a missing value is a group of its own.
fn groups_in(frame: &Frame, name: &str) -> Result<Vec<usize>, TabularError> {
    let column = frame
        .position(name)
        .and_then(|column| frame.columns.get(column));
    let keys: Vec<u64> = match column.map(|column| &column.cells) {
        Some(Cells::Numbers(numbers)) => numbers
            .iter()
            .map(|number| u64::from(number.to_bits()))
            .collect(),
        Some(Cells::Categories { codes, .. }) => {
            codes.iter().map(|code| u64::from(*code)).collect()
        }
        Some(Cells::Dates(dates)) => {
            let key = |date: &Option<[f32; 5]>| {
                date.map_or(u64::MAX, |date| {
                    u64::from(date[0].to_bits()) << 32 | u64::from(date[4].to_bits())
                })
            };
            dates.iter().map(key).collect()
        }
        _ => {
            return Err(TabularError::BadColumn {
                name: Excerpt::new(name),
                option: "--group",
                problem:
                    "has too many different words; give it as whole numbers, or with --categorical"
                        .into(),
            });
        }
    };
    let mut first = HashMap::new();
    Ok(keys
        .iter()
        .enumerate()
        .map(|(row, key)| *first.entry(*key).or_insert(row))
        .collect())
}

//! A table that is learnt from.

use datasets::frame::{Cells, Frame, Schema};
use model::{Column, Excerpt, Input as ModelInput};

use crate::columns::{Feature, Input, quoted};
use crate::error::TabularError;
use crate::target::{Kind, Target};

/// Names that a message lists, at most.
const LISTED: usize = 20;

/// Columns, and a target for each row.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// What is learnt from.
    pub inputs: Vec<Input>,
    /// What is learnt.
    pub target: Target,
    /// The weight of each row; 1 without.
    pub weights: Option<Vec<f32>>,
    /// For each row the number of its group: rows of a group stay on one side of every split.
    pub groups: Option<Vec<usize>>,
}

impl Table {
    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.target.values.len()
    }

    /// These rows alone, with the categories that they have. The classes stay.
    #[must_use]
    pub fn select(&self, rows: &[u32]) -> Self {
        Self {
            inputs: self.inputs.iter().map(|input| input.select(rows)).collect(),
            target: Target {
                values: pick(&self.target.values, rows),
                ..self.target.clone()
            },
            weights: self.weights.as_ref().map(|weights| pick(weights, rows)),
            groups: self.groups.as_ref().map(|groups| pick(groups, rows)),
        }
    }

    /// These rows alone; columns keep all their categories.
    #[must_use]
    pub fn subset(&self, rows: &[u32]) -> Self {
        let mut subset = self.select(rows);
        for (own, all) in subset.inputs.iter_mut().zip(&self.inputs) {
            for (feature, all) in own.features.iter_mut().zip(&all.features) {
                if let (Feature::Category(codes), Feature::Category(all)) = (feature, all) {
                    *codes = pick(all, rows);
                }
            }
            own.categories.clone_from(&all.categories);
        }
        subset
    }

    /// The columns as they are to be read from another file.
    #[must_use]
    pub fn schema(&self) -> Schema {
        use datasets::frame::{ColumnSchema, Kind as ColumnKind};
        let column = |input: &Input| {
            let kind = match (input.features.first(), input.features.len()) {
                (Some(Feature::Category(_)), _) => ColumnKind::Category,
                (_, 1) => ColumnKind::Number,
                _ => ColumnKind::Date,
            };
            ColumnSchema {
                kind,
                // Other words are no mistake there, and other numbers are told by the model.
                categories: Vec::new(),
                minimum: None,
                maximum: None,
                ..input.schema.clone()
            }
        };
        Schema {
            columns: self.inputs.iter().map(column).collect(),
        }
    }

    /// The rows of `frame`, another file with the same columns, that have a target; and their numbers in it.
    ///
    /// # Errors
    ///
    /// If a column is not there, or no row has a target that is known.
    pub fn like(&self, mut frame: Frame) -> Result<(Self, Vec<u32>), TabularError> {
        let values = self.target.of(&take(&mut frame, &self.target.name)?);
        let table = Self {
            inputs: self.inputs_like(frame)?,
            target: Target {
                values,
                ..self.target.clone()
            },
            weights: None,
            groups: None,
        };
        let known = (0..).zip(&table.target.values).filter(|(_, y)| !y.is_nan());
        let rows: Vec<u32> = known.map(|(row, _)| row).collect();
        match rows.is_empty() {
            true => Err(TabularError::FewRows { rows: 0, least: 1 }),
            false => Ok((table.subset(&rows), rows)),
        }
    }

    /// The same columns in `frame`, another file.
    ///
    /// # Errors
    ///
    /// If a column is not there.
    pub fn inputs_like(&self, mut frame: Frame) -> Result<Vec<Input>, TabularError> {
        let mut inputs = Vec::new();
        for input in &self.inputs {
            let cells = take(&mut frame, &input.schema.name)?;
            let other = Input::new(input.schema.clone(), cells);
            inputs.push(other.ok_or_else(|| TabularError::BadColumn {
                name: Excerpt::new(&input.schema.name),
                option: "the model",
                problem: "is free text in this file".into(),
            })?);
        }
        Ok(inputs)
    }

    /// All numbers that the network takes, in its order.
    pub fn features(&self) -> impl Iterator<Item = &Feature> {
        self.inputs.iter().flat_map(|input| &input.features)
    }

    /// Writes what the network takes for `row`.
    pub fn row(&self, row: u32, numbers: &mut [f32]) {
        for (feature, place) in self.features().zip(numbers) {
            *place = feature.number(row);
        }
    }

    /// The row as a module's users write it. Column number `swapped.0` has the value of the row `swapped.1`, if that is given.
    #[must_use]
    pub fn json(&self, row: u32, swapped: Option<(usize, u32)>) -> String {
        let mut text = String::from("{");
        for (place, input) in self.inputs.iter().enumerate() {
            let row = match swapped {
                Some((column, other)) if column == place => other,
                _ => row,
            };
            let Some(value) = input.json(row) else {
                continue;
            };
            if text.len() > 1 {
                text.push_str(", ");
            }
            text.push_str(&quoted(&input.schema.name));
            text.push_str(": ");
            text.push_str(&value);
        }
        text.push('}');
        text
    }

    /// What the model takes.
    #[must_use]
    pub fn describe(&self) -> ModelInput {
        let columns: Vec<Column> = self.inputs.iter().map(Input::describe).collect();
        ModelInput::Columns(columns)
    }

    /// The weight of each row where classes weigh the same in all.
    #[must_use]
    pub fn balanced(&self) -> Option<Vec<f32>> {
        let Kind::Classes(classes) = &self.target.kind else {
            return None;
        };
        let mut counts = vec![0.0_f32; classes.len()];
        for class in &self.target.values {
            counts[*class as usize] += 1.0;
        }
        let share = self.rows() as f32 / classes.len() as f32;
        let weights = self
            .target
            .values
            .iter()
            .map(|class| share / counts[*class as usize]);
        Some(weights.collect())
    }
}

fn pick<T: Copy>(values: &[T], rows: &[u32]) -> Vec<T> {
    rows.iter()
        .filter_map(|row| values.get(*row as usize))
        .copied()
        .collect()
}

/// Takes the cells of the column `name` out of `frame`.
fn take(frame: &mut Frame, name: &str) -> Result<Cells, TabularError> {
    if let Some(position) = frame.position(name) {
        return Ok(frame.columns.remove(position).cells);
    }
    let columns = frame.columns.iter();
    let names: Vec<&str> = columns.map(|column| column.name.as_str()).collect();
    Err(TabularError::NoColumn {
        name: Excerpt::new(name),
        option: "the model",
        columns: listed(&names),
    })
}

/// Names in backticks, of many the first.
#[must_use]
pub fn listed(names: &[&str]) -> String {
    let mut text = String::new();
    for (place, name) in names.iter().take(LISTED).enumerate() {
        let comma = if place > 0 { ", " } else { "" };
        text.push_str(&format!("{comma}`{}`", Excerpt::new(name)));
    }
    if names.len() > LISTED {
        text.push_str(&format!(" and {} more", names.len() - LISTED));
    }
    text
}

//! What a user says of the columns, in a file that a person can edit.

mod file;
#[cfg(test)]
mod tests;

use model::Excerpt;

use super::{Cells, Frame};

/// Most categories of a column that a schema made from a frame lists. Longer lists are hard to read.
const MOST_LISTED: usize = 50;

/// What is known of the columns of a table. Columns that it does not name are as they are found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Schema {
    /// The columns, with unique names; at most one is the target.
    pub columns: Vec<ColumnSchema>,
}

/// What is known of a column.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnSchema {
    /// Its name in the table.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Unit of measurement; empty if there is none.
    pub unit: String,
    /// What it says, in a few words; may be empty.
    pub description: String,
    /// Smallest possible value, inclusive; numbers only.
    pub minimum: Option<f32>,
    /// Largest possible value, inclusive; numbers only.
    pub maximum: Option<f32>,
    /// All possible words; none if any word is possible.
    pub categories: Vec<String>,
}

/// What a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Numbers.
    Number,
    /// Words of a few kinds.
    Category,
    /// Dates of ISO 8601.
    Date,
    /// Left out.
    Ignored,
    /// What is to be predicted, numbers or categories.
    Target,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 5] = [
        Self::Number,
        Self::Category,
        Self::Date,
        Self::Ignored,
        Self::Target,
    ];

    /// The word for it in a schema file.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Category => "category",
            Self::Date => "date",
            Self::Ignored => "ignored",
            Self::Target => "target",
        }
    }
}

impl Schema {
    /// The name of the column to be predicted, if there is one.
    #[must_use]
    pub fn target(&self) -> Option<&str> {
        let mut columns = self.columns.iter();
        let target = columns.find(|column| column.kind == Kind::Target)?;
        Some(&target.name)
    }

    /// The schema of `frame`, for a person to complete. Columns of texts, and those that findings leave out, are
    /// ignored. `target` is the column to be predicted, if it is known.
    #[must_use]
    pub fn of(frame: &Frame, target: Option<usize>) -> Self {
        let findings = frame.findings(target);
        let is_left_out = |name: &str| findings.iter().any(|f| f.leaves_out() && f.column == name);
        let columns = frame.columns.iter().enumerate().map(|(position, column)| {
            let kind = match &column.cells {
                _ if target == Some(position) => Kind::Target,
                _ if is_left_out(&column.name) => Kind::Ignored,
                Cells::Numbers(_) => Kind::Number,
                Cells::Categories { .. } => Kind::Category,
                Cells::Dates(_) => Kind::Date,
                Cells::Texts { .. } => Kind::Ignored,
            };
            let categories = match &column.cells {
                Cells::Categories { names, .. } if names.len() <= MOST_LISTED => names.clone(),
                _ => Vec::new(),
            };
            let has_categories = matches!(kind, Kind::Category | Kind::Target);
            ColumnSchema {
                name: column.name.clone(),
                kind,
                unit: String::new(),
                description: String::new(),
                minimum: None,
                maximum: None,
                categories: if has_categories {
                    categories
                } else {
                    Vec::new()
                },
            }
        });
        Self {
            columns: columns.collect(),
        }
    }
}

impl ColumnSchema {
    /// The type of the cells, if it says so. A target is what its categories or its limits make it.
    pub(super) fn cells(&self) -> Option<Kind> {
        match self.kind {
            Kind::Target if !self.categories.is_empty() => Some(Kind::Category),
            Kind::Target if self.minimum.or(self.maximum).is_some() => Some(Kind::Number),
            Kind::Target => None,
            kind => Some(kind),
        }
    }

    /// Says what is wrong with `number`, if it is outside the limits.
    pub(super) fn check_number(&self, number: f32) -> Result<(), String> {
        let name = Excerpt::new(&self.name);
        match (self.minimum, self.maximum) {
            (Some(minimum), _) if number < minimum => Err(format!(
                "`{name}` is `{number}`; expected at least {minimum}, as the schema says"
            )),
            (_, Some(maximum)) if number > maximum => Err(format!(
                "`{name}` is `{number}`; expected at most {maximum}, as the schema says"
            )),
            _ => Ok(()),
        }
    }

    /// What is wrong with `word`, which is none of the categories of the column `name`.
    pub(super) fn unknown(name: &str, word: &str) -> String {
        let (name, word) = (Excerpt::new(name), Excerpt::new(word));
        format!(
            "`{name}` is `{word}`, none of its categories in the schema; add it there, or correct the cell"
        )
    }
}

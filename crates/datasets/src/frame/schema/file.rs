//! The file `schema.toml`: read and written.

use std::fs;
use std::io::Read;
use std::path::Path;

use model::Excerpt;
use serde::Deserialize;
use toml::Spanned;

use crate::DataError;
use crate::frame::open::File;
use crate::frame::tally::Map;

use super::{ColumnSchema, Kind, Schema};

/// Most bytes of a schema file.
const MOST_BYTES: u64 = 16 << 20;

/// What a schema file says at its beginning.
const HEAD: &str = "\
# The columns of a table. Edit it, and give it with the table.
#
# type         number, category, date, ignored (left out) or target (what is to be predicted)
# unit         unit of measurement, such as \"kg\"; may be empty
# description  what the column says, in a few words; may be empty
# minimum      smallest possible number; leave it out if there is none
# maximum      largest possible number; leave it out if there is none
# categories   all possible words; leave it out if any word is possible
#
# Columns that are not here are as they are found in the table.
";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    column: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: Spanned<String>,
    #[serde(rename = "type")]
    kind: Spanned<String>,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    description: String,
    minimum: Option<Spanned<f32>>,
    maximum: Option<Spanned<f32>>,
    categories: Option<Spanned<Vec<String>>>,
}

/// What is wrong with a schema, and at which byte if it is one.
type Problem = (Option<usize>, String);

impl Schema {
    /// Reads the file `path`.
    ///
    /// # Errors
    ///
    /// If it cannot be read, is no TOML, has other keys than it should, names a column twice or two targets, or has
    /// limits that do not fit the type.
    pub fn read(path: &Path) -> Result<Self, DataError> {
        let unreadable = |source| DataError::ReadData {
            path: path.into(),
            source,
        };
        let file = fs::File::open(path).map_err(unreadable)?;
        let mut bytes = Vec::new();
        let read = file.take(MOST_BYTES + 1).read_to_end(&mut bytes);
        read.map_err(unreadable)?;
        if bytes.len() as u64 > MOST_BYTES {
            let problem = format!("has more than {} MiB; expected a schema", MOST_BYTES >> 20);
            return Err(File { path }.bad(None, problem));
        }
        Self::parse(path, File { path }.text(&bytes)?)
    }

    /// Reads `text`, the contents of the file `path`.
    ///
    /// # Errors
    ///
    /// Those of [`read`](Self::read).
    pub fn parse(path: &Path, text: &str) -> Result<Self, DataError> {
        let bad = |(byte, problem): Problem| {
            let before = byte.and_then(|byte| text.get(..byte));
            let line = before.map(|before| before.split('\n').count() as u32);
            File { path }.bad(line, problem)
        };
        let document: Document = toml::from_str(text).map_err(|error| {
            let message: Vec<_> = error.message().lines().collect();
            bad((error.span().map(|span| span.start), message.join(": ")))
        })?;
        let mut schema = Self::default();
        let (mut lines, mut target) = (Map::default(), None);
        for entry in document.column {
            let start = entry.name.span().start;
            let column = column(entry).map_err(bad)?;
            let name = Excerpt::new(&column.name);
            if lines.insert(column.name.clone(), start).is_some() {
                let problem = format!("the column `{name}` is there twice; remove one");
                return Err(bad((Some(start), problem)));
            }
            if column.kind == Kind::Target
                && let Some(first) = target.replace(column.name.clone())
            {
                let first = Excerpt::new(&first);
                let problem = format!("`{first}` and `{name}` are both the target; expected one");
                return Err(bad((Some(start), problem)));
            }
            schema.columns.push(column);
        }
        Ok(schema)
    }

    /// The schema as a file: [`parse`](Self::parse) gives the same.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut text = HEAD.to_owned();
        for column in &self.columns {
            text += "\n[[column]]\n";
            text += &format!("name = {}\n", quoted(&column.name));
            text += &format!("type = \"{}\"\n", column.kind.word());
            text += &format!("unit = {}\n", quoted(&column.unit));
            text += &format!("description = {}\n", quoted(&column.description));
            for (key, limit) in [("minimum", column.minimum), ("maximum", column.maximum)] {
                if let Some(limit) = limit {
                    // With a point or an exponent: a whole number of TOML has at most 64 bits.
                    text += &format!("{key} = {limit:?}\n");
                }
            }
            if !column.categories.is_empty() {
                let words: Vec<_> = column.categories.iter().map(|w| quoted(w)).collect();
                text += &format!("categories = [{}]\n", words.join(", "));
            }
        }
        text
    }
}

fn column(entry: Entry) -> Result<ColumnSchema, Problem> {
    let name = entry.name.get_ref().trim().to_owned();
    if name.is_empty() {
        let problem = "`name` is empty; expected the name of a column";
        return Err((Some(entry.name.span().start), problem.into()));
    }
    let word = entry.kind.get_ref();
    let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.word() == word) else {
        let words = Kind::ALL
            .map(|kind| format!("`{}`", kind.word()))
            .join(", ");
        let problem = format!("the type `{}`; expected one of {words}", Excerpt::new(word));
        return Err((Some(entry.kind.span().start), problem));
    };
    let shown = Excerpt::new(&name);
    let may_be_number = matches!(kind, Kind::Number | Kind::Target);
    let has_categories = entry.categories.is_some();
    for (key, limit) in [("minimum", &entry.minimum), ("maximum", &entry.maximum)] {
        let Some(limit) = limit else { continue };
        let start = Some(limit.span().start);
        if !limit.get_ref().is_finite() {
            return Err((
                start,
                format!("`{key}` of `{shown}` is not finite; leave it out"),
            ));
        }
        if !may_be_number || has_categories {
            let problem = format!("`{shown}` has a {key}, but is no number; remove one of both");
            return Err((start, problem));
        }
    }
    if let (Some(minimum), Some(maximum)) = (&entry.minimum, &entry.maximum)
        && minimum.get_ref() > maximum.get_ref()
    {
        let problem = format!("the minimum of `{shown}` is above its maximum");
        return Err((Some(minimum.span().start), problem));
    }
    if let Some(categories) = &entry.categories {
        let start = Some(categories.span().start);
        if !matches!(kind, Kind::Category | Kind::Target) {
            let problem = format!("`{shown}` has categories, but the type `{}`", kind.word());
            return Err((start, problem));
        }
    }
    let categories = entry.categories.map(Spanned::into_inner);
    Ok(ColumnSchema {
        name,
        kind,
        unit: entry.unit,
        description: entry.description,
        minimum: entry.minimum.map(Spanned::into_inner),
        maximum: entry.maximum.map(Spanned::into_inner),
        categories: categories.unwrap_or_default(),
    })
}

/// `text` as a string of TOML (version 1.0, "String").
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            _ if character.is_control() => {
                quoted.push_str(&format!("\\u{:04X}", u32::from(character)));
            }
            _ => quoted.push(character),
        }
    }
    quoted + "\""
}

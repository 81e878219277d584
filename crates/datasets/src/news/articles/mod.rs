//! Reads a file of AG News: a row for each article, as published with the number of its class, its title and its
//! description, all in quotes, which are doubled inside. A backslash is a character like any other;
//! it stands where the publisher had a line end.
//!
//! Copies circulate in other forms: with a header and the columns in another order, with class names or numbers from
//! 0, with title and description in one column, separated by tabs, as JSON lines, and in fastText's form.

use std::path::Path;

use csv::StringRecord;
use model::{Excerpt, json};

use crate::DataError;
use crate::text::decode;
use crate::text_table::{line_of_row, plain};

/// The classes, in the order of their numbers in the files, which count from 1.
pub const CLASSES: [&str; 4] = ["World", "Sports", "Business", "Sci/Tech"];

/// The most that an article may have, in bytes: what a module takes in a line. A row that is longer
/// mostly lacks a quote, and goes on to the next one.
const LONGEST: usize = 64 * 1024;

/// What copies with a header call the columns, in the [`plain`] form.
const CLASS: [&str; 5] = ["class", "classindex", "classid", "label", "category"];
const TITLE: [&str; 2] = ["title", "headline"];
const TEXT: [&str; 3] = ["description", "text", "content"];

/// What fastText writes before a class.
const FASTTEXT: &str = "__label__";

/// A news article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Index into [`CLASSES`], from 0.
    pub class: usize,
    /// May be empty, but not together with the description.
    pub title: String,
    /// The first sentence or two.
    pub description: String,
}

/// A row of a file: its line, and class, title and description as they are written.
type Row = (Option<u64>, [String; 3]);

/// Reads `bytes`, the contents of the file `path`.
///
/// # Errors
///
/// If there is no article in it, or a row that is none; names the line.
pub fn read(path: &Path, bytes: &[u8]) -> Result<Vec<Article>, DataError> {
    let bad = |line, problem| DataError::BadData {
        path: path.into(),
        line,
        problem,
    };
    let text = decode(bytes).map_err(|(line, problem)| bad(line, problem))?;
    let start = text.trim_start();
    let rows = match start {
        _ if start.starts_with('{') => json_lines(text),
        _ if start.starts_with(FASTTEXT) => fasttext(text),
        _ => table(text),
    };
    let rows = rows.map_err(|(line, problem)| bad(line, problem))?;
    if rows.is_empty() {
        let problem = "no articles; expected rows of a class, a title and a description";
        return Err(bad(None, problem.to_string()));
    }
    let from_zero = rows.iter().any(|(_, [class, ..])| class.trim() == "0");
    let article = |(line, row): Row| article(row, from_zero).map_err(|problem| bad(line, problem));
    rows.into_iter().map(article).collect()
}

/// The rows of a file of JSON lines, or the line and what is wrong.
fn json_lines(text: &str) -> Result<Vec<Row>, (Option<u64>, String)> {
    let mut rows = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        if text.trim().is_empty() {
            continue;
        }
        let at = |problem: String| (Some(line), problem);
        let value = json::value(text).map_err(|error| at(format!("not JSON: {error}")))?;
        if !value.starts_with('{') {
            return Err(at("not a JSON object".into()));
        }
        let mut row: [String; 3] = Default::default();
        for (name, value) in json::members(value) {
            let names = [&CLASS[..], &TITLE, &TEXT];
            let place = names
                .iter()
                .position(|names| names.contains(&plain(name).as_str()));
            if let Some(place) = place.and_then(|place| row.get_mut(place)) {
                let text = json::string(value).map(std::borrow::Cow::into_owned);
                *place = text.unwrap_or_else(|| value.to_owned());
            }
        }
        rows.push((Some(line), row));
    }
    Ok(rows)
}

/// The rows of a file in fastText's form, `__label__1 , title , description`.
fn fasttext(text: &str) -> Result<Vec<Row>, (Option<u64>, String)> {
    let rows = (1..).zip(text.lines());
    rows.filter(|(_, text)| !text.trim().is_empty())
        .map(|(line, text)| {
            let rest = text.trim_start().strip_prefix(FASTTEXT);
            let problem = || {
                (
                    Some(line),
                    format!("expected a line that begins with {FASTTEXT}"),
                )
            };
            let (class, text) = rest
                .and_then(|rest| rest.split_once(' '))
                .ok_or_else(problem)?;
            let text = text.trim_start_matches([',', ' ']);
            let row = [class.trim_end_matches(','), "", text].map(str::to_owned);
            Ok((Some(line), row))
        })
        .collect()
}

/// Where the parts of an article stand in a row.
struct Layout {
    columns: usize,
    class: usize,
    title: Option<usize>,
    text: usize,
}

impl Layout {
    /// What the names in `row` say; nothing if it is no header.
    fn of_header(row: &StringRecord) -> Option<Self> {
        let names: Vec<_> = row.iter().map(plain).collect();
        let find = |known: &[&str]| names.iter().position(|name| known.contains(&name.as_str()));
        Some(Self {
            columns: row.len(),
            class: find(&CLASS)?,
            title: find(&TITLE),
            text: find(&TEXT)?,
        })
    }

    /// That of rows without a header: a class, mostly a title, and a text.
    const fn published(columns: usize) -> Self {
        match columns {
            2 => Self {
                columns: 2,
                class: 0,
                title: None,
                text: 1,
            },
            _ => Self {
                columns: 3,
                class: 0,
                title: Some(1),
                text: 2,
            },
        }
    }
}

/// The rows of a table.
fn table(text: &str) -> Result<Vec<Row>, (Option<u64>, String)> {
    let reader = |separator| {
        csv::ReaderBuilder::new()
            .delimiter(separator)
            .quote(b'"')
            .double_quote(true)
            .escape(None)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes())
    };
    // The first separator that makes articles of the first row.
    let makes_articles = |separator: &u8| {
        let first = reader(*separator).into_records().next();
        first.and_then(Result::ok).is_some_and(|row| {
            let class = row.get(0).unwrap_or_default();
            Layout::of_header(&row).is_some()
                || row.len() > 1
                    && [true, false]
                        .into_iter()
                        .any(|zero| self::class(class, zero).is_some())
        })
    };
    let separator = [b',', b'\t', b';']
        .into_iter()
        .find(makes_articles)
        .unwrap_or(b',');
    let mut layout = None;
    let mut rows = Vec::new();
    for row in reader(separator).records() {
        let row = row.map_err(|error| (None, error.to_string()))?;
        let line = row.position().map(|at| line_of_row(text.as_bytes(), at));
        if layout.is_none() {
            layout = Layout::of_header(&row);
            if layout.is_some() {
                continue;
            }
        }
        let layout = layout.get_or_insert_with(|| Layout::published(row.len()));
        let length = row.as_slice().len();
        if length > LONGEST {
            return Err((
                line,
                format!("a row of {length} bytes; expected at most {LONGEST}; is a quote missing?"),
            ));
        }
        if row.len() != layout.columns {
            let (found, expected) = (row.len(), layout.columns);
            let hint = match row.iter().any(|cell| cell.contains('\\')) {
                true => "; a quote within quotes is written twice (\"\"), not with a backslash",
                false => "",
            };
            return Err((
                line,
                format!(
                    "{found} columns; expected {expected}: a class, a title and a description{hint}"
                ),
            ));
        }
        let cell = |column| row.get(column).unwrap_or_default().to_owned();
        let title = layout.title.map(cell).unwrap_or_default();
        rows.push((line, [cell(layout.class), title, cell(layout.text)]));
    }
    Ok(rows)
}

fn article([class, title, description]: [String; 3], from_zero: bool) -> Result<Article, String> {
    let class = self::class(&class, from_zero).ok_or_else(|| {
        let class = Excerpt::new(&class);
        format!("unknown class `{class}`; expected {}", expected_classes())
    })?;
    if title.trim().is_empty() && description.trim().is_empty() {
        return Err("no text; expected a title or a description".to_string());
    }
    Ok(Article {
        class,
        title,
        description,
    })
}

/// The index into [`CLASSES`] of the class with a name or a number.
fn class(text: &str, from_zero: bool) -> Option<usize> {
    let Ok(number) = text.trim().parse::<usize>() else {
        let name = plain(text);
        return CLASSES.iter().position(|class| plain(class) == name);
    };
    let class = if from_zero {
        Some(number)
    } else {
        number.checked_sub(1)
    };
    class.filter(|class| *class < CLASSES.len())
}

fn expected_classes() -> String {
    let classes: Vec<_> = (1..)
        .zip(CLASSES)
        .map(|(number, class)| format!("{number} {class}"))
        .collect();
    classes.join(", ")
}

#[cfg(test)]
mod tests;

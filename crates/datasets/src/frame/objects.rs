//! Tables of JSON: objects one a line, or in one array.

use std::borrow::Cow;

use model::Excerpt;
use model::json::{self, members, unescape};

use crate::DataError;

use super::names;
use super::open::File;
use super::rows::{Place, Row, Visit};
use super::tally::Map;

/// Objects of JSON.
pub struct Objects<'a> {
    /// The whole text.
    pub text: &'a str,
    /// Where the first object may begin: behind the bracket of an array.
    start: usize,
    /// The names of the columns.
    pub names: Vec<String>,
    columns: Map<String, usize>,
}

impl<'a> Objects<'a> {
    /// Whether `text` is JSON of objects or arrays, rather than text with separators.
    pub fn is_json(text: &str) -> bool {
        let text = text.trim_ascii_start();
        let inside = text.strip_prefix('[').map(str::trim_ascii_start);
        text.starts_with('{')
            || inside.is_some_and(|inside| inside.starts_with('{'))
            || inside.is_some() && json_end(text, 0).is_some()
    }

    /// Finds the names of the columns: all keys, in the order in which they appear first.
    ///
    /// # Errors
    ///
    /// If it is no JSON, there are no objects, or two keys are the same without spaces around them.
    pub fn find(file: File<'_>, text: &'a str, notes: &mut Vec<String>) -> Result<Self, DataError> {
        let space = text.len() - text.trim_ascii_start().len();
        let is_array = text.trim_ascii_start().starts_with('[');
        if is_array {
            json::value(text).map_err(|error| file.bad(None, format!("is not JSON: {error}")))?;
        }
        let mut objects = Self {
            text,
            start: space + usize::from(is_array),
            names: Vec::new(),
            columns: Map::default(),
        };
        let (mut values, mut keys, mut count) = (Values::new(&objects), Vec::new(), 0);
        while let Some((place, object)) = values.next(file)? {
            count += 1;
            for (key, _) in members(object) {
                let key = name(file, place, key)?;
                if !objects.columns.contains_key(key.as_ref()) {
                    objects.columns.insert(key.to_string(), keys.len());
                    keys.push(key.into_owned());
                    file.check_columns(keys.len())?;
                }
            }
            file.check_size(count, keys.len(), text)?;
        }
        if keys.is_empty() {
            return Err(file.bad(None, "has no rows; expected objects such as {\"a\": 1}"));
        }
        objects.names = names::complete(file, None, keys, notes)?;
        Ok(objects)
    }

    /// Hands all rows to `visit`.
    ///
    /// # Errors
    ///
    /// If a value is an object or an array, or a key is there twice, and those of `visit`.
    pub fn visit(&self, file: File<'_>, visit: &mut Visit<'_>) -> Result<(), DataError> {
        let mut row: Vec<Option<Cow<'_, str>>> = vec![None; self.names.len()];
        let mut values = Values::new(self);
        let mut cells = Vec::with_capacity(row.len());
        while let Some((place, object)) = values.next(file)? {
            for (key, value) in members(object) {
                let key = name(file, place, key)?;
                let column = self.columns.get(key.as_ref());
                let Some(cell) = column.and_then(|column| row.get_mut(*column)) else {
                    continue;
                };
                if cell.is_some() {
                    let problem = format!("the key `{}` is there twice", Excerpt::new(&key));
                    return Err(file.bad(Some(place.line), problem));
                }
                *cell = Some(self::cell(file, place, &key, value)?);
            }
            cells.extend(row.iter_mut().map(|cell| cell.take().unwrap_or_default()));
            visit(place, Row::Values(&cells))?;
            cells.clear();
        }
        Ok(())
    }
}

fn json_end(text: &str, start: usize) -> Option<usize> {
    ::json::syntax::end(text, start)
}

/// The key that is written as `escaped`.
fn name<'a>(file: File<'_>, place: Place, escaped: &'a str) -> Result<Cow<'a, str>, DataError> {
    unescape(escaped).ok_or_else(|| not_text(file, place, escaped))
}

fn not_text(file: File<'_>, place: Place, escaped: &str) -> DataError {
    let escaped = Excerpt::new(escaped);
    let problem = format!("`{escaped}` has half of a character; expected text");
    file.bad(Some(place.line), problem)
}

/// The text of a value that is no object and no array.
fn cell<'a>(
    file: File<'_>,
    place: Place,
    key: &str,
    value: &'a str,
) -> Result<Cow<'a, str>, DataError> {
    match value.as_bytes().first() {
        Some(b'"') => json::string(value).ok_or_else(|| not_text(file, place, value)),
        Some(b'n') => Ok(Cow::Borrowed("")),
        Some(first @ (b'{' | b'[')) => {
            let kind = if *first == b'{' {
                "an object"
            } else {
                "an array"
            };
            let key = Excerpt::new(key);
            let problem = format!(
                "`{key}` is {kind}; expected a number, a text, true, false or null, in one object for \
                 each row"
            );
            Err(file.bad(Some(place.line), problem))
        }
        _ => Ok(Cow::Borrowed(value)),
    }
}

/// Goes through the objects.
struct Values<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    is_array: bool,
}

impl<'a> Values<'a> {
    fn new(objects: &Objects<'a>) -> Self {
        let before = objects.text.get(..objects.start).unwrap_or_default();
        Self {
            text: objects.text,
            at: objects.start,
            line: 1 + feeds(before),
            is_array: before.ends_with('['),
        }
    }

    /// The next object, and where it begins.
    fn next(&mut self, file: File<'_>) -> Result<Option<(Place, &'a str)>, DataError> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let separators = if self.is_array { "," } else { "" };
        let is_between = |c: char| c.is_ascii_whitespace() || separators.contains(c);
        let object = rest.trim_start_matches(is_between);
        let start = self.text.len() - object.len();
        self.line = self
            .line
            .saturating_add(feeds(self.text.get(self.at..start).unwrap_or_default()));
        if object.is_empty() || self.is_array && object.starts_with(']') {
            return Ok(None);
        }
        let place = Place {
            line: self.line,
            byte: start,
        };
        if !object.starts_with('{') {
            let found = Excerpt::new(object.lines().next().unwrap_or_default());
            let problem =
                format!("`{found}`; expected an object such as {{\"a\": 1}} for each row");
            return Err(file.bad(Some(self.line), problem));
        }
        let Some(end) = json_end(self.text, start) else {
            return Err(self.broken(file, object));
        };
        let object = self.text.get(start..end).unwrap_or_default();
        self.line = self.line.saturating_add(feeds(object));
        self.at = end;
        Ok(Some((place, object)))
    }

    #[cold]
    fn broken(&self, file: File<'_>, object: &str) -> DataError {
        let Err(error) = ::json::syntax::check(object) else {
            return file.bad(Some(self.line), "is not JSON");
        };
        let line = self.line.saturating_add(error.line as u32 - 1);
        let problem = format!(
            "is not JSON: expected {} at column {}",
            error.expected, error.column
        );
        file.bad(Some(line), problem)
    }
}

fn feeds(text: &str) -> u32 {
    text.bytes().filter(|byte| *byte == b'\n').count() as u32
}

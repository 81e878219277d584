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
use crate::text_table::{NOT_UTF8, line_of_row, plain};

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
    let text = str::from_utf8(bytes).map_err(|error| {
        let line = line_at(bytes, error.valid_up_to());
        bad(Some(line), NOT_UTF8.to_string())
    })?;
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let rows = match start {
        _ if start.starts_with('<') => Err((None, "is a web page: the download has failed".into())),
        _ if start.starts_with('{') => json_lines(text),
        _ if start.starts_with(FASTTEXT) => fasttext(text),
        _ => table(bytes),
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
    for (line, text) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
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
    let rows = (1..).zip(text.trim_start_matches('\u{feff}').lines());
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
fn table(bytes: &[u8]) -> Result<Vec<Row>, (Option<u64>, String)> {
    let reader = |separator| {
        csv::ReaderBuilder::new()
            .delimiter(separator)
            .quote(b'"')
            .double_quote(true)
            .escape(None)
            .has_headers(false)
            .flexible(true)
            .from_reader(bytes)
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
        let line = row.position().map(|at| line_of_row(bytes, at));
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

/// The line, from 1, of the byte with index `index`.
fn line_at(bytes: &[u8], index: usize) -> u64 {
    let before = bytes.iter().take(index);
    1 + before.filter(|byte| **byte == b'\n').count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Vec<Article>, DataError> {
        read(Path::new("news.csv"), text.as_bytes())
    }

    fn refusal(text: &str) -> String {
        let error = parse(text).unwrap_err();
        error.to_string()
    }

    #[test]
    fn each_number_is_its_class() {
        let text = "\"1\",\"Talks on border resume\",\"GENEVA - Envoys of both countries met.\"\n\
                    \"2\",\"Late goal decides the derby\",\"The striker scored in extra time.\"\n\
                    \"3\",\"Oil falls as stocks rise\",\"NEW YORK - Crude lost a dollar.\"\n\
                    \"4\",\"Probe sends first pictures\",\"The craft reached its orbit.\"\n";
        let articles = parse(text).unwrap();
        let classes = articles.iter().map(|article| CLASSES[article.class]);
        assert!(classes.eq(["World", "Sports", "Business", "Sci/Tech"]));
        assert_eq!(articles[2].title, "Oil falls as stocks rise");
        assert_eq!(articles[3].description, "The craft reached its orbit.");
    }

    #[test]
    fn quotes_are_doubled_and_backslashes_are_characters() {
        let articles = parse("\"4\",\"C:\\\",\"a \\ b, \"\"c\"\" \\\"\"\"\n2,d,e\r\n").unwrap();
        let expected = [(3, "C:\\", "a \\ b, \"c\" \\\""), (1, "d", "e")];
        assert_eq!(articles.len(), expected.len());
        for (article, (class, title, description)) in articles.iter().zip(expected) {
            assert_eq!(article.class, class);
            assert_eq!(article.title, title);
            assert_eq!(article.description, description);
        }
    }

    #[test]
    fn headers_and_blank_lines_are_passed_over() {
        let rows = "\"1\",\"a\",\"b\"\n\"2\",\"\",\"c\nd\"\n";
        let expected = parse(rows).unwrap();
        for header in [
            "Class Index,Title,Description\n",
            "\"label\",\"title\",\"text\"\r\n\r\n",
            "\u{feff}class,title,description\n\n",
            "\n\n",
        ] {
            assert_eq!(parse(&(header.to_string() + rows)).unwrap(), expected);
        }
    }

    #[test]
    fn every_circulating_form_is_the_same_articles() {
        let rows = [
            (0, "Talks", "Envoys met."),
            (1, "Goal", "A, b."),
            (2, "Oil", "It fell."),
            (3, "Probe", "Orbit."),
        ];
        let written = |header: &str, row: &dyn Fn((usize, &str, &str)) -> String| {
            header.to_owned()
                + &rows
                    .map(|(class, title, text)| row((class, title, text)) + "\n")
                    .concat()
        };
        let expected = parse(&written("", &|(c, t, d)| {
            format!("{},\"{t}\",\"{d}\"", c + 1)
        }))
        .unwrap();
        for text in [
            written("Title,Description,Class Index\n", &|(c, t, d)| {
                format!("{t},\"{d}\",{}", c + 1)
            }),
            written(",Class Index,Title,Description\n", &|(c, t, d)| {
                format!("7,{},{t},\"{d}\"", c + 1)
            }),
            written("", &|(c, t, d)| format!("{c},{t},\"{d}\"")),
            written("label,title,text\n", &|(c, t, d)| {
                format!("{},{t},\"{d}\"", CLASSES[c])
            }),
            written("", &|(c, t, d)| format!("{}\t{t}\t{d}", c + 1)),
            written("", &|(c, t, d)| {
                format!("{{\"text\": \"{d}\", \"title\": \"{t}\", \"label\": {c}}}")
            }),
        ] {
            assert_eq!(parse(&text).unwrap(), expected, "{text}");
        }
        let of_one_text = |articles: Vec<Article>| {
            articles
                .into_iter()
                .map(|article| (article.class, article.title, article.description))
                .collect::<Vec<_>>()
        };
        let expected = rows.map(|(class, _, text)| (class, String::new(), text.to_owned()));
        for text in [
            written("label,text\n", &|(c, _, d)| format!("{c},\"{d}\"")),
            written("", &|(c, _, d)| format!("\"{}\",\"{d}\"", c + 1)),
            written("", &|(c, _, d)| format!("__label__{} , {d}", c + 1)),
        ] {
            assert_eq!(of_one_text(parse(&text).unwrap()), expected, "{text}");
        }
    }

    #[test]
    fn bad_rows_are_refused_with_the_line() {
        let classes = "expected 1 World, 2 Sports, 3 Business, 4 Sci/Tech";
        let good = "\"1\",\"a\",\"b\"\n";
        for (text, problem) in [
            (
                good.to_string() + "\"0\",\"a\",\"b\"\n4,a,b\n",
                format!("line 3: unknown class `4`; {classes}"),
            ),
            (
                good.to_string() + "\"5\",\"a\",\"b\"\n",
                format!("line 2: unknown class `5`; {classes}"),
            ),
            (
                good.replace('\n', "\r\n") + "\r\n\n1.0,a,b",
                format!("line 4: unknown class `1.0`; {classes}"),
            ),
            (
                "3,\"a\nb\",c\n".to_string() + "-1,\"a\nb\",c\n",
                format!("line 3: unknown class `-1`; {classes}"),
            ),
            (
                good.to_string() + "class,title,description\n",
                format!("line 2: unknown class `class`; {classes}"),
            ),
            (
                good.to_string() + "\"1\",\"a\"\n",
                "line 2: 2 columns; expected 3: a class, a title and a description".to_string(),
            ),
            (
                "1,2,3,4\n".to_string(),
                "line 1: 4 columns; expected 3: a class, a title and a description".to_string(),
            ),
            ("<!DOCTYPE html>\n".to_string(), String::new()),
            ("{\"label\": 1\n".to_string(), String::new()),
            (
                "__label__1 a\nb\n".to_string(),
                "line 2: expected a line that begins with __label__".to_string(),
            ),
            (
                good.to_string() + "\"1\",\" \",\"\"\n",
                "line 2: no text; expected a title or a description".to_string(),
            ),
            (
                good.to_string() + "\"1\",\"a,b\n" + &good.repeat(12_000).replace('"', ""),
                "line 2: a row of 72005 bytes; expected at most 65536; is a quote missing?"
                    .to_string(),
            ),
        ] {
            match problem.is_empty() {
                true => assert!(!refusal(&text).is_empty()),
                false => assert_eq!(refusal(&text), format!("`news.csv`, {problem}")),
            }
        }
    }

    #[test]
    fn files_without_articles_are_refused() {
        for text in ["", "\n\r\n", "class,title,description\n"] {
            assert_eq!(
                refusal(text),
                "`news.csv`: no articles; expected rows of a class, a title and a description"
            );
        }
    }

    #[test]
    fn other_encodings_are_refused() {
        let latin = b"\"1\",\"a\",\"b\"\n\n\"2\",\"caf\xe9\",\"b\"\n";
        let error = read(Path::new("news.csv"), latin).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`news.csv`, line 3: is not UTF-8; if it is of Windows, `iconv -f WINDOWS-1252 -t UTF-8` converts it"
        );
    }
}

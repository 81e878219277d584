//! Reads a file of AG News: a row for each article, with the number of its class, its title and its
//! description, all in quotes, which are doubled inside. A backslash is a character like any other;
//! it stands where the publisher had a line end.

use std::format;
use std::path::Path;
use std::string::{String, ToString};
use std::vec::Vec;

use crate::DataError;
use csv::StringRecord;
use model::Excerpt;

/// The classes, in the order of their numbers in the files, which count from 1.
pub const CLASSES: [&str; 4] = ["World", "Sports", "Business", "Sci/Tech"];

/// The most that an article may have, in bytes: what a module takes in a line. A row that is longer
/// mostly lacks a quote, and goes on to the next one.
const LONGEST: usize = 64 * 1024;

/// What copies with a header call the columns, in lower case and with underscores.
const HEADER: [&[&str]; 3] = [
    &["class", "class_index", "class_id", "label", "category"],
    &["title", "headline"],
    &["description", "text"],
];

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

/// Reads `bytes`, the contents of the file `path`. A first row with the names of the columns is
/// passed over.
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
    if let Err(error) = str::from_utf8(bytes) {
        let line = line_at(bytes, error.valid_up_to());
        return Err(bad(Some(line), "no text; expected UTF-8".to_string()));
    }
    let mut reader = csv::ReaderBuilder::new()
        .quote(b'"')
        .double_quote(true)
        .escape(None)
        .has_headers(false)
        .flexible(true)
        .from_reader(bytes);
    let mut articles = Vec::new();
    for (index, row) in reader.records().enumerate() {
        let row = row.map_err(|error| bad(None, error.to_string()))?;
        if index == 0 && is_header(&row) {
            continue;
        }
        articles.push(article(&row).map_err(|problem| bad(line_of(bytes, &row), problem))?);
    }
    if articles.is_empty() {
        let problem = "no articles; expected rows of a class, a title and a description";
        return Err(bad(None, problem.to_string()));
    }
    Ok(articles)
}

/// Whether a row has the names of the columns.
fn is_header(row: &StringRecord) -> bool {
    row.len() == HEADER.len()
        && row.iter().zip(HEADER).all(|(field, names)| {
            let name = field.trim().to_lowercase().replace([' ', '-'], "_");
            names.contains(&name.as_str())
        })
}

fn article(row: &StringRecord) -> Result<Article, String> {
    let length = row.as_slice().len();
    if length > LONGEST {
        return Err(format!(
            "a row of {length} bytes; expected at most {LONGEST}; is a quote missing?"
        ));
    }
    let mut fields = row.iter();
    let (Some(number), Some(title), Some(description), None) =
        (fields.next(), fields.next(), fields.next(), fields.next())
    else {
        let count = row.len();
        return Err(format!(
            "{count} columns; expected 3: a class, a title and a description"
        ));
    };
    let class = class(number).ok_or_else(|| {
        let number = Excerpt::new(number);
        format!("unknown class `{number}`; expected {}", expected_classes())
    })?;
    if title.trim().is_empty() && description.trim().is_empty() {
        return Err("no text; expected a title or a description".to_string());
    }
    Ok(Article {
        class,
        title: String::from(title),
        description: String::from(description),
    })
}

/// The index into [`CLASSES`] of the class with a number.
fn class(number: &str) -> Option<usize> {
    let number: usize = number.trim().parse().ok()?;
    number.checked_sub(1).filter(|class| *class < CLASSES.len())
}

fn expected_classes() -> String {
    let classes: Vec<_> = (1..)
        .zip(CLASSES)
        .map(|(number, class)| format!("{number} {class}"))
        .collect();
    classes.join(", ")
}

/// The line that `row` begins on. The reader only says where it began to look, which may be blank
/// lines before.
fn line_of(bytes: &[u8], row: &StringRecord) -> Option<u64> {
    let looked = row.position()?.byte() as usize;
    let blank = (bytes.iter().skip(looked))
        .take_while(|byte| b"\r\n".contains(byte))
        .count();
    Some(line_at(bytes, looked + blank))
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
    fn bad_rows_are_refused_with_the_line() {
        let classes = "expected 1 World, 2 Sports, 3 Business, 4 Sci/Tech";
        let good = "\"1\",\"a\",\"b\"\n";
        for (text, problem) in [
            (
                "\"0\",\"a\",\"b\"\n".to_string(),
                format!("line 1: unknown class `0`; {classes}"),
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
                "class,abstract,description\n".to_string() + good,
                format!("line 1: unknown class `class`; {classes}"),
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
            assert_eq!(refusal(&text), format!("`news.csv`, {problem}"));
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
            "`news.csv`, line 3: no text; expected UTF-8"
        );
    }
}

//! HTML that cannot be broken by the text in it.
//!
//! [`Html`] can only be made of text, which is escaped, and of elements whose names and attribute names are constants of
//! the program.

use std::fmt::Write;
use std::ops::Add;

/// Characters of a name, at most; the rest is in its tooltip.
const LONGEST: usize = 40;

/// A piece of HTML or SVG.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Html(String);

/// Names and values of attributes.
pub type Attributes<'a> = [(&'static str, &'a str)];

impl Html {
    /// The whole document: `head` and `body` in the frame of a page.
    #[must_use]
    pub fn document(head: Self, body: Self) -> String {
        let whole = element(
            "html",
            &[("lang", "en")],
            element("head", &[], head) + element("body", &[], body),
        );
        format!("<!DOCTYPE html>\n{}\n", whole.0)
    }

    /// A style sheet of the program. It is not escaped, because browsers do not unescape it.
    #[must_use]
    pub fn style(sheet: &'static str) -> Self {
        Self(format!("<style>\n{sheet}</style>"))
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Appends `other`.
    pub fn push(&mut self, other: impl Into<Self>) {
        self.0 += &other.into().0;
    }
}

impl From<&str> for Html {
    fn from(text: &str) -> Self {
        Self(escaped(text))
    }
}

impl From<String> for Html {
    fn from(text: String) -> Self {
        Self(escaped(&text))
    }
}

impl<T: Into<Self>> Add<T> for Html {
    type Output = Self;

    fn add(mut self, other: T) -> Self {
        self.push(other);
        self
    }
}

impl FromIterator<Self> for Html {
    fn from_iter<I: IntoIterator<Item = Self>>(pieces: I) -> Self {
        pieces.into_iter().fold(Self::default(), Self::add)
    }
}

/// The element `name` with `inside` in it.
#[must_use]
pub fn element(name: &'static str, attributes: &Attributes<'_>, inside: impl Into<Html>) -> Html {
    Html(format!(
        "<{name}{}>{}</{name}>",
        written(attributes),
        inside.into().0
    ))
}

/// The element `name`, which has nothing in it: a void element of HTML, or a shape of SVG.
#[must_use]
pub fn empty(name: &'static str, attributes: &Attributes<'_>) -> Html {
    Html(format!("<{name}{}/>", written(attributes)))
}

/// A paragraph.
#[must_use]
pub fn paragraph(inside: impl Into<Html>) -> Html {
    element("p", &[], inside)
}

/// A name or value from data. Its direction of writing is its own, a long one is cut, and the whole is in its tooltip.
#[must_use]
pub fn name(text: &str) -> Html {
    match cut(text, LONGEST) {
        Some(start) => element("bdi", &[("title", text)], start),
        None if text.trim().is_empty() => element("bdi", &[("title", text)], "(empty)"),
        None => element("bdi", &[], text),
    }
}

/// A sentence of the program in which names stand between backticks.
#[must_use]
pub fn sentence(text: &str) -> Html {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return text.into();
    }
    let marked = |(place, part): (usize, &&str)| match place % 2 {
        0 => Html::from(*part),
        _ => element("code", &[], name(part)),
    };
    parts.iter().enumerate().map(marked).collect()
}

/// `text` if it has up to `most` characters, and its beginning if it has more.
#[must_use]
pub fn short(text: &str, most: usize) -> String {
    cut(text, most).unwrap_or_else(|| text.to_owned())
}

/// The beginning of a `text` of more than `most` characters.
fn cut(text: &str, most: usize) -> Option<String> {
    text.chars().nth(most)?;
    let start: String = text.chars().take(most.saturating_sub(1)).collect();
    Some(start + "…")
}

fn written(attributes: &Attributes<'_>) -> String {
    let mut text = String::new();
    for (name, value) in attributes {
        // Quotes mean something in attributes only. Writing to a string cannot fail.
        let value = escaped(value).replace('"', "&quot;");
        let _ = write!(text, " {name}=\"{value}\"");
    }
    text
}

/// `text` without characters that mean something in HTML, or that it must not have.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '\n' | '\t' => escaped.push(c),
            '\r' => escaped.push('\n'),
            c if c.is_control() => escaped.push(char::REPLACEMENT_CHARACTER),
            c => escaped.push(c),
        }
    }
    escaped
}

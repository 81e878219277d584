//! Texts with a class each.

use std::collections::HashMap;
use std::sync::Arc;

use model::{Tokenizer, tokenizer::HOLE};
use tabular::columns::quoted;
use tabular::run::pick;
use tabular::table::Table;
use tabular::target::Target;

/// The parts of a text.
pub type Parts = Arc<[String]>;

/// Texts, and what is to be predicted of each.
#[derive(Debug, Clone)]
pub struct Corpus {
    /// Names of the parts of a text.
    pub names: Vec<String>,
    /// The texts.
    pub texts: Vec<Parts>,
    /// The line of each in its file, from 1.
    pub lines: Vec<u32>,
    /// The classes: a table without columns, in which equal texts are a group, so that they stay on one side of every split.
    pub table: Table,
}

impl Corpus {
    /// Texts with a target each.
    #[must_use]
    pub fn new(names: Vec<String>, texts: Vec<Parts>, lines: Vec<u32>, target: Target) -> Self {
        let mut first = HashMap::new();
        let groups = texts
            .iter()
            .enumerate()
            .map(|(row, text)| *first.entry(text).or_insert(row));
        let groups = Some(groups.collect());
        Self {
            names,
            lines,
            table: Table {
                inputs: Vec::new(),
                target,
                weights: None,
                groups,
            },
            texts,
        }
    }

    /// How many texts there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.texts.len()
    }

    /// Names of the classes.
    #[must_use]
    pub fn classes(&self) -> &[String] {
        self.table.target.classes()
    }

    /// The position of the class of each text.
    #[must_use]
    pub fn labels(&self) -> Vec<usize> {
        self.table
            .target
            .values
            .iter()
            .map(|class| *class as usize)
            .collect()
    }

    /// These texts alone. The classes stay.
    #[must_use]
    pub fn select(&self, rows: &[u32]) -> Self {
        Self {
            names: self.names.clone(),
            texts: rows
                .iter()
                .filter_map(|row| self.texts.get(*row as usize))
                .cloned()
                .collect(),
            lines: pick(&self.lines, rows),
            table: self.table.select(rows),
        }
    }

    /// The text number `row` as a module's users write it; nothing if there is none.
    #[must_use]
    pub fn json(&self, row: u32) -> String {
        let parts = self.texts.get(row as usize);
        parts.map_or_else(String::new, |parts| json(&self.names, parts))
    }
}

/// A text of `parts` that are called `names` as a module's users write it: a string if it has one part, and an object otherwise.
#[must_use]
pub fn json(names: &[String], parts: &[String]) -> String {
    if let [text] = parts {
        return quoted(text);
    }
    let member = |(name, part): (&String, &String)| format!("{}: {}", quoted(name), quoted(part));
    let members: Vec<String> = names.iter().zip(parts).map(member).collect();
    format!("{{{}}}", members.join(", "))
}

/// The characters of a text that a network takes which has `places` of them.
#[must_use]
pub fn characters(parts: &[String], places: usize) -> Vec<u32> {
    let mut words = Vec::new();
    for part in parts {
        Tokenizer::Characters.split(part, &mut words);
    }
    let mut characters = Vec::new();
    for word in &words {
        if characters.len() >= places {
            break;
        }
        Tokenizer::Characters.tokens(word, &mut |token| characters.push(token));
    }
    characters.truncate(places);
    debug_assert!(
        words.iter().all(|word| !word.is_empty()),
        "an empty word would be {HOLE}"
    );
    characters
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use tabular::target::Kind;

    /// Texts of one part, with a class each.
    pub fn corpus(rows: &[(&str, &str)]) -> Corpus {
        let mut classes: Vec<String> = rows.iter().map(|(_, class)| (*class).to_owned()).collect();
        classes.sort_unstable();
        classes.dedup();
        let value = |class: &str| classes.iter().position(|other| other == class).unwrap() as f32;
        let target = Target {
            name: "class".into(),
            values: rows.iter().map(|(_, class)| value(class)).collect(),
            kind: Kind::Classes(classes.clone()),
        };
        let texts = rows
            .iter()
            .map(|(text, _)| Arc::from([(*text).to_owned()]))
            .collect();
        Corpus::new(
            vec!["text".into()],
            texts,
            (1..=rows.len() as u32).collect(),
            target,
        )
    }

    #[test]
    fn equal_texts_stay_together() {
        let corpus = corpus(&[("a", "x"), ("b", "y"), ("a", "y")]);
        assert_eq!(corpus.table.groups, Some(vec![0, 1, 0]));
        let some = corpus.select(&[2, 1]);
        assert_eq!(
            (some.labels(), some.lines.as_slice()),
            (vec![1, 1], &[3, 2][..])
        );
        assert_eq!(some.classes(), ["x", "y"]);
    }

    #[test]
    fn a_text_is_json() {
        let mut corpus = corpus(&[("say \"hi\"\n", "x"), ("b", "y")]);
        assert_eq!(corpus.json(0), r#""say \"hi\"\n""#);
        corpus.names = vec!["ti\"tle".into(), "body".into()];
        corpus.texts[0] = Arc::from(["a".to_owned(), "b".to_owned()]);
        assert_eq!(corpus.json(0), r#"{"ti\"tle": "a", "body": "b"}"#);
    }

    #[test]
    fn parts_are_apart_and_long_texts_are_cut() {
        let all: Vec<u32> = "ab c".chars().map(u32::from).collect();
        assert_eq!(characters(&["aB".into(), "C".into()], 100), all);
        assert_eq!(characters(&["aB".into(), "C".into()], 3), all[..3]);
        assert_eq!(characters(&["x".repeat(1000)], 5).len(), 5);
    }
}

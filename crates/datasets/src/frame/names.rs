//! The names of columns.

use model::Excerpt;

use crate::DataError;

use super::open::File;
use super::tally::Map;

/// Completes `names`, of the columns in order: those without a name are numbered, with a note.
///
/// # Errors
///
/// If two are the same. `line` is where they are, if it is a line.
pub fn complete(
    file: File<'_>,
    line: Option<u32>,
    names: Vec<String>,
    notes: &mut Vec<String>,
) -> Result<Vec<String>, DataError> {
    let mut positions = Map::default();
    let mut completed: Vec<String> = Vec::with_capacity(names.len());
    for (position, name) in (1..).zip(names) {
        let name = name.trim().to_owned();
        if !name.is_empty()
            && let Some(first) = positions.insert(name.clone(), position)
        {
            let name = Excerpt::new(&name);
            let problem = format!(
                "`{name}` is the name of column {first} and of column {position}; rename one of them"
            );
            return Err(file.bad(line, problem));
        }
        completed.push(name);
    }
    for (position, name) in (1..).zip(&mut completed) {
        if name.is_empty() {
            *name = numbered(position);
            while positions.contains_key(name) {
                name.push('_');
            }
            notes.push(format!(
                "column {position} has no name: it is `{name}` here"
            ));
        }
    }
    Ok(completed)
}

/// The name of the column `position`, from 1, that has none.
pub fn numbered(position: usize) -> String {
    format!("column_{position}")
}

/// The words of a name in lower case: `PassengerId`, `passenger_id` and `passenger id` are `passenger` and `id`.
pub fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let (mut before, mut start) = (' ', 0);
    for (at, character) in name.char_indices() {
        // A capital after a small letter begins a word, and the last of several before a small letter.
        let next = name.get(at + character.len_utf8()..).unwrap_or_default();
        let next_is_small = next.chars().next().is_some_and(char::is_lowercase);
        let begins = character.is_uppercase()
            && (before.is_lowercase() || before.is_uppercase() && next_is_small && at > start);
        if begins || !character.is_alphanumeric() {
            words.push(String::new());
            start = at;
        }
        if character.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(character.to_lowercase());
        }
        before = character;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Words for codes: whole numbers that count and measure nothing.
const CODES: [&str; 10] = [
    "code", "codes", "zip", "zipcode", "postcode", "type", "class", "category", "kind", "region",
];

/// Words for what tells rows apart.
const IDENTIFIERS: [&str; 5] = ["id", "uuid", "guid", "rowid", "unnamed"];

/// Whole names of the same.
const NUMBERINGS: [&str; 5] = ["index", "idx", "rownames", "row names", "row"];

/// Whether whole numbers in a column of this name are codes.
pub fn is_code(name: &str) -> bool {
    let words = words(name);
    words.iter().any(|word| CODES.contains(&word.as_str()))
}

/// Whether a column of this name tells rows apart.
pub fn is_identifier(name: &str) -> bool {
    let words = words(name);
    words
        .iter()
        .any(|word| IDENTIFIERS.contains(&word.as_str()))
        || NUMBERINGS.contains(&words.join(" ").as_str())
        || name == numbered(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_apart_by_signs_and_capitals() {
        for (name, expected) in [
            ("PassengerId", vec!["passenger", "id"]),
            ("customerID", vec!["customer", "id"]),
            ("HTTPCode", vec!["http", "code"]),
            ("zip_code", vec!["zip", "code"]),
            ("Unnamed: 0", vec!["unnamed", "0"]),
            ("Größe (cm)", vec!["größe", "cm"]),
            ("😀", vec![]),
        ] {
            assert_eq!(words(name), expected);
        }
        assert!(is_code("Zip Code") && is_code("vehicleType") && !is_code("Typewriter"));
        assert!(is_identifier("Id") && is_identifier("index") && is_identifier("customer_id"));
        assert!(!is_identifier("body mass index") && !is_identifier("width"));
    }
}

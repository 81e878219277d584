//! What models and files are called.

use std::path::Path;

use datasets::input::is_standard_input;
use training::shell::file_name;

/// What a model of the file `data` is called: `name`, or else after the file, in letters, digits, `-` and `_`. A file without a
/// name, and standard input, gives `fallback`.
#[must_use]
pub fn model_name(data: &Path, name: Option<&str>, fallback: &str) -> String {
    let file = file_name(data);
    let stem = match is_standard_input(data) {
        true => None,
        false => file.split('.').find(|part| !part.is_empty()),
    };
    let stem = stem.unwrap_or(fallback);
    let name = name.unwrap_or(stem);
    let plain = |c: char| {
        if c.is_alphanumeric() || c == '_' {
            c
        } else {
            '-'
        }
    };
    name.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_called_as_wanted_or_after_the_file() {
        for (data, name, expected) in [
            ("a/heart disease.v2.csv.gz", None, "heart-disease"),
            ("reviews/", None, "reviews"),
            ("/.hidden.csv", None, "hidden"),
            ("..", None, "table"),
            ("-", None, "table"),
            ("a.csv", Some("Maße_1 b/c-d"), "Maße_1-b-c-d"),
        ] {
            assert_eq!(
                model_name(Path::new(data), name, "table"),
                expected,
                "{data}"
            );
        }
    }
}

//! What models and files are called.

use std::path::{Path, PathBuf};

use training::shell::file_name;

/// What a model of the file `data` is called: `name`, or else after the file, in letters, digits, `-` and `_`. A file without a
/// name gives `fallback`.
#[must_use]
pub fn model_name(data: &Path, name: Option<&str>, fallback: &str) -> String {
    let stem = file_name(data);
    let stem = stem
        .split('.')
        .find(|part| !part.is_empty())
        .unwrap_or(fallback);
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

/// Where the files of the model `name` go: to `wanted`, or else to a folder that is called like it.
#[must_use]
pub fn artifacts_folder(wanted: Option<&Path>, name: &str) -> PathBuf {
    wanted.map_or_else(|| Path::new("artifacts").join(name), Path::to_path_buf)
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
            ("a.csv", Some("Maße_1 b/c-d"), "Maße_1-b-c-d"),
        ] {
            assert_eq!(
                model_name(Path::new(data), name, "table"),
                expected,
                "{data}"
            );
        }
    }

    #[test]
    fn artifacts_go_where_they_are_wanted() {
        assert_eq!(artifacts_folder(None, "m"), Path::new("artifacts/m"));
        let wanted = Path::new("x/y");
        assert_eq!(artifacts_folder(Some(wanted), "m"), wanted);
    }
}

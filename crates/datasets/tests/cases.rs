//! Data files from the field: read, or refused with a way out.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fmt::Write;
use std::path::{Path, PathBuf};

use datasets::DataError;
use datasets::iris::Flowers;
use datasets::mnist::Digits;
use datasets::news::News;
use datasets::wine_quality::Wines;
use testing::cases;

/// What comes of each file or folder in the folder `name` of the cases: the number of rows and the
/// notes, or the error.
fn outcomes(
    name: &str,
    load: impl Fn(&Path) -> Result<(usize, Vec<String>), DataError>,
) -> Option<String> {
    let folder = cases::folder(name)?;
    let mut text = String::new();
    for path in cases::entries(&folder).unwrap() {
        let outcome = match load(&path) {
            Ok((rows, notes)) => [vec![format!("{rows} rows")], notes].concat().join("; "),
            Err(error) => format!("refused: {error}"),
        };
        let outcome = outcome.replace(&format!("{}/", folder.display()), "");
        writeln!(text, "{}: {outcome}", cases::name(&path)).unwrap();
    }
    Some(text)
}

#[test]
fn flowers() {
    let load = |path: &Path| {
        let flowers = Flowers::load(Some(path))?;
        Ok((flowers.labels.len(), flowers.notes))
    };
    if let Some(text) = outcomes("iris", load) {
        testing::assert_snapshot!(text);
    }
}

#[test]
fn wines() {
    let load = |path: &Path| {
        let wines = Wines::load(Some(path))?;
        Ok((wines.quality.len(), wines.notes))
    };
    if let Some(text) = outcomes("wine", load) {
        testing::assert_snapshot!(text);
    }
}

#[test]
fn articles() {
    let load = |path: &Path| {
        let news = News::load(&[PathBuf::from(path)], &|_, _| {})?;
        Ok((news.labels.len(), Vec::new()))
    };
    if let Some(text) = outcomes("news", load) {
        testing::assert_snapshot!(text);
    }
}

#[test]
fn digits() {
    let load = |path: &Path| {
        let digits = Digits::load(path, false, &|_, _| {})?;
        Ok((digits.labels.len(), Vec::new()))
    };
    if let Some(text) = outcomes("mnist", load) {
        testing::assert_snapshot!(text);
    }
}

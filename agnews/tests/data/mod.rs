//! A small data set of made-up news, and how the trainers learn it.

#![allow(clippy::unwrap_used, reason = "a test may fail")]
#![allow(dead_code, reason = "each test uses a part of it")]

use std::fs;
use std::path::{Path, PathBuf};

use testing::trainer::{TempDir, Trainer, folder, json};

/// Short runs: there is little to learn.
const SETTINGS: &[&str] = &["--epochs", "4", "--batch-size", "16"];

/// Words of each class, and words of all.
const VOCABULARY: [[&str; 6]; 5] = [
    [
        "minister",
        "troops",
        "election",
        "embassy",
        "treaty",
        "parliament",
    ],
    ["coach", "goal", "season", "striker", "league", "tournament"],
    [
        "shares",
        "profit",
        "bank",
        "merger",
        "inflation",
        "earnings",
    ],
    [
        "software",
        "browser",
        "galaxy",
        "chip",
        "internet",
        "scientists",
    ],
    ["the", "on", "new", "says", "after", "quot;week quot;"],
];

/// `per_class` articles of each class, the numbering from 1 as in the published files.
pub fn articles(per_class: usize, first: usize) -> String {
    let mut rows = String::new();
    for index in first..first + per_class {
        for class in 0..4 {
            let word = |step: usize| {
                let own = step.is_multiple_of(2);
                let words = VOCABULARY[if own { class } else { 4 }];
                words[(index * (step + 3) + step) % words.len()]
            };
            let text: Vec<_> = (0..9).map(word).collect();
            rows += &format!(
                "\"{}\",\"Article {index}\",\"{}\"\n",
                class + 1,
                text.join(" ")
            );
        }
    }
    rows
}

/// A data set in a folder of its own.
pub fn data() -> (TempDir, PathBuf) {
    let folder = folder();
    let path = folder.path().join("ag_news_csv");
    fs::create_dir(&path).unwrap();
    fs::write(path.join("train.csv"), articles(60, 0)).unwrap();
    fs::write(path.join("train_more.csv"), articles(20, 200)).unwrap();
    fs::write(path.join("test.csv"), articles(20, 100)).unwrap();
    let path = folder.path().to_owned();
    (folder, path)
}

pub fn trainer<'a>(program: &'a str, data: &'a Path) -> Trainer<'a> {
    Trainer {
        program,
        settings: SETTINGS,
        data: Some(data),
    }
}

pub fn accuracy(folder: &Path) -> f64 {
    let report = json(folder, "report.json");
    report["test"]["metrics"]["accuracy"].as_f64().unwrap()
}

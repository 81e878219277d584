//! The trainers as programs, on a small data set of made-up news: what they write, what they refuse,
//! and how they survive. Where the real data set is, a part of it is learnt as well.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod data;

use std::fs;
use std::path::Path;

use data::{accuracy, articles, data, trainer};
use testing::trainer::{Trainer, assert_lines, folder, json, names};

/// Everything that a run writes.
const ARTIFACTS: [&str; 11] = [
    "agnews-inference.lib.wasm",
    "agnews-inference.wasm",
    "bom.json",
    "config.json",
    "confusion.svg",
    "curves.svg",
    "metrics.jsonl",
    "model.safetensors",
    "provenance.json",
    "report.html",
    "report.json",
];

const FLEX: &str = env!("CARGO_BIN_EXE_agnews-flex");
const NDARRAY: &str = env!("CARGO_BIN_EXE_agnews-ndarray");

#[test]
fn a_run_learns_and_writes_every_artifact() {
    let ((_kept, data), folder) = (data(), folder());
    let printed = trainer(FLEX, &data).train(folder.path(), &[]);
    assert_lines(
        &printed,
        &[
            "Train Dataset Size: 304",
            "Validation Dataset Size: 16",
            "Test Dataset Size: 80",
        ],
    );
    assert_eq!(names(folder.path()), ARTIFACTS);
    assert!(accuracy(folder.path()) > 0.95, "{printed}");
    let report = json(folder.path(), "report.json");
    assert!(report["frozen_difference"].as_f64().unwrap() <= 1e-5);
    assert!(report["test"]["metrics"]["calibration_error"].is_f64());
}

#[test]
fn the_same_command_gives_the_same_model() {
    let (_kept, data) = data();
    trainer(FLEX, &data).repeats_itself();
    trainer(NDARRAY, &data).repeats_itself();
}

#[test]
fn a_run_killed_and_resumed_gives_the_same_model() {
    let (_kept, data) = data();
    trainer(FLEX, &data).survives_kills(&[1, 3]);
}

#[test]
fn both_cpu_backends_agree() {
    let (_kept, data) = data();
    let [flex, ndarray] = [folder(), folder()];
    trainer(FLEX, &data).train(flex.path(), &[]);
    trainer(NDARRAY, &data).train(ndarray.path(), &[]);
    assert!((accuracy(flex.path()) - accuracy(ndarray.path())).abs() <= 0.025);
}

#[test]
fn files_of_one_class_each_make_a_training_set() {
    let (kept, data) = data();
    let mut arguments = vec!["--data".to_owned()];
    for class in 1..=4 {
        let of_class = |line: &&str| line.starts_with(&format!("\"{class}\""));
        let rows: Vec<_> = articles(60, 0)
            .lines()
            .filter(of_class)
            .map(str::to_owned)
            .collect();
        let path = kept.path().join(format!("class{class}.csv"));
        fs::write(&path, rows.join("\n")).unwrap();
        arguments.push(path.to_str().unwrap().to_owned());
    }
    arguments.push(
        data.join("ag_news_csv/test.csv")
            .to_str()
            .unwrap()
            .to_owned(),
    );
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let (folder, trainer) = (
        folder(),
        Trainer {
            data: None,
            ..trainer(FLEX, &data)
        },
    );
    assert!(
        trainer
            .train(folder.path(), &arguments)
            .contains("Test Dataset Size: 80")
    );
}

#[test]
fn bad_data_is_refused() {
    let (kept, data) = data();
    let written = |name: &str, text: &str| {
        let path = kept.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let five = written("five.csv", &articles(20, 0).replace("\"4\",", "\"5\","));
    let few = written("few.csv", &articles(2, 0));
    let test = data.join("ag_news_csv/test.csv");
    for (paths, message) in [
        (vec![Path::new("nowhere")], "`nowhere`"),
        (vec![five.as_path(), &test], "line 4"),
        (vec![&few, &test], "expected at least 10 of each class"),
        (vec![&few, &few, &test], "few.csv"),
    ] {
        let paths: Vec<_> = paths.iter().map(|path| path.to_str().unwrap()).collect();
        let arguments = [&["--data"][..], &paths].concat();
        let refusing = Trainer {
            data: None,
            ..trainer(FLEX, &data)
        };
        let error = refusing.refused(&kept.path().join("artifacts"), &arguments);
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn real_news_are_learnt_from_several_files() {
    let Some(real) = std::env::var_os("BURN_ALGORITHMS_DATA") else {
        eprintln!("the news are not here: left out");
        return;
    };
    let real = Path::new(&real).join("ag_news_csv");
    let (small, test) = (
        real.join("train_description_only.csv"),
        real.join("test.csv"),
    );
    let folder = folder();
    let trainer = Trainer {
        program: FLEX,
        settings: &["--epochs", "3"],
        data: None,
    };
    let paths = [small.to_str().unwrap(), test.to_str().unwrap()];
    trainer.train(folder.path(), &[&["--data"][..], &paths].concat());
    let reached = accuracy(folder.path());
    assert!((0.86..0.95).contains(&reached), "{reached}");
}

//! The trainers as programs: what they write, what they refuse, and how they survive.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod data;

use std::fs;
use std::path::Path;

use data::{SHORT, figure, rmse, trainer};
use testing::trainer::{Trainer, assert_lines, folder, json, model, names};

/// Everything that a run writes.
const ARTIFACTS: [&str; 12] = [
    "bom.json",
    "config.json",
    "curves.svg",
    "metrics.jsonl",
    "model.safetensors",
    "predicted-vs-true.svg",
    "provenance.json",
    "report.html",
    "report.json",
    "residuals.svg",
    "wine-quality-inference.lib.wasm",
    "wine-quality-inference.wasm",
];

const FLEX: Trainer<'_> = trainer(env!("CARGO_BIN_EXE_wine-quality-flex"), &[]);
const NDARRAY: Trainer<'_> = trainer(env!("CARGO_BIN_EXE_wine-quality-ndarray"), &[]);

#[test]
fn a_run_beats_both_baselines_and_writes_every_artifact() {
    let folder = folder();
    let printed = FLEX.train(folder.path(), &[]);
    assert_lines(
        &printed,
        &[
            "Test Dataset Size: 319",
            "  features: Linear {d_input: 11, d_output: 512, bias: true, params: 6144}",
            "  params: 6672",
            "| Split | Metric   | Min.     | Epoch    | Max.     | Epoch    |",
        ],
    );
    assert!(printed.contains("| least squares | "), "{printed}");
    assert_eq!(names(folder.path()), ARTIFACTS);

    let report = json(folder.path(), "report.json");
    let rmse = figure(&report, "rmse");
    assert!(rmse < figure(&report, "least_squares_rmse"), "{report}");
    assert!(figure(&report, "least_squares_rmse") < figure(&report, "mean_rmse"));
    // No better than chance allows on these rows: what is measured is the test part.
    assert!((0.5..0.68).contains(&rmse), "{rmse}");
    let coverage = figure(&report, "interval_coverage");
    assert!((0.7..0.9).contains(&coverage), "{coverage}");
    assert!(report["peak_memory_bytes"].as_u64().unwrap_or(u64::MAX) > 1 << 20);
    for picture in ["curves.svg", "residuals.svg", "predicted-vs-true.svg"] {
        let svg = fs::read_to_string(folder.path().join(picture)).unwrap();
        assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"));
    }
}

#[test]
fn the_same_command_gives_the_same_model() {
    for program in [NDARRAY.program, FLEX.program] {
        trainer(program, &SHORT).repeats_itself();
    }
}

#[test]
fn a_run_killed_at_any_epoch_and_resumed_gives_the_same_model() {
    trainer(FLEX.program, &SHORT).survives_kills(&[1, 4, 9]);
}

#[test]
fn both_cpu_backends_agree() {
    let [flex, ndarray] = [folder(), folder()];
    FLEX.train(flex.path(), &[]);
    NDARRAY.train(ndarray.path(), &[]);
    assert!((rmse(flex.path()) - rmse(ndarray.path())).abs() < 0.01);
}

#[test]
fn five_folds_reach_what_support_vector_machines_do() {
    let five = ["--cross-validate", "5"];
    for (grouped, limit) in [(None, 0.63), (Some("--group-duplicates"), 0.66)] {
        let folder = folder();
        let arguments: Vec<_> = five.into_iter().chain(grouped).collect();
        FLEX.train(folder.path(), &arguments);
        assert_eq!(names(folder.path()), ["cross-validation.json"]);
        let result = json(folder.path(), "cross-validation.json");
        let mean = |name: &str| result["metrics"][name]["mean"].as_f64().unwrap();
        assert!(mean("rmse") <= limit, "{grouped:?}: {}", mean("rmse"));
        assert!((0.77..=0.83).contains(&mean("interval_coverage")));
        assert!(mean("rmse") < mean("least_squares_rmse"));
        assert_eq!(result["repeats"][0]["folds"].as_array().unwrap().len(), 5);
    }
}

#[test]
fn the_white_wines_are_read_where_they_are() {
    let Some(data) = std::env::var_os("BURN_ALGORITHMS_DATA") else {
        eprintln!("the white wines are not here: left out");
        return;
    };
    let data = Path::new(&data).join("wine-quality");
    let white = Trainer {
        data: Some(&data),
        ..FLEX
    };
    let folder = folder();
    let printed = white.train(folder.path(), &["--epochs", "20"]);
    assert!(printed.contains("Test Dataset Size: 979"), "{printed}");
    let report = json(folder.path(), "report.json");
    assert!(figure(&report, "rmse") < 0.73, "{report}");
    assert!(!model(folder.path()).is_empty());
}

#[test]
fn bad_usage_and_bad_data_are_refused() {
    let folder = folder();
    let data = folder.path().join("wine.csv");
    fs::write(&data, "fixed acidity;quality\n7.4;5\n").unwrap();
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    for (path, message) in [
        (data.as_path(), "volatile_acidity"),
        (&empty, "winequality-white.csv"),
        (
            Path::new("nowhere.csv"),
            "cannot read the data in `nowhere.csv`",
        ),
    ] {
        let wrong = Trainer {
            data: Some(path),
            ..FLEX
        };
        let error = wrong.refused(&folder.path().join("artifacts"), &[]);
        assert!(error.contains(message), "{error}");
    }
    let twice = ["--data", "a.csv", "b.csv"];
    let error = FLEX.refused(&folder.path().join("artifacts"), &twice);
    assert!(error.contains("more than one --data"), "{error}");
}

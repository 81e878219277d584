//! A small data set of drawn numerals, and how the trainers learn it.

#![allow(clippy::unwrap_used, reason = "a test may fail")]
#![allow(dead_code, reason = "each test uses a part of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use mnist::error_gallery::NUMERALS;
use serde_json::Value;
use testing::trainer::{self, succeeded};

pub const SIDE: usize = datasets::mnist::SIDE;

/// The `index`-th image of `digit`: moved about, and more or less dark.
pub fn image(digit: usize, index: usize) -> [u8; SIDE * SIDE] {
    let (left, top) = (6 + index % 5, 2 + index / 5 % 5);
    let ink = 255 - (index * 37 % 100) as u8;
    std::array::from_fn(|pixel| {
        let (x, y) = (
            (pixel % SIDE).wrapping_sub(left),
            (pixel / SIDE).wrapping_sub(top),
        );
        let inked = x < 12 && y < 20 && NUMERALS[digit][y / 4] >> (2 - x / 4) & 1 == 1;
        if inked { ink } else { 0 }
    })
}

/// The images and labels of a part, as IDX files.
pub fn idx(per_digit: usize, first: usize) -> [Vec<u8>; 2] {
    let count = (10 * per_digit) as u32;
    let mut images = [[0, 0, 8, 3], count.to_be_bytes()].concat();
    images.extend([0, 0, 0, 28, 0, 0, 0, 28]);
    let mut labels = [[0, 0, 8, 1], count.to_be_bytes()].concat();
    for index in first..first + per_digit {
        for digit in 0..10 {
            images.extend(image(digit, index));
            labels.push(digit as u8);
        }
    }
    [images, labels]
}

pub const FILES: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];

/// A data set of 600 training and 200 test images, in `folder`.
pub fn data(folder: &Path) -> PathBuf {
    let data = folder.join("data");
    fs::create_dir_all(&data).unwrap();
    let files = [idx(60, 0), idx(20, 60)].concat();
    for (name, bytes) in FILES.iter().zip(files) {
        fs::write(data.join(name), bytes).unwrap();
    }
    data
}

/// `program` on `data`, with its artifacts in `folder`; few epochs unless `arguments` say.
pub fn command(program: &str, data: &Path, folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.arg("--data").arg(data);
    command.arg("--artifacts").arg(folder.join("artifacts"));
    command.args(["--batch-size", "20"]);
    if !arguments.contains(&"--epochs") && !arguments.contains(&"--resume") {
        command.args(["--epochs", "2"]);
    }
    command.args(arguments);
    command
}

/// A run that should succeed; returns what it printed.
pub fn train(mut command: Command) -> String {
    succeeded(&command.output().unwrap())
}

pub fn report(folder: &Path) -> Value {
    trainer::json(&folder.join("artifacts"), "report.json")
}

/// Accuracy on the 200 test images, in points, and the loss of the training images in each epoch.
pub fn learnt(folder: &Path) -> (f64, Vec<f64>) {
    let accuracy = report(folder)["test"]["metrics"]["accuracy"].as_f64();
    let epochs = fs::read_to_string(folder.join("artifacts/metrics.jsonl")).unwrap();
    let losses = epochs.lines().map(|epoch| {
        let epoch: Value = serde_json::from_str(epoch).unwrap();
        epoch["train_loss"].as_f64().unwrap()
    });
    (100.0 * accuracy.unwrap(), losses.collect())
}

/// A run of `epochs` epochs, for [`learnt`].
pub fn learning(program: &str, folder: &Path, epochs: &str) -> Command {
    let data = data(folder);
    command(
        program,
        &data,
        folder,
        &["--epochs", epochs, "--averaging", "0.9"],
    )
}

pub fn assert_same_losses(losses: &[f64], others: &[f64]) {
    assert_eq!(losses.len(), others.len());
    for (loss, other) in losses.iter().zip(others) {
        // Rounding that differs grows from step to step, to some 0.07 here.
        let apart = (loss / other - 1.0).abs();
        assert!(apart < 0.12, "{losses:?} {others:?}");
    }
}

//! Any bytes as a file of wines, or as the end of one: refused with a line that there is, or wines
//! within the range of each measurement.

#![no_main]

use std::io;
use std::path::{Path, PathBuf};

use libfuzzer_sys::fuzz_target;
use wine_quality::input;

// By path, because the crate's training part would bring Burn in. All that the file takes from the
// crate `training` is below.
#[allow(dead_code, reason = "reading from a disk is not fuzzed")]
#[path = "../../wine-quality/src/data.rs"]
mod data;

extern crate self as training;

#[allow(dead_code, reason = "as above")]
#[derive(Debug)]
pub enum TrainingError {
    ReadData {
        path: PathBuf,
        source: io::Error,
    },
    BadData {
        path: PathBuf,
        line: Option<u64>,
        problem: String,
    },
}

pub mod task {
    #[derive(Debug, Clone, PartialEq)]
    pub struct Quantity {
        pub targets: Vec<f32>,
    }

    impl Quantity {
        pub fn new(_: &'static str, targets: Vec<f32>) -> Self {
            Self { targets }
        }
    }
}

const RED: &str = include_str!("../../wine-quality/datasets/winequality-red.csv");

fn check(bytes: &[u8]) -> bool {
    let path = Path::new("wines.csv");
    match data::Wines::parse(path, bytes) {
        Ok(wines) => {
            let targets = &wines.quality.targets;
            assert!(targets.len() >= 50 && targets.len() == wines.measurements.len());
            let mut grades = targets.iter();
            assert!(grades.all(|grade| (0.0..=10.0).contains(grade) && grade.fract() == 0.0));
            for wine in &wines.measurements {
                assert_eq!(wine.len(), input::FIELDS.len());
                let mut numbers = wine.iter().zip(input::FIELDS);
                assert!(numbers.all(|(x, field)| (field.minimum..=field.maximum).contains(x)));
            }
            assert_eq!(wines.sha256.len(), 64);
            true
        }
        Err(TrainingError::BadData {
            path: named,
            line,
            problem,
        }) => {
            assert_eq!(named, path);
            let lines = 1 + bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
            assert!(line.is_none_or(|line| (1..=lines).contains(&line)));
            // Of what is in the file, a message has a few words at most.
            assert!(problem.len() < 500 && !problem.contains(char::is_control));
            false
        }
        Err(error) => unreachable!("{error:?}"),
    }
}

fuzz_target!(|data: &[u8]| {
    check(data);
    // A header and fifty wines, which a fuzzer would not find by itself.
    let good: String = RED.split_inclusive('\n').take(51).collect();
    assert!(check(good.as_bytes()));
    let mut bytes = good.into_bytes();
    bytes.extend(data);
    check(&bytes);
});

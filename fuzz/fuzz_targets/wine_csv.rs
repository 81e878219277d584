//! Any bytes as a file of wines, or as the end of one: refused with a line that there is, or wines
//! within the range of each measurement.

#![no_main]

use std::path::Path;

use datasets::DataError;
use datasets::wine_quality::{FIELDS, Wines};
use libfuzzer_sys::fuzz_target;

const RED: &str = include_str!("../../wine-quality/datasets/winequality-red.csv");

fn check(bytes: &[u8]) -> bool {
    let path = Path::new("wines.csv");
    match Wines::parse(path, bytes) {
        Ok(wines) => {
            let targets = &wines.quality;
            assert!(targets.len() >= 50 && targets.len() == wines.measurements.len());
            let mut grades = targets.iter();
            assert!(grades.all(|grade| (0.0..=10.0).contains(grade) && grade.fract() == 0.0));
            for wine in &wines.measurements {
                assert_eq!(wine.len(), FIELDS.len());
                let mut numbers = wine.iter().zip(FIELDS);
                assert!(numbers.all(|(x, field)| (field.range[0]..=field.range[1]).contains(x)));
            }
            assert_eq!(wines.sha256.len(), 64);
            true
        }
        Err(DataError::BadData {
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

//! Any bytes as a table of anybody's, as the end of one, and as a schema: refused with a line that there is, or columns that all
//! have a value for each row.

#![no_main]

use std::path::Path;

use datasets::DataError;
use datasets::frame::{Cells, Frame, Options, Schema};
use libfuzzer_sys::fuzz_target;

const TABLE: &str = "age,city,when,note\n1.5,Oslo,2024-05-31,\"a, b\"\n,Rome,,x\n3,Oslo,2023-01-01,y\n";

fn check(bytes: &[u8]) {
    let path = Path::new("table.csv");
    match Frame::parse(path, bytes.to_vec(), &Options::default(), &|_, _| {}) {
        Ok(frame) => {
            assert_eq!(frame.lines.len(), frame.rows);
            for column in &frame.columns {
                let rows = match &column.cells {
                    Cells::Numbers(numbers) => {
                        assert!(numbers.iter().all(|number| !number.is_infinite()));
                        numbers.len()
                    }
                    Cells::Categories { codes, names } => {
                        let known = |code: &u32| *code == u32::MAX || (*code as usize) < names.len();
                        assert!(codes.iter().all(known));
                        codes.len()
                    }
                    Cells::Dates(dates) => dates.len(),
                    Cells::Texts { .. } => frame.rows,
                };
                assert_eq!(rows, frame.rows);
            }
            for target in [None, Some(0)] {
                for finding in frame.findings(target) {
                    assert!(frame.position(&finding.column).is_some());
                }
            }
            let schema = Schema::of(&frame, Some(0));
            let again = Schema::parse(Path::new("schema.toml"), &schema.to_toml());
            assert_eq!(again.ok(), Some(schema));
        }
        Err(DataError::BadData { path: named, problem, .. }) => {
            assert_eq!(named, path);
            assert!(problem.len() < 1000, "{problem}");
        }
        Err(error) => unreachable!("{error:?}"),
    }
}

fuzz_target!(|data: &[u8]| {
    check(data);
    check(&[TABLE.as_bytes(), data].concat());
    if let Ok(text) = str::from_utf8(data) {
        // Whatever it is, it is read or refused.
        let _ = Schema::parse(Path::new("schema.toml"), text);
    }
});

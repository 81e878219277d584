//! Every claim of the audit page names a test, and the test exists.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::path::Path;

/// The words between backquotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn every_claim_names_a_test_that_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let page = fs::read_to_string(root.join("docs/audit.md")).unwrap();
    let (mut within, mut claims) = (false, 0);
    for line in page.lines() {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        let [_, claim, tests, _] = cells[..] else {
            within = false;
            continue;
        };
        if tests == "Test" {
            within = true;
            continue;
        }
        if !within || claim.starts_with('-') {
            continue;
        }
        claims += 1;
        // Names of tests, then the file that they are in.
        let mut names = Vec::new();
        for word in quoted(tests) {
            if !word.contains('/') {
                names.push(word);
                continue;
            }
            let source = fs::read_to_string(root.join(word)).unwrap_or_default();
            assert!(!names.is_empty(), "{claim}: no test in {word}");
            for name in names.drain(..) {
                let is_there = source.contains(&format!("fn {name}("));
                assert!(is_there, "{claim}: no {name} in {word}");
            }
        }
        assert!(names.is_empty(), "{claim}: no file for {names:?}");
        assert!(tests.contains('/'), "{claim}: no test");
    }
    assert!(claims > 20, "{claims} claims");
}

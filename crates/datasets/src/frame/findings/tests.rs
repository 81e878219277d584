//! What is found in columns, and what is not.

use std::path::Path;

use super::*;
use crate::frame::Options;

const ROWS: usize = 200;

/// A frame of the columns `names`, with the cell that `cell` gives for a column and a row.
fn frame(names: &str, cell: impl Fn(&str, usize) -> String) -> Frame {
    let mut text = names.to_owned() + "\n";
    for row in 0..ROWS {
        let cells: Vec<_> = names.split(',').map(|name| cell(name, row)).collect();
        text += &(cells.join(",") + "\n");
    }
    let options = Options::default();
    Frame::parse(Path::new("a.csv"), text.into_bytes(), &options, &|_, _| {}).unwrap()
}

/// A number from 0 to 1 that looks random.
fn noise(row: usize, seed: u32) -> f32 {
    let hash = (row as u32 + 1)
        .wrapping_mul(2_654_435_761)
        .rotate_left(seed)
        ^ seed;
    (hash.wrapping_mul(2_246_822_519) >> 8) as f32 / (1 << 24) as f32
}

fn shown(frame: &Frame, target: &str) -> Vec<String> {
    let findings = frame.findings(frame.position(target));
    findings
        .iter()
        .map(|f| format!("{f}{}", if f.leaves_out() { " (left out)" } else { "" }))
        .collect()
}

#[test]
fn peculiar_columns_are_found_with_their_reason() {
    let names = "PassengerId,empty,same,mixed,rare,text,key,a,b,position,customer id,y";
    let frame = frame(names, |name, row| match name {
        "PassengerId" => (row + 1).to_string(),
        "empty" => "NA".into(),
        "same" => "x".into(),
        // A single value and missing cells say something.
        "mixed" => {
            if row % 2 == 0 {
                "1".into()
            } else {
                String::new()
            }
        }
        "rare" => {
            if row == 7 || row == 60 {
                row.to_string()
            } else {
                String::new()
            }
        }
        "text" => format!("some words {}", row / 2 * 2 % 150),
        "key" => format!("k{row}"),
        "a" | "b" => (row % 5).to_string(),
        "position" => (3 * row).to_string(),
        "customer id" => (row * 7919 % 1009).to_string(),
        _ => noise(row, 3).to_string(),
    });
    let expected = [
        "`PassengerId` identifies rows (left out)",
        "`empty` has no values (left out)",
        "`same` has the same value in all rows (left out)",
        "`rare` is missing in 99 % of the rows",
        "`key` identifies rows (left out)",
        "`b` has the same cells as `a` (left out)",
        "`position` may only number the rows: whole numbers, each larger than the one before",
        "`customer id` identifies rows (left out)",
    ];
    assert_eq!(shown(&frame, "y"), expected);
}

#[test]
fn free_text_is_found() {
    let frame = frame("text,copy,y", |name, row| match name {
        "y" => noise(row, 3).to_string(),
        _ => format!("words {}", if row < 3 { 0 } else { row }),
    });
    let expected = [
        "`text` is free text: 198 distinct texts (left out)",
        "`copy` has the same cells as `text` (left out)",
    ];
    assert_eq!(shown(&frame, "y"), expected);
}

#[test]
fn columns_that_give_a_number_away_are_found() {
    let frame = frame("fair,line,copy,near,level,y", |name, row| {
        let y = (row % 8) as f32 + 10.0;
        match name {
            "fair" => noise(row, 5).to_string(),
            "line" => (-2.0 * y + 3.0).to_string(),
            "near" => (y + 3.0 * noise(row, 7)).to_string(),
            "level" => format!("level {}", row % 8),
            _ => y.to_string(),
        }
    });
    let part = "alone predicts 100 % of the target; leave it out if it is not known beforehand";
    let expected = ["line", "copy", "level"].map(|name| format!("`{name}` {part}"));
    assert_eq!(shown(&frame, "y"), expected);
}

#[test]
fn columns_that_give_a_class_away_are_found() {
    for classes in [2, 3] {
        let frame = frame("fair,word,score,near,y", |name, row| {
            let class = (noise(row, 3) * classes as f32) as usize;
            match name {
                "fair" => noise(row, 5).to_string(),
                "word" => ["x", "y", ""][class].into(),
                "score" => (class as f32 + noise(row, 5) / 2.0).to_string(),
                "near" => (class as f32 + 1.2 * noise(row, 5)).to_string(),
                _ => format!("class {class}"),
            }
        });
        let found = shown(&frame, "y");
        let is_about = |name: &str| {
            found
                .iter()
                .any(|f| f.starts_with(&format!("`{name}` alone predicts 100 %")))
        };
        assert!(is_about("word") && is_about("score"), "{found:?}");
        assert_eq!(found.len(), 2, "{found:?}");
    }
}

#[test]
fn one_wrong_row_of_many_is_allowed() {
    let rows = 4000;
    let class: Vec<u32> = (0..rows)
        .map(|row| u32::from(noise(row, 3) > 0.5))
        .collect();
    let classes = Cells::Categories {
        codes: class.clone(),
        names: vec!["a".into(), "b".into()],
    };
    for (wrong, is_found) in [(0, true), (3, true), (12, false)] {
        let flipped = class
            .iter()
            .enumerate()
            .map(|(row, class)| if row < wrong { 1 - class } else { *class });
        let codes: Vec<_> = flipped.collect();
        let numbers = Cells::Numbers(codes.iter().map(|code| *code as f32).collect());
        let words = Cells::Categories {
            codes,
            names: vec!["x".into(), "y".into()],
        };
        for cells in [numbers, words] {
            assert_eq!(
                target::given_away(&cells, &classes).is_some(),
                is_found,
                "{wrong}"
            );
        }
    }
}

#[test]
fn a_rare_class_is_not_given_away_by_the_frequent_one() {
    let frame = frame("word,y", |name, row| match name {
        "word" => ["x", "z"][row % 2].into(),
        _ => {
            if row == 5 {
                "yes".into()
            } else {
                "no".into()
            }
        }
    });
    assert_eq!(shown(&frame, "y"), Vec::<String>::new());
}

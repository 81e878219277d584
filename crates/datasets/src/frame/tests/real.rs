//! The public tables.

use std::path::PathBuf;

use super::*;

/// Name, rows, columns of numbers, categories and texts without the target, missing cells without the target, and
/// whether the target is a category. Counted by another program from the published files. `None` and `none` are
/// missing here: the files of Ames, of German credits and of labor contracts have such words.
const TABLES: [(&str, usize, [usize; 3], usize, bool); 20] = [
    ("adult-test", 16281, [6, 8, 0], 2203, true),
    ("adult-train", 32561, [6, 8, 0], 4262, true),
    ("ames", 2930, [33, 40, 0], 4599, false),
    ("auto-mpg", 398, [6, 1, 0], 6, false),
    ("bike-sharing", 8645, [10, 2, 0], 0, false),
    ("breast-cancer", 569, [30, 0, 0], 0, true),
    ("concrete", 1030, [8, 0, 0], 0, false),
    ("diabetes-progression", 442, [10, 0, 0], 0, false),
    ("diamonds", 53940, [6, 3, 0], 0, false),
    ("german-credit", 1000, [7, 13, 0], 2317, true),
    ("heart-statlog", 270, [13, 0, 0], 0, false),
    ("hitters", 263, [16, 3, 0], 0, false),
    ("house-votes-84", 435, [0, 16, 0], 392, true),
    ("hpc-jobs", 4331, [5, 2, 0], 0, true),
    ("labor", 57, [8, 8, 0], 376, true),
    ("letter", 20000, [16, 0, 0], 0, true),
    ("mushrooms", 5644, [0, 22, 0], 0, true),
    ("penguins", 344, [4, 2, 0], 19, true),
    ("telco-churn", 7043, [9, 10, 0], 11, true),
    ("titanic", 891, [4, 4, 1], 0, false),
];

fn path(name: &str) -> Option<PathBuf> {
    let Some(folder) = std::env::var_os(crate::source::VARIABLE) else {
        eprintln!("{} names no folder: left out", crate::source::VARIABLE);
        return None;
    };
    Some(
        Path::new(&folder)
            .join("tables")
            .join(format!("{name}.csv")),
    )
}

#[test]
fn every_table_has_the_types_of_its_description() {
    let mut peculiar = Vec::new();
    for (name, rows, counts, missing, is_category) in TABLES {
        let Some(path) = path(name) else { return };
        let frame = Frame::read(&path, &options(), &|_, _| {}).unwrap();
        assert_eq!(frame.rows, rows, "{name}");
        let (target, inputs) = frame.columns.split_last().unwrap();
        let count = |is: fn(&Cells) -> bool| inputs.iter().filter(|c| is(&c.cells)).count();
        let found = [
            count(|cells| matches!(cells, Cells::Numbers(_))),
            count(|cells| matches!(cells, Cells::Categories { .. })),
            count(|cells| matches!(cells, Cells::Texts { .. })),
        ];
        assert_eq!(found, counts, "{name}");
        let found: usize = inputs.iter().map(|column| column.cells.missing()).sum();
        assert_eq!(found, missing, "{name}");
        assert_eq!(
            matches!(target.cells, Cells::Categories { .. }),
            is_category,
            "{name}"
        );
        assert!(frame.lines.iter().copied().eq(2..rows as u32 + 2), "{name}");
        assert!(frame.notes.is_empty(), "{name}: {:?}", frame.notes);
        let findings = frame.findings(Some(frame.columns.len() - 1));
        peculiar.extend(findings.iter().map(|finding| format!("{name}: {finding}")));
    }
    let expected = [
        "ames: `Misc_Feature` is missing in 96.3 % of the rows",
        "mushrooms: `veil_type` has the same value in all rows",
        "titanic: `Name` identifies rows",
    ];
    assert_eq!(peculiar, expected);
}

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fmt::Write;
use std::path::Path;

use datasets::frame;
use serde_json::{Value, json};

use super::*;

/// An identifier, a number, a word, a constant, a text and a target, which one row of 60 lacks.
fn table() -> String {
    let mut text = String::from("id,size,colour,planet,remark,kind\n");
    for row in 0..60 {
        let size = if row % 6 == 0 {
            String::new()
        } else {
            format!("{}.5", row % 7)
        };
        let colour = ["red", "blue", "red"][row % 3];
        let kind = ["", "a", "b"][if row == 7 { 0 } else { 1 + row % 2 }];
        let remark = format!("remark {} of many to be read by people", row * 3 / 4);
        writeln!(text, "{},{size},{colour},earth,{remark},{kind}", row + 1).unwrap();
    }
    text
}

fn inspected(wishes: &Columns, schema: Option<&Schema>) -> Result<Value, TabularError> {
    let options = frame::Options {
        schema: schema.cloned(),
        ..frame::Options::default()
    };
    let bytes = table().into_bytes();
    let frame = Frame::parse(Path::new("things.csv"), bytes, &options, &|_, _| {}).unwrap();
    let inspection = Inspection::new("things".into(), frame, wishes, schema)?;
    Ok(serde_json::to_value(inspection).unwrap())
}

/// Of each column: its name, its kind, missing cells and distinct ones.
fn columns(inspection: &Value) -> Value {
    let columns = inspection["columns"].as_array().unwrap().iter();
    let told =
        |column: &Value| ["name", "kind", "missing", "distinct"].map(|key| column[key].clone());
    columns.map(|column| json!(told(column))).collect()
}

#[test]
fn without_a_target_all_columns_are_told() {
    let found = inspected(&Columns::default(), None).unwrap();
    assert_eq!(
        (&found["name"], &found["rows"]),
        (&json!("things"), &json!(60))
    );
    assert_eq!(found["sha256"], model::sha256(table().as_bytes()));
    assert_eq!(found.get("target"), None);
    let expected = json!([
        ["id", "number", 0, 60],
        ["size", "number", 10, 7],
        ["colour", "category", 0, 2],
        ["planet", "category", 0, 1],
        ["remark", "text", 0, 45],
        ["kind", "category", 1, 2],
    ]);
    assert_eq!(columns(&found), expected);
    assert_eq!(
        found["columns"][2]["counts"],
        json!([["red", 40], ["blue", 20]])
    );
    let expected = json!([
        "`id` identifies rows: it is left out; --keep takes it",
        "`planet` has the same value in all rows: it is left out; --keep takes it",
        "`remark` is free text: 45 distinct texts: it is left out; --keep takes it",
    ]);
    assert_eq!(found["notes"], expected);
    let kept = Columns {
        keep: vec!["remark".into()],
        drop: vec!["id".into(), "planet".into()],
        ..Columns::default()
    };
    let found = inspected(&kept, None).unwrap();
    assert_eq!(
        found["notes"],
        json!(["`remark` is free text and is left out"])
    );
}

#[test]
fn with_a_target_it_is_what_a_run_would_learn_from() {
    let wishes = Columns {
        target: Some("kind".into()),
        ..Columns::default()
    };
    let found = inspected(&wishes, None).unwrap();
    assert_eq!(found["rows"], 59);
    assert_eq!(found["target"]["name"], "kind");
    assert_eq!(found["target"]["counts"], json!([["a", 30], ["b", 29]]));
    let expected = json!([["size", "number", 10, 7], ["colour", "category", 0, 2]]);
    assert_eq!(columns(&found), expected);
    let notes = found["notes"].as_array().unwrap();
    assert!(
        notes.contains(&json!("1 rows have no `kind` and are left out")),
        "{notes:?}"
    );
    assert_eq!(notes.len(), 4, "{notes:?}");
}

#[test]
fn a_schema_gives_units_and_the_target() {
    let bytes = table().into_bytes();
    let path = Path::new("things.csv");
    let frame = Frame::parse(path, bytes, &frame::Options::default(), &|_, _| {}).unwrap();
    let mut schema = Schema::of(&frame, None);
    schema.columns[1].unit = "cm".into();
    let found = inspected(&Columns::default(), Some(&schema)).unwrap();
    let names: Vec<&Value> = (found["columns"].as_array().unwrap().iter())
        .map(|column| &column["name"])
        .collect();
    // What the schema ignores is not read.
    assert_eq!(names, ["size", "colour", "kind"]);
    assert_eq!(found["columns"][0]["unit"], "cm");
    schema.columns[5].kind = frame::Kind::Target;
    let found = inspected(&Columns::default(), Some(&schema)).unwrap();
    assert_eq!(found["target"]["name"], "kind");
}

#[test]
fn a_column_that_is_not_there_is_refused() {
    for wishes in [
        Columns {
            target: Some("nothing".into()),
            ..Columns::default()
        },
        Columns {
            drop: vec!["nothing".into()],
            ..Columns::default()
        },
    ] {
        let error = inspected(&wishes, None).unwrap_err();
        assert_eq!(error.exit_code(), 2, "{error}");
    }
}

//! Schemas: read, written, refused, and what they do.

use std::path::Path;

use super::*;
use crate::DataError;
use crate::frame::Options;

fn parse(text: &str) -> Result<Schema, DataError> {
    Schema::parse(Path::new("schema.toml"), text)
}

fn frame(text: &str, schema: &str) -> Result<Frame, DataError> {
    let schema = Some(parse(schema)?);
    let options = Options {
        schema,
        ..Options::default()
    };
    Frame::parse(
        Path::new("a.csv"),
        text.as_bytes().to_vec(),
        &options,
        &|_, _| {},
    )
}

#[test]
fn a_schema_is_the_same_after_it_was_written() {
    let column = |name: &str, kind| ColumnSchema {
        name: name.into(),
        kind,
        unit: String::new(),
        description: String::new(),
        minimum: None,
        maximum: None,
        categories: Vec::new(),
    };
    let schema = Schema {
        columns: vec![
            ColumnSchema {
                unit: "µg/l".into(),
                description: "a \"quoted\" word,\na \\ and a # sign".into(),
                minimum: Some(-0.1),
                maximum: Some(f32::MAX),
                ..column("naïve 😀 [x] = \u{1}\u{7f}", Kind::Number)
            },
            ColumnSchema {
                categories: vec!["a, b".into(), "\"".into(), "tab\t".into()],
                ..column("words", Kind::Category)
            },
            column("when", Kind::Date),
            column("id", Kind::Ignored),
            ColumnSchema {
                minimum: Some(0.0),
                ..column("price", Kind::Target)
            },
        ],
    };
    let text = schema.to_toml();
    assert_eq!(parse(&text).unwrap(), schema, "{text}");
    assert!(text.starts_with("# The columns of a table."));
    assert_eq!(schema.target(), Some("price"));
    assert_eq!(parse("").unwrap(), Schema::default());
}

#[test]
fn limits_may_be_written_as_whole_numbers() {
    let schema = parse("[[column]]\nname='a'\ntype='number'\nminimum=0\nmaximum=1e3").unwrap();
    assert_eq!(
        (schema.columns[0].minimum, schema.columns[0].maximum),
        (Some(0.0), Some(1000.0))
    );
}

#[test]
fn broken_schemas_are_refused_with_their_line() {
    let column = "[[column]]\nname = \"a\"\n";
    for (text, part) in [
        (
            "[[column]]\ntype = \"number\"\n".to_owned(),
            "line 1: missing field `name`",
        ),
        (column.to_owned(), "line 1: missing field `type`"),
        (
            format!("{column}type = \"numeric\"\n"),
            "line 3: the type `numeric`; expected one of `number`, `category`",
        ),
        (
            format!("{column}type = \"number\"\nmin = 1\n"),
            "line 4: unknown field `min`",
        ),
        (format!("{column}type = 5\n"), "line 3: invalid type"),
        (format!("{column}type = \"number\n"), "line 3: "),
        (
            format!("{column}type = \"number\"\nminimum = nan\n"),
            "line 4: `minimum` of `a` is not finite",
        ),
        (
            format!("{column}type = \"number\"\nmaximum = 1e300\n"),
            "line 4: `maximum` of `a` is not finite",
        ),
        (
            format!("{column}type = \"number\"\nminimum = 2\nmaximum = 1\n"),
            "line 4: the minimum of `a` is above",
        ),
        (
            format!("{column}type = \"date\"\nminimum = 2\n"),
            "line 4: `a` has a minimum, but is no number",
        ),
        (
            format!("{column}type = \"number\"\ncategories = [\"x\"]\n"),
            "line 4: `a` has categories, but the type `number`",
        ),
        (
            format!("{column}type = \"category\"\ncategories = [1]\n"),
            "line 4: invalid type",
        ),
        (
            "[[column]]\nname = \" \"\ntype = \"date\"\n".into(),
            "line 2: `name` is empty",
        ),
        (
            format!("{column}type = \"date\"\n{column}type = \"date\"\n"),
            "line 5: the column `a` is there twice",
        ),
        (
            format!("{column}type = \"target\"\n[[column]]\nname=\"b\"\ntype = \"target\"\n"),
            "line 5: `a` and `b` are both the target",
        ),
        ("column = 3\n".into(), "line 1: invalid type"),
        ("columns = []\n".into(), "line 1: unknown field `columns`"),
        (format!("x = {}", "[".repeat(100_000)), "line 1: "),
        ("\u{0}".into(), "line 1: "),
    ] {
        let error = parse(&text).unwrap_err().to_string();
        assert!(error.contains(part), "{error} lacks {part}");
        assert!(!error.contains('\n'), "{error}");
    }
}

#[test]
fn a_schema_decides_the_types_and_checks_the_cells() {
    let text = "a,b,c,d\n1,1,x,5\n2,0,y,6\nNA,1,x,\n";
    let schema = |last: &str| {
        format!(
            "[[column]]\nname='b'\ntype='category'\ncategories=['0','1']\n\
             [[column]]\nname='c'\ntype='ignored'\n{last}"
        )
    };
    let read = frame(
        text,
        &schema("[[column]]\nname='a'\ntype='number'\nmaximum=2\n"),
    )
    .unwrap();
    let names: Vec<_> = read
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(names, ["a", "b", "d"]);
    assert!(
        matches!(&read.columns[1].cells, Cells::Categories { names, .. } if names == &["1", "0"])
    );
    for (last, part) in [
        (
            "[[column]]\nname='a'\ntype='number'\nmaximum=1.5\n",
            "`a.csv`, line 3: `a` is `2`; expected at most 1.5",
        ),
        (
            "[[column]]\nname='d'\ntype='target'\nminimum=6\n",
            "line 2: `d` is `5`; expected at least 6",
        ),
        (
            "[[column]]\nname='d'\ntype='target'\ncategories=['5']\n",
            "line 3: `d` is `6`, none of its categories",
        ),
        (
            "[[column]]\nname='a'\ntype='date'\n",
            "`a` is to be a date, but 2 of 2 cells are not",
        ),
        (
            "[[column]]\nname='e'\ntype='date'\n",
            "no column `e`, which the schema names",
        ),
    ] {
        let error = frame(text, &schema(last)).unwrap_err().to_string();
        assert!(error.contains(part), "{error} lacks {part}");
    }
}

#[test]
fn the_schema_of_a_frame_reads_the_same_frame() {
    let mut text = String::from("id,size,colour,when,name,price\n");
    for row in 0..60 {
        let colour = ["red", "blue"][row % 2];
        text += &format!(
            "{row},{}.5,{colour},2024-05-0{},name {row},{}\n",
            row % 7,
            1 + row % 9,
            row % 11
        );
    }
    let read = frame(&text, "").unwrap();
    let schema = Schema::of(&read, Some(5));
    let kinds: Vec<_> = schema
        .columns
        .iter()
        .map(|column| column.kind.word())
        .collect();
    assert_eq!(
        kinds,
        ["ignored", "number", "category", "date", "ignored", "target"]
    );
    assert_eq!(schema.columns[2].categories, ["blue", "red"]);
    let again = frame(&text, &schema.to_toml()).unwrap();
    let kept = [1, 2, 3, 5].map(|at| read.columns[at].clone());
    assert_eq!(again.columns, kept);
}

#[test]
fn a_file_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("schema.toml");
    std::fs::write(
        &path,
        "\u{feff}[[column]]\r\nname = \"a\"\r\ntype = \"date\"\r\n",
    )
    .unwrap();
    assert_eq!(Schema::read(&path).unwrap().columns[0].kind, Kind::Date);
    std::fs::write(&path, b"\xff\xfea\0").unwrap();
    assert!(
        Schema::read(&path)
            .unwrap_err()
            .to_string()
            .contains("UTF-16")
    );
    assert!(Schema::read(folder.path()).is_err());
}

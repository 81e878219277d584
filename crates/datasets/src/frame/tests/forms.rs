//! The same table in every form.

use std::cell::RefCell;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn every_form_is_the_same_table() {
    for text in [
        "size,colour\n1.5,red\n2,blue\n-3,red\n",
        "size , colour\r\n1.5, red\r\n\r\n2,blue\r\n-3,red",
        "\u{feff}size\tcolour\n1.5\tred\n2\tblue\n-3\tred\n",
        "size;colour\n1,5;red\n2;blue\n-3;red\n",
        "sep=;\nsize;colour\n1,5;red\n2;blue\n-3;red\n",
        "\"sep=|\"\r\nsize|colour\r\n1.5|red\r\n2|blue\r\n-3|red\r\n",
        "\"size\" \"colour\"\n1.5 \"red\"\n2 \"blue\"\n-3 \"red\"\n",
        "   size   colour\n    1.5  red\n    2    blue\n   -3    red\n",
        "size,colour\r1.5,red\r2,blue\r-3,red\r",
        "size,\tcolour\n1.5,\tred\n2,\tblue\n-3,\tred\n",
        "{\"size\": 1.5, \"colour\": \"red\"}\n{\"colour\":\"blue\",\"size\":2}\n{\"size\":-3,\"colour\":\"red\"}\n",
        " [ {\"size\": 1.5, \"colour\": \"red\"},\n {\"size\":2,\"colour\":\"bl\\u0075e\"},{\"size\":-3,\"colour\":\"red\"}]",
        "{\n\"size\": 1.5,\n\"colour\": \"red\"\n}\n{\"size\":2,\"colour\":\"blue\"}{\"size\":-3,\"colour\":\"red\"}",
    ] {
        for bytes in [text.as_bytes().to_vec(), gzip(text.as_bytes())] {
            let frame = parse_with(&bytes, &options()).unwrap();
            assert_eq!(names(&frame), ["size", "colour"], "{text}");
            assert_eq!(numbers(&frame, "size"), [1.5, 2.0, -3.0], "{text}");
            assert_eq!(words(&frame, "colour"), ["red", "blue", "red"], "{text}");
            assert_eq!(frame.rows, 3);
            assert_eq!(frame.sha256, model::sha256(&bytes));
        }
    }
}

#[test]
fn lines_are_those_of_the_file() {
    for (text, lines) in [
        ("a,b\n1,2\n\n3,4\n", vec![2, 4]),
        ("sep=;\na;b\n1;2\n", vec![3]),
        ("a,b\r1,2\r3,4\r", vec![2, 3]),
        ("a,b\n\"x\ny\",2\n3,4\n", vec![2, 4]),
        ("[\n{\"a\":1},\n\n{\"a\":\n2},{\"a\":3}]", vec![2, 4, 5]),
        ("1,2\n3,4\n", vec![1, 2]),
    ] {
        assert_eq!(parse(text).lines, lines, "{text}");
    }
}

#[test]
fn a_header_is_told_from_values() {
    for (text, expected) in [
        ("1.5,red\n2,blue\n", vec!["column_1", "column_2"]),
        (
            "2024-05-01,red\n2024-05-02,blue\n",
            vec!["column_1", "column_2"],
        ),
        ("y,n\nn,y\ny,n\n", vec!["column_1", "column_2"]),
        ("y,n\nn,y\n", vec!["y", "n"]),
        ("a,b\nn,y\ny,y\n", vec!["a", "b"]),
        (
            "6,2,good,bad\n1,2,0,1\n2,3,,1\n3,4,0,1\n4,5,1,1\n5,6,0,1\n6,7,1,0\n",
            vec!["6", "2", "good", "bad"],
        ),
    ] {
        assert_eq!(names(&parse(text)), expected, "{text}");
    }
    let years = "2019,2020\n1,2\n3,4\n";
    let with = |header| {
        let options = Options {
            header: Some(header),
            ..options()
        };
        parse_with(years.as_bytes(), &options).unwrap()
    };
    assert_eq!(names(&with(true)), ["2019", "2020"]);
    assert_eq!(numbers(&with(false), "column_1"), [2019.0, 1.0, 3.0]);
    assert!(parse(years).notes[0].contains("no names"));
}

#[test]
fn names_keep_their_spelling() {
    let frame = parse("\" Größe \"\"cm\"\"\n(alt) 😀\",\u{e4}\n1,2\n");
    assert_eq!(names(&frame), ["Größe \"cm\"\n(alt) 😀", "\u{e4}"]);
    // R leaves the column of row names without a name, and some programs end every row with a separator.
    let frame = parse("\"a\" \"b\"\n\"1\" 2 3\n\"2\" 4 5\n");
    assert_eq!(names(&frame), ["column_1", "a", "b"]);
    assert_eq!(numbers(&frame, "b"), [3.0, 5.0]);
    let frame = parse("a,b\n1,2,\n3,4,\n");
    assert_eq!(names(&frame), ["a", "b", "column_3"]);
    let frame = parse(",column_1,\n1,2,3\n");
    assert_eq!(names(&frame), ["column_1_", "column_1", "column_3"]);
    assert_eq!(frame.notes.len(), 2);
}

#[test]
fn the_separator_is_the_one_that_fits_all_rows() {
    for (text, separator) in [
        ("1,5;2,5\n3,1;4,2\n", b';'),
        ("a\nb\n", b','),
        ("my column\n1\n2\n", b','),
        ("a;b,c\n1;2,3\n", b';'),
        ("id,tags\n1,a;b\n2,c;d\n", b','),
        ("\"a;b\",c\n1,2\n", b','),
    ] {
        let mut notes = Vec::new();
        let file = File {
            path: Path::new("a.csv"),
        };
        let Rows::Delimited(table) = Rows::find(file, text, &options(), &mut notes).unwrap() else {
            panic!("{text}")
        };
        assert_eq!(table.separator, separator, "{text}");
    }
    let options = Options {
        separator: Some(b':'),
        ..options()
    };
    let frame = parse_with(b"a:b,c\n1:2\n", &options).unwrap();
    assert_eq!(names(&frame), ["a", "b,c"]);
}

#[test]
fn keys_come_in_the_order_in_which_they_appear() {
    let frame = parse("{\"b\":1,\"a\":null}\n{\"c\":true,\"b\":\"x\",\"a\":\"\"}\n{}\n");
    assert_eq!(names(&frame), ["b", "a", "c"]);
    assert_eq!(words(&frame, "b"), ["1", "x", ""]);
    assert_eq!(words(&frame, "c"), ["", "true", ""]);
    assert_eq!(cells(&frame, "a").missing(), 3);
}

#[test]
fn progress_goes_up_to_the_end() {
    let text = "a,b\n".to_owned() + &"1234567,words\n".repeat(400_000);
    let seen = RefCell::new(Vec::new());
    let progress = |done, total| seen.borrow_mut().push((done, total));
    Frame::parse(
        Path::new("a"),
        text.clone().into_bytes(),
        &options(),
        &progress,
    )
    .unwrap();
    let seen = seen.into_inner();
    assert!(seen.len() > 8 && seen.is_sorted());
    let total = 2 * text.len() as u64;
    assert_eq!(seen.last(), Some(&(total, total)));
    assert!(seen.iter().all(|(_, of)| *of == total));
}

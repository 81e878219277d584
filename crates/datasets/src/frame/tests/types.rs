//! The types of columns.

use super::*;

fn kind(frame: &Frame, name: &str) -> char {
    match cells(frame, name) {
        Cells::Numbers(_) => 'n',
        Cells::Categories { .. } => 'c',
        Cells::Dates(_) => 'd',
        Cells::Texts { .. } => 't',
    }
}

#[test]
fn the_cells_decide() {
    for (cells, expected) in [
        (vec!["1", "-2.5", "1e3", "", "NA"], 'n'),
        (vec!["", "?", "None", "-", "."], 'n'),
        (vec!["yes", "no"], 'c'),
        (vec!["true", "false", "null"], 'c'),
        (vec!["0x10", "0x1f"], 'c'),
        (vec!["00501", "10001"], 'c'),
        (vec!["01", "12", "07"], 'c'),
        (vec!["1", "two", "3"], 'c'),
        (vec!["$1,200", "$5", "-$7.50"], 'n'),
        (vec!["12 %", "3%"], 'n'),
        (vec!["12%", "3"], 'c'),
        (vec!["$12", "€3"], 'c'),
        (vec!["2024-05-01", "", "2024/05/02"], 'd'),
        (
            vec!["2024-05-01T10:00:30.5+02:00", "2024-05-02 11:00Z"],
            'd',
        ),
        (vec!["2024-05-01", "soon"], 'c'),
        (vec!["2023-02-29", "2024-13-01"], 'c'),
        (vec!["inf", "many", "3"], 'c'),
    ] {
        assert_eq!(kind(&parse(&column(&cells)), "x"), expected, "{cells:?}");
    }
}

#[test]
fn missing_cells_are_nan_and_the_largest_code() {
    let frame = parse("a,b,c\n1,x,2024-05-31\nNA,N/A,nan\n3,null,.\n");
    assert_eq!(numbers(&frame, "a"), [1.0, -999.0, 3.0]);
    let Cells::Categories { codes, names } = cells(&frame, "b") else {
        panic!()
    };
    assert_eq!(
        (codes.as_slice(), names.len()),
        (&[0, MISSING, MISSING][..], 1)
    );
    let Cells::Dates(dates) = cells(&frame, "c") else {
        panic!()
    };
    assert_eq!(dates[0], model::date::parts("2024-05-31"));
    assert_eq!(cells(&frame, "c").missing(), 2);
}

#[test]
fn names_of_categories_come_by_frequency_then_by_name() {
    let frame = parse(&column(["b", "c", "a", "c", "é"]));
    let Cells::Categories { codes, names } = cells(&frame, "x") else {
        panic!()
    };
    assert_eq!(names, &["c", "a", "b", "é"]);
    assert_eq!(codes, &[2, 0, 1, 0, 3]);
}

#[test]
fn commas_mean_what_the_column_says() {
    for (text, expected) in [
        ("x,y\n\"1,234\",a\n\"12,345.5\",b\n", vec![1234.0, 12345.5]),
        ("x,y\n\"1,5\",a\n\"2,25\",b\n", vec![1.5, 2.25]),
        ("x;y\n1,234;a\n2,5;b\n", vec![1.234, 2.5]),
        ("x;y\n1.234,5;a\n2;b\n", vec![1234.5, 2.0]),
        ("x;y\n1,234;a\n1;b\n", vec![1.234, 1.0]),
        ("x;y\n1,234;5.5\n1;2\n", vec![1234.0, 1.0]),
        ("x;y\n1.234;5,5\n1;2\n", vec![1234.0, 1.0]),
        ("x;y\n1.234;a\n1;b\n", vec![1.234, 1.0]),
        ("x;y\n$1,200;a\n$1.5;b\n", vec![1200.0, 1.5]),
    ] {
        assert_eq!(numbers(&parse(text), "x"), expected, "{text}");
    }
}

#[test]
fn a_number_in_another_style_than_the_others_makes_words() {
    let numbers = (0..100).map(|n| format!("{}.25", n % 60));
    let frame = parse(&column(numbers.chain(["9.733.333".to_owned()])));
    assert_eq!(kind(&frame, "x"), 't');
    assert!(
        frame.notes[0].contains("such as `9.733.333` in line 102"),
        "{:?}",
        frame.notes
    );
}

#[test]
fn few_words_among_many_numbers_are_missing_with_a_note() {
    let cells = |words: &[&str]| {
        let numbers = (0..200).map(|n| format!("{}.5", n % 150));
        column(numbers.chain(words.iter().map(ToString::to_string)))
    };
    let frame = parse(&cells(&["unknown", "unknown", "closed"]));
    assert_eq!(cells_missing(&frame), 3);
    assert!(
        frame.notes[0].contains("`unknown` in line 202, `closed` in line 204"),
        "{:?}",
        frame.notes
    );
    assert!(frame.notes[0].contains("--categorical \"x\""));
    // Four words are no accident; nor are eleven of two hundred cells.
    for words in [&["a", "b", "c", "d"][..], &["a"; 11]] {
        let frame = parse(&cells(words));
        assert_eq!(kind(&frame, "x"), 't');
        assert!(
            frame.notes[0].contains("--numeric \"x\""),
            "{:?}",
            frame.notes
        );
    }
    // Few distinct cells are categories.
    let few = (0..100)
        .map(|n| (n % 10).to_string())
        .chain(["other".into()]);
    let frame = parse(&column(few));
    assert_eq!(kind(&frame, "x"), 'c');
}

fn cells_missing(frame: &Frame) -> usize {
    assert_eq!(kind(frame, "x"), 'n');
    cells(frame, "x").missing()
}

#[test]
fn few_words_among_many_dates_are_missing_with_a_note() {
    let dates = (0..30).map(|day| format!("2024-05-{:02}", day + 1));
    let frame = parse(&column(dates.chain(["soon".to_owned()])));
    assert_eq!((kind(&frame, "x"), cells(&frame, "x").missing()), ('d', 1));
    assert!(frame.notes[0].contains("`soon` in line 32"));
}

#[test]
fn whole_numbers_are_codes_if_the_name_says_so() {
    let table =
        |name: &str, cells: &[&str]| parse(&column(cells).replacen("x;y", &format!("{name};y"), 1));
    for (name, cells, expected) in [
        ("zip_code", vec!["1", "2", "1"], 'c'),
        ("vehicleType", vec!["1", "2", "1"], 'c'),
        ("zip_code", vec!["1.5", "2", "1"], 'n'),
        ("rooms", vec!["1", "2", "1"], 'n'),
        ("typewriter", vec!["1", "2", "1"], 'n'),
    ] {
        let frame = table(name, &cells);
        assert_eq!(kind(&frame, name), expected, "{name}");
        assert_eq!(!frame.notes.is_empty(), expected == 'c');
    }
    let many: Vec<_> = (0..60).map(|n| n.to_string()).collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    assert_eq!(kind(&table("class", &many), "class"), 'n');
}

#[test]
fn a_few_leading_zeros_do_not_make_words() {
    let frame = parse(&column(
        (0..300).map(|n| if n == 7 { "07".into() } else { n.to_string() }),
    ));
    assert_eq!(numbers(&frame, "x")[7], 7.0);
}

#[test]
fn too_many_distinct_words_are_text() {
    let texts = |count: usize, rows: usize| {
        column((0..rows).map(move |row| format!("word {}", row % count)))
    };
    for (count, rows, expected) in [
        (49, 49, 'c'),
        (50, 50, 't'),
        (50, 100, 'c'),
        (51, 100, 't'),
        (1000, 3000, 'c'),
        (1001, 3000, 't'),
    ] {
        let frame = parse(&texts(count, rows));
        assert_eq!(kind(&frame, "x"), expected, "{count} of {rows}");
        if let Cells::Texts { distinct, .. } = cells(&frame, "x") {
            assert_eq!(*distinct, count);
        }
    }
    let options = Options {
        categorical: vec!["x".into()],
        ..options()
    };
    let frame = parse_with(texts(1500, 3000).as_bytes(), &options).unwrap();
    assert_eq!(words(&frame, "x")[1499], "word 1499");
}

#[test]
fn the_user_decides_otherwise() {
    let options = Options {
        categorical: vec!["a".into(), "c".into()],
        numeric: vec!["b".into(), "zip".into()],
        ..options()
    };
    let text = "a,b,c,zip\n1,2,inf,007\n1.0,x,1e999,008\n2,3,4,009\n";
    let frame = parse_with(text.as_bytes(), &options).unwrap();
    assert_eq!(words(&frame, "a"), ["1", "1.0", "2"]);
    assert_eq!(numbers(&frame, "b"), [2.0, -999.0, 3.0]);
    assert_eq!(words(&frame, "c"), ["inf", "1e999", "4"]);
    assert_eq!(numbers(&frame, "zip"), [7.0, 8.0, 9.0]);
    assert!(
        frame.notes[0].contains("`x` in line 3"),
        "{:?}",
        frame.notes
    );
}

#[test]
fn ascending_whole_numbers_are_noticed_beyond_the_precision_of_a_float() {
    let frame = parse("a,b,c,d\n9000000001,1,1,1\n9000000002,3,3,\n9000000003,2,4.0,3\n");
    let ascending: Vec<_> = frame
        .columns
        .iter()
        .map(|column| column.is_ascending)
        .collect();
    assert_eq!(ascending, [true, false, false, false]);
}

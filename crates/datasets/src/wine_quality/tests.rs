//! Files of wines in every form, and what is refused.

use crate::source::VARIABLE;

use std::fs;

use super::*;

const HEADER: &str = "fixed acidity;volatile acidity;citric acid;residual sugar;chlorides;\
     free sulfur dioxide;total sulfur dioxide;density;pH;sulphates;alcohol;quality\n";
const WINE: &str = "7.4;0.7;0;1.9;0.076;11;34;0.9978;3.51;0.56;9.4;5\n";
const COLUMNS: &str = "expected the columns fixed_acidity, volatile_acidity, citric_acid, \
     residual_sugar, chlorides, free_sulfur_dioxide, total_sulfur_dioxide, density, pH, \
     sulphates, alcohol and quality";

fn embedded() -> &'static str {
    str::from_utf8(EMBEDDED).unwrap()
}

fn parse(text: &str) -> Result<Wines, DataError> {
    Wines::parse(Path::new("wines.csv"), text.as_bytes())
}

/// How many wines have each of the qualities 0 to 10.
fn counts(wines: &Wines) -> [usize; 11] {
    let targets = &wines.quality;
    core::array::from_fn(|quality| targets.iter().filter(|t| **t == quality as f32).count())
}

#[test]
fn the_embedded_data_is_ucis() {
    let wines = Wines::load(None).unwrap();
    assert_eq!(wines.measurements.len(), 1599);
    assert_eq!(
        wines.measurements[0],
        [
            7.4, 0.7, 0.0, 1.9, 0.076, 11.0, 34.0, 0.9978, 3.51, 0.56, 9.4
        ]
    );
    assert_eq!(wines.quality[0], 5.0);
    assert_eq!(counts(&wines), [0, 0, 0, 10, 53, 681, 638, 199, 18, 0, 0]);
    let published = embedded().replace(',', ";");
    assert_eq!(parse(&published).unwrap().sha256, remote::FILES[0].sha256);
}

#[test]
fn the_white_wines_have_their_known_counts() {
    let folder = std::env::var_os(VARIABLE).map(|data| Path::new(&data).join("wine-quality"));
    let Some(folder) = folder.filter(|folder| folder.is_dir()) else {
        std::println!("skipped: {VARIABLE} names no folder with wine-quality in it");
        return;
    };
    let wines = Wines::load(Some(&folder)).unwrap();
    assert_eq!(wines.measurements.len(), 4898);
    assert_eq!(
        counts(&wines),
        [0, 0, 0, 20, 163, 1457, 2198, 880, 175, 5, 0]
    );
    assert_eq!(wines.sha256, remote::FILES[1].sha256);
}

#[test]
fn every_form_gives_the_same_wines() {
    let expected = parse(embedded()).unwrap();
    let reversed: String = embedded()
        .lines()
        .map(|line| line.split(',').rev().collect::<Vec<_>>().join(",") + "\n")
        .collect();
    for text in [
        embedded().replace(',', ";"),
        embedded().replace('"', ""),
        embedded().replace(' ', "_"),
        embedded().replace('"', "").replace(',', " ,\t"),
        embedded().replace('\n', "\r\n"),
        embedded().replace('\n', "\n\r\n \n\n"),
        "\u{feff}".to_string() + embedded(),
        "\n".to_string() + embedded().trim_end(),
        reversed,
    ] {
        let wines = parse(&text).unwrap();
        assert!(wines.measurements == expected.measurements);
        assert_eq!(wines.quality, expected.quality);
    }
}

#[test]
fn numberings_missing_cells_and_colours_are_dealt_with() {
    let expected = parse(embedded()).unwrap();
    let lines = |first: &str, rest: &dyn Fn(usize, &str) -> String| {
        let mut lines = embedded().lines();
        let header = first.to_owned() + lines.next().unwrap() + "\n";
        header
            + &lines
                .enumerate()
                .map(|(index, line)| rest(index, line))
                .collect::<String>()
    };
    for text in [
        lines("Id,", &|index, line| format!("{index},{line}\n")),
        lines("\"\",", &|index, line| format!("\"{index}\",{line}\n"))
            .replace("fixed acidity", "fixed.acidity"),
        lines("", &|index, line| format!("{index},{line}\n")),
        embedded().replace("volatile acidity", "Volatile Acidity"),
        embedded().replace(',', ";").replace('.', ","),
    ] {
        let wines = parse(&text).unwrap();
        assert!(wines.measurements == expected.measurements);
        assert_eq!((wines.notes.len(), wines.colour), (0, None));
    }
    let missing = lines("", &|index, line| match index % 100 {
        0 => line.replacen("7.4", "NA", 1) + "\n",
        _ => line.to_owned() + "\n",
    });
    let wines = parse(&missing).unwrap();
    assert!(wines.notes[0].ends_with("rows with missing cells are left out"));
    assert!(wines.measurements.len() < 1599);
    let both = lines("type,", &|index, line| {
        format!("{},{line}\n", if index < 1000 { "Red" } else { "white" })
    });
    let wines = parse(&both).unwrap();
    assert_eq!(
        (wines.measurements.len(), wines.colour),
        (1000, Some("red"))
    );
    assert!(wines.notes[0].contains("1000 red wines") && wines.notes[0].contains("599 white"));
    let named = Wines::parse(Path::new("winequality-white.csv"), embedded().as_bytes()).unwrap();
    assert_eq!(named.colour, Some("white"));
}

#[test]
fn bad_headers_are_refused() {
    for (header, problem) in [
        (
            HEADER.replace("pH", "acid"),
            "line 1: the column pH is missing",
        ),
        (
            "\n\r\n".to_string() + &HEADER.replace("quality", "taste"),
            "line 3: the column quality is missing",
        ),
        (
            HEADER.replace("pH;", ""),
            "line 1: the column pH is missing",
        ),
        (
            HEADER.replace("density", "quality"),
            "line 1: the column density is missing",
        ),
        (String::new(), "line 1: there is no header"),
    ] {
        let error = parse(&(header + &WINE.repeat(50))).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("`wines.csv`, {problem}; {COLUMNS}")
        );
    }
    for text in ["", "\u{feff}", "\n \r\n"] {
        let error = parse(text).unwrap_err();
        assert_eq!(error.to_string(), "`wines.csv`: is empty");
    }
    let row = WINE.replace('\n', ";3\n").repeat(50);
    for (column, problem) in [
        ("pH", "the column pH is there twice"),
        ("ash", "unknown column `ash`"),
    ] {
        let error = parse(&(HEADER.replace('\n', &format!(";{column}\n")) + &row)).unwrap_err();
        let expected = format!("`wines.csv`, line 1: {problem}");
        assert!(error.to_string().starts_with(&expected), "{error}");
    }
    let cultivars = parse(&("class,alcohol,proline\n".to_owned() + &"1,14.2,3\n".repeat(50)));
    assert!(
        cultivars
            .unwrap_err()
            .to_string()
            .contains("three cultivars")
    );
}

#[test]
fn bad_rows_are_refused_with_the_line() {
    for (rows, problem) in [
        (
            WINE.to_string() + "7.4;0.7\n",
            "line 3: 2 fields; expected 12, separated as in the header",
        ),
        (
            WINE.replace(';', ","),
            "line 2: 1 fields; expected 12, separated as in the header",
        ),
        (
            WINE.to_string() + "\r\n \n\n5;" + WINE,
            "line 6: 13 fields; expected 12, separated as in the header",
        ),
        (
            WINE.replace(";5\n", ";11\n"),
            "line 2: quality is `11`; expected a whole number from 0 to 10",
        ),
        (
            WINE.to_string() + &WINE.replace(";5\n", ";5.5"),
            "line 3: quality is `5.5`; expected a whole number from 0 to 10",
        ),
    ] {
        let error = parse(&(HEADER.to_string() + &rows)).unwrap_err();
        assert_eq!(error.to_string(), format!("`wines.csv`, {problem}"));
    }
}

#[test]
fn bad_numbers_are_refused_with_the_range() {
    let long = "1".repeat(90);
    let cut = format!("{}…", "1".repeat(40));
    let numbers: [(&str, &str); 6] = [
        ("1e9", "1e9"),
        ("-1", "-1"),
        ("inf", "inf"),
        ("7,4", "7,4"),
        ("\"7.4\n\"", "7.4 "),
        (&long, &cut),
    ];
    for (number, shown) in numbers {
        for (column, field) in FIELDS.iter().enumerate() {
            let mut fields: Vec<_> = WINE.split(';').collect();
            fields[column] = number;
            let text = HEADER.to_string() + WINE + &fields.join(";");
            let error = parse(&text).unwrap_err();
            let expected = format!(
                "`wines.csv`, line 3: {} is `{shown}`; expected a number from {} to {} {}",
                field.name, field.range[0], field.range[1], field.unit
            );
            assert_eq!(error.to_string(), expected.trim_end());
        }
    }
}

#[test]
fn few_wines_and_other_bytes_are_refused() {
    let few = HEADER.to_string() + &WINE.repeat(FEWEST - 1);
    let latin = [HEADER.as_bytes(), WINE.as_bytes(), b"\xb5"].concat();
    for (bytes, message) in [
        (
            few.as_bytes(),
            "`wines.csv`: 49 wines; expected at least 50",
        ),
        (
            latin.as_slice(),
            "`wines.csv`, line 3: is not UTF-8; if it is of Windows, `iconv -f WINDOWS-1252 -t UTF-8` converts it",
        ),
    ] {
        let error = Wines::parse(Path::new("wines.csv"), bytes).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
    assert!(parse(&(few + WINE)).is_ok());
}

#[test]
fn a_folder_stands_for_the_white_wines() {
    let folder = tempfile::tempdir().unwrap();
    let error = Wines::load(Some(folder.path())).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "`{}`: expected winequality-white.csv in this folder; name another, or a file",
            folder.path().display()
        )
    );
    let path = folder.path().join(WHITE);
    let error = Wines::load(Some(&path)).unwrap_err();
    assert!(matches!(&error, DataError::ReadData { path: named, .. } if *named == path));
    fs::write(&path, HEADER.to_string() + &WINE.repeat(60)).unwrap();
    for path in [folder.path(), &path] {
        let wines = Wines::load(Some(path)).unwrap();
        assert_eq!(wines.measurements.len(), 60);
    }
}

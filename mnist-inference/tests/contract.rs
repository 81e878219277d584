//! The contract of the module, case by case: the same table for the native program, for the module that Cargo
//! builds and for the one that `pack` makes, in three hosts.
//!
//! On a machine without `wasmtime` or Node their part is left out; with the variable `CI` set it is an error.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use testing::WASMTIME;
use testing::contract::Case;

/// Side of an image, in pixels.
const SIDE: usize = 28;

/// The array that the blog post gives to its module.
const BLOG: &str = include_str!("blog.json");

/// A drawn seven: `pixel` gives the text of a pixel, ink or paper.
fn seven(pixel: impl Fn(bool) -> &'static str) -> Vec<Vec<&'static str>> {
    let row = |y: usize| {
        let ink = |x: usize| {
            let bar = (5..8).contains(&y) && (7..21).contains(&x);
            let stem = (8..24).contains(&y) && (0..3).contains(&(x + y / 2).wrapping_sub(22));
            bar || stem
        };
        (0..SIDE).map(|x| pixel(ink(x))).collect()
    };
    (0..SIDE).map(row).collect()
}

fn joined(rows: &[Vec<&str>]) -> String {
    format!("[{}]", rows.concat().join(", "))
}

fn nested(rows: &[Vec<&str>]) -> String {
    let rows: Vec<_> = rows
        .iter()
        .map(|row| format!("[{}]", row.join(",")))
        .collect();
    format!("[{}]", rows.join(","))
}

fn flat() -> String {
    joined(&seven(|ink| if ink { "255" } else { "0" }))
}

/// The seven with one pixel replaced: the last of the first row.
fn with_pixel(value: &str) -> Case {
    let mut rows = seven(|ink| if ink { "250.0" } else { "0.0" });
    let text = joined(&{
        rows[0][SIDE - 1] = "?";
        rows
    });
    Case::new(&[&text.replace('?', value)])
}

fn cases() -> Vec<Case> {
    let flat = flat();
    let rows = seven(|ink| if ink { "2.55e2" } else { "0.0" });
    let nested = nested(&rows);
    let short = |rows: &[Vec<&str>], row: usize| {
        let mut rows = rows.to_vec();
        rows[row].pop();
        self::nested(&rows)
    };
    let lines = format!("{flat}\n{nested}\r\n{BLOG}");
    let mixed = format!("{flat}\nseven\n\n[{flat}]\n[1, 2]\n{BLOG}\n");
    let long = format!("{}\n{flat}\n", " ".repeat(70_000));
    vec![
        // Good input.
        Case::new(&[BLOG]),
        Case::new(&["--json", BLOG]),
        Case::new(&[&flat]),
        Case::new(&[&nested, "--json"]),
        Case::new(&[&format!("[{flat}, {nested}]")]),
        Case::new(&[&format!("[{nested}]")]),
        Case::new(&["--json", &format!("[{BLOG}, {flat}]")]),
        Case::new(&[&flat.replace("255", "0")]),
        with_pixel("255"),
        with_pixel("0.25e1"),
        // Streams.
        Case::with_input(&["-"], lines.as_bytes()),
        Case::with_input(&["--json", "-"], lines.as_bytes()),
        Case::with_input(&["-"], mixed.as_bytes()),
        Case::with_input(&["-", "--json"], mixed.as_bytes()),
        Case::with_input(&["-"], b""),
        Case::with_input(&["-"], b"\xff\xfe\n"),
        Case::with_input(&["-"], long.as_bytes()),
        // Help and bad usage.
        Case::new(&["--help"]),
        Case::new(&["--version"]),
        Case::new(&[]),
        Case::new(&["--json"]),
        Case::new(&["--jsn", &flat]),
        Case::new(&["[0,", "0]"]),
        // Bad input: not JSON.
        Case::new(&[""]),
        Case::new(&["4"]),
        Case::new(&["4.png"]),
        Case::new(&[flat.trim_end_matches(']')]),
        Case::new(&[&"[".repeat(10_000)]),
        // Bad input: not an image.
        Case::new(&["null"]),
        Case::new(&["{}"]),
        Case::new(&["{\"pixels\": [0]}"]),
        Case::new(&["\"4\""]),
        Case::new(&["[]"]),
        Case::new(&["[[]]"]),
        Case::new(&["[[[]]]"]),
        Case::new(&["[0]"]),
        Case::new(&[&flat.replacen("0, ", "", 1)]),
        Case::new(&[&flat.replacen("0, ", "0, 0, ", 1)]),
        Case::new(&[&format!("[{0}, {0}]", &flat[1..flat.len() - 1])]),
        Case::new(&[&short(&rows, 0)]),
        Case::new(&[&short(&rows, 27)]),
        Case::new(&[&self::nested(&rows[1..])]),
        Case::new(&[&self::nested(&[&rows[..], &rows[..1]].concat())]),
        Case::new(&[&nested.replacen("],[", "],7,[", 1)]),
        Case::new(&[&nested.replacen("0.0", "[0.0]", 1)]),
        Case::new(&[&format!("[{flat}, [], {flat}]")]),
        Case::new(&[&format!("[{flat}, {BLOG}, 4]")]),
        // Bad input: not a pixel.
        with_pixel("255.5"),
        with_pixel("0.5"),
        with_pixel("256"),
        with_pixel("-1"),
        with_pixel("-0.0"),
        with_pixel("1e300"),
        with_pixel("1e999"),
        with_pixel("NaN"),
        with_pixel("Infinity"),
        with_pixel("\"0\""),
        with_pixel("null"),
        with_pixel("true"),
        with_pixel("[0]"),
        with_pixel("{}"),
        with_pixel(&format!("\"{}\"", "é".repeat(100))),
    ]
}

/// A line that is too long for the transcript.
fn long_cases() -> Vec<Case> {
    let line = format!("[\"{}\"]\n{}\n", "x".repeat(10_000_000), flat());
    vec![Case::with_input(&["-", "--json"], line.as_bytes())]
}

testing::contract_tests! {
    name: "mnist-inference",
    model: "../../artifacts/mnist/model.safetensors",
    memory: 2 * 1024 * 1024,
    size: 496 * 1024,
    cases: cases(),
    more_cases: long_cases(),
    line: &flat(),
}

#[test]
fn the_blogs_array_is_a_four() {
    let response = CONTRACT.native(&Case::new(&[BLOG])).unwrap();
    assert_eq!((response.code, &response.output[..]), (0, &b"4\n"[..]));
}

/// What an IDX file holds after its header.
fn idx(path: &Path, header: usize) -> Vec<u8> {
    let packed = std::fs::read(path).unwrap();
    let mut bytes = Vec::new();
    GzDecoder::new(&packed[..]).read_to_end(&mut bytes).unwrap();
    bytes.split_off(header)
}

/// MNIST is not part of the project: the test needs the folder that the variable names.
#[test]
fn at_least_99_5_percent_of_the_test_images_are_recognised() {
    let Some(folder) = std::env::var_os("BURN_ALGORITHMS_DATA") else {
        eprintln!("BURN_ALGORITHMS_DATA names no folder: left out");
        return;
    };
    let folder = Path::new(&folder).join("mnist");
    let images = idx(&folder.join("t10k-images-idx3-ubyte.gz"), 16);
    let labels = idx(&folder.join("t10k-labels-idx1-ubyte.gz"), 8);
    assert_eq!(labels.len(), 10_000);
    let line = |image: &[u8]| serde_json::to_string(image).unwrap() + "\n";
    let input: String = images.chunks_exact(SIDE * SIDE).map(line).collect();
    let case = Case::with_input(&["-"], input.as_bytes());
    let module = CONTRACT.packed().unwrap();
    if !WASMTIME.can_be_tested() {
        return;
    }
    let memory = Some(CONTRACT.memory);
    let response = case.run(|request| WASMTIME.run(module.path(), memory, request));
    let response = response.unwrap();
    let answers = String::from_utf8(response.output).unwrap();
    let right = (answers.lines().zip(&labels))
        .filter(|(answer, label)| *answer == label.to_string())
        .count();
    assert_eq!(answers.lines().count(), labels.len());
    assert!(right >= 9_950, "{right}");
}

#[test]
fn describe_tells_what_the_module_takes_and_is() {
    let description = CONTRACT.description().unwrap();
    let image = &description["input"]["image"];
    for (name, number) in [
        ("height", 28),
        ("width", 28),
        ("channels", 1),
        ("maximum", 255),
    ] {
        assert_eq!(image[name], number, "{name}");
    }
    assert_eq!(image["mean"], serde_json::json!([0.1307]));
    assert_eq!(
        description["output"]["classes"].as_array().unwrap().len(),
        10
    );
    assert!(description["metrics"]["test_accuracy"].as_f64().unwrap() >= 0.995);
    assert_eq!(description["training"]["test_rows"], 10_000);
}

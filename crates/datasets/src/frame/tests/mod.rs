//! Tables in every form, with every type, and what is refused.

mod forms;
mod random;
mod real;
mod refused;
mod types;

use std::path::Path;

use super::*;

fn options() -> Options {
    Options::default()
}

fn parse_with(bytes: &[u8], options: &Options) -> Result<Frame, DataError> {
    Frame::parse(Path::new("a.csv"), bytes.to_vec(), options, &|_, _| {})
}

fn parse(text: &str) -> Frame {
    parse_with(text.as_bytes(), &options()).unwrap()
}

fn refused(bytes: impl AsRef<[u8]>, options: &Options) -> String {
    let error = parse_with(bytes.as_ref(), options).unwrap_err().to_string();
    assert!(!error.contains('\n') && !error.ends_with('.'), "{error}");
    error
}

fn names(frame: &Frame) -> Vec<&str> {
    frame
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect()
}

fn cells<'a>(frame: &'a Frame, name: &str) -> &'a Cells {
    &frame.columns[frame.position(name).unwrap()].cells
}

/// The numbers of a column; -999 is a missing one.
fn numbers(frame: &Frame, name: &str) -> Vec<f32> {
    let Cells::Numbers(numbers) = cells(frame, name) else {
        panic!("{name} has {:?}", cells(frame, name))
    };
    let number = |n: &f32| if n.is_nan() { -999.0 } else { *n };
    numbers.iter().map(number).collect()
}

/// The words of a column; a missing one is empty.
fn words(frame: &Frame, name: &str) -> Vec<String> {
    let Cells::Categories { codes, names } = cells(frame, name) else {
        panic!("{name} has {:?}", cells(frame, name))
    };
    let word = |code: &u32| names.get(*code as usize).cloned().unwrap_or_default();
    codes.iter().map(word).collect()
}

/// A table of one column `x` with these cells.
fn column<T: std::fmt::Display>(cells: impl IntoIterator<Item = T>) -> String {
    let mut text = String::from("x;y\n");
    for cell in cells {
        text += &format!("{cell};w\n");
    }
    text
}

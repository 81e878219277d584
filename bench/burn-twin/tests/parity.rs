//! The shipped models against Burn's own forward pass of the same weights, on JSON as users write it.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use datasets::{iris, json, news, wine_quality};
use model::{AlignedBytes, Model};
use runtime::{Any, Prediction, Runtime};
use training::Backend;
use training::reference::Reference;

/// How far two numbers may be apart.
const TOLERANCE: f32 = 1e-5;
/// The same where numbers are rounded to steps: Burn adds floats up in another order, and one may come to lie on the other side of a half.
const TOLERANCE_OF_STEPS: f32 = 1e-3;

/// The numbers of the answer to `row`.
fn numbers(runtime: &mut Runtime<'_>, row: &str) -> Vec<f32> {
    match runtime.predict(row, false).unwrap().prediction {
        Prediction::Class { probabilities, .. } => probabilities.to_vec(),
        Prediction::Number { value, .. } => vec![value],
    }
}

fn agree(model: &[u8], rows: impl Iterator<Item = String>, tolerance: f32) {
    let bytes = AlignedBytes::new(model);
    let mut ours = Runtime::open::<Any>(&bytes).unwrap();
    let read = Model::read(&bytes).unwrap();
    let burn = Reference::new(&read, &Backend::Flex.device()).unwrap();
    let mut burn = Runtime::with_network::<Any>(read, Box::new(burn)).unwrap();
    let mut count = 0;
    for row in rows {
        let (ours, burn) = (numbers(&mut ours, &row), numbers(&mut burn, &row));
        for (ours, burn) in ours.iter().zip(&burn) {
            assert!((ours - burn).abs() <= tolerance, "{row}: {ours}, {burn}");
        }
        count += 1;
    }
    assert!(count >= 50, "{count} rows");
}

#[test]
fn iris() {
    let flowers = iris::Flowers::load(None).unwrap().measurements;
    let rows = flowers.iter().map(|row| json::table(&iris::FIELDS, row));
    agree(
        include_bytes!("../../../artifacts/iris/model.safetensors"),
        rows,
        TOLERANCE,
    );
}

#[test]
fn wine_quality() {
    let wines = wine_quality::Wines::load(None).unwrap().measurements;
    let rows = wines
        .iter()
        .map(|row| json::table(&wine_quality::FIELDS, row));
    let model = include_bytes!("../../../artifacts/wine-quality/model.safetensors");
    agree(model, rows, TOLERANCE);
}

/// Strokes at all angles, thin and thick.
#[test]
fn mnist() {
    let rows = (0..60).map(|index| {
        let (sine, cosine) = (0.1 * index as f32).sin_cos();
        let pixels: Vec<u8> = (0..28 * 28)
            .map(|pixel| {
                let (x, y) = ((pixel % 28) as f32 - 13.5, (pixel / 28) as f32 - 13.5);
                let (along, across) = (x * cosine + y * sine, y * cosine - x * sine);
                let ink = 255.0 - 80.0 * across.abs() / (1 + index % 3) as f32;
                if along.abs() < 9.0 { ink as u8 } else { 0 }
            })
            .collect();
        json::image(&pixels)
    });
    agree(
        include_bytes!("../../../artifacts/mnist/model.safetensors"),
        rows,
        TOLERANCE_OF_STEPS,
    );
}

/// Articles of any length, of words that news are made of and one that they are not.
#[test]
fn agnews() {
    const WORDS: [&str; 16] = [
        "the",
        "president",
        "shares",
        "game",
        "software",
        "of",
        "says",
        "team",
        "profit",
        "war",
        "new",
        "internet",
        "oil",
        "coach",
        "space",
        "zyxwv",
    ];
    let rows = (0..160).map(|index: usize| {
        let words = |count: usize| {
            let word = |step: usize| WORDS[(index * (step + 7) + step * step) % WORDS.len()];
            (0..count).map(word).collect::<Vec<_>>().join(" ")
        };
        json::text(&news::schema(), &[words(1 + index % 9), words(index % 150)])
    });
    agree(
        include_bytes!("../../../artifacts/agnews/model.safetensors"),
        rows,
        TOLERANCE,
    );
}

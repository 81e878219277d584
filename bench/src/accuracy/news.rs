//! AG News: all 7,600 test articles, as published and without what the collection has left in them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use datasets::json;
use datasets::news::{self, CLASSES, cleaning};
use testing::answers::{Answer, difference};

use super::report;

/// Bins of probabilities that a calibration error is measured over.
const BINS: usize = 15;

/// Streams the test articles through the module in wasmtime, and through the same with Burn's forward
/// pass.
pub fn run(folder: &Path) -> Result<()> {
    let path = folder.join("test.csv");
    let file = fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let (mut classes, mut published, mut cleaned) = (Vec::new(), String::new(), String::new());
    for article in news::read(&path, &file)? {
        classes.push(CLASSES.get(article.class).unwrap_or(&"").to_string());
        let line = |parts: &[String]| json::text(&news::schema(), parts) + "\n";
        let parts = [article.title, article.description];
        published += &line(&parts);
        cleaned += &line(&parts.map(|part| cleaning::remove(&part)));
    }
    let module = super::stream("agnews-inference", published.as_bytes())?;
    report("agnews-inference.wasm in wasmtime", &module, &classes)?;
    println!(
        "Its expected calibration error is {:.2} %.",
        100.0 * calibration_error(&module, &classes)
    );
    let without = super::stream("agnews-inference", cleaned.as_bytes())?;
    report(
        "The same without the remains of the collection",
        &without,
        &classes,
    )?;
    let burn = super::stream_with_burn("agnews-inference", published.as_bytes())?;
    report("Burn's forward pass, in wasmtime", &burn, &classes)?;
    let (others, largest) = difference(&module, &burn);
    println!(
        "They differ on {others} articles; the largest difference of a probability is {largest:.1e}."
    );
    Ok(())
}

/// How far the highest probability and the share of right answers are apart, bin by bin, by rows.
fn calibration_error(answers: &[Answer], classes: &[String]) -> f64 {
    let mut gaps = [0.0; BINS];
    for (answer, class) in answers.iter().zip(classes) {
        let certainty = answer.probabilities.iter().copied().fold(0.0, f64::max);
        let bin = ((certainty * BINS as f64) as usize).min(BINS - 1);
        let right = f64::from(u8::from(answer.class == *class));
        if let Some(gap) = gaps.get_mut(bin) {
            *gap += certainty - right;
        }
    }
    gaps.iter().map(|gap: &f64| gap.abs()).sum::<f64>() / classes.len().max(1) as f64
}

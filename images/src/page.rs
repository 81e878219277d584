//! The report as a page: figures, curves, and the pictures that are most confidently wrong.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;
use tabular::looped::{Looped, page};
use tabular::preset::Targets;
use tabular::view::Subject;
use training::TrainingError;
use training::artifacts::NamedBytes;
use training::report::Outcome;
use training::task::Classes;

/// A picture as a model sees it.
#[derive(Debug, Clone, Copy)]
pub struct Picture<'a> {
    /// What it is called: its file, or where it comes from.
    pub name: &'a str,
    /// Width and height, in pixels.
    pub size: [usize; 2],
    /// Row by row from the top, from 0 to 255: a number for each pixel, or red, green and blue.
    pub pixels: &'a [u8],
}

/// `report.html` of what came of a run on pictures of `classes`. `picture` gives that of a row.
///
/// # Errors
///
/// If the model does not answer.
pub fn files<'p>(
    outcome: &Outcome<'_>,
    classes: &Classes,
    notes: &[String],
    picture: &dyn Fn(usize) -> Picture<'p>,
) -> Result<Vec<NamedBytes<'static>>, TrainingError> {
    page(&Looped {
        subject: Subject::Images,
        outcome,
        test: None,
        target: &classes.target("the class"),
        columns: &[],
        notes,
        example: "",
        show: &|row| shown(picture(row)),
        line: &|row| (row + 1) as u32,
    })
}

/// A picture as the page takes it: its name, and itself as an address (RFC 2397).
fn shown(picture: Picture<'_>) -> String {
    let png = png(picture.size, picture.pixels).unwrap_or_default();
    let address = format!("data:image/png;base64,{}", BASE64_STANDARD.encode(png));
    json!({"name": picture.name, "address": address}).to_string()
}

/// The PNG file of a picture of `[width, height]`, with `pixels` as in [`Picture`].
///
/// # Errors
///
/// If there are more or fewer of them.
pub fn png([width, height]: [usize; 2], pixels: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width as u32, height as u32);
    encoder.set_color(match pixels.len() == width * height {
        true => png::ColorType::Grayscale,
        false => png::ColorType::Rgb,
    });
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_in_its_address() {
        for channels in [1, 3] {
            let pixels: Vec<u8> = (0..4 * 2 * channels).collect();
            let picture = Picture {
                name: "a \"b\".png",
                size: [4, 2],
                pixels: &pixels,
            };
            let shown: serde_json::Value = serde_json::from_str(&shown(picture)).unwrap();
            assert_eq!(shown["name"], picture.name);
            let address = shown["address"].as_str().unwrap();
            let encoded = address.strip_prefix("data:image/png;base64,").unwrap();
            let png = BASE64_STANDARD.decode(encoded).unwrap();
            let decoded = image::load_from_memory(&png).unwrap();
            assert_eq!((decoded.width(), decoded.height()), (4, 2));
            assert_eq!(decoded.as_bytes(), pixels);
        }
    }
}

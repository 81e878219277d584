//! From a picture of a digit to the answer: what `convert-image` makes of it, and the module of that.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::io::Cursor;
use std::path::Path;

use convert_image::{Inversion, convert};
use image::{ImageFormat, Rgb, RgbImage};
use testing::Request;

/// Distance of a point from a stroke, in pixels.
fn distance((x, y): (f32, f32), [(x1, y1), (x2, y2)]: [(f32, f32); 2]) -> f32 {
    let (dx, dy) = (x2 - x1, y2 - y1);
    let along = ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy);
    let along = along.clamp(0.0, 1.0);
    (x - x1 - along * dx).hypot(y - y1 - along * dy)
}

/// A photograph, or nearly: dark ink on yellowish paper, off the centre, the light from one side.
fn photograph(strokes: &[[(f32, f32); 2]]) -> Vec<u8> {
    let picture = RgbImage::from_fn(640, 480, |x, y| {
        let place = (x as f32, y as f32);
        // Grain, always the same.
        let grain = (x * 7919 + y * 104_729) % 11;
        let paper = 235.0 - 60.0 * place.0 / 640.0 - 30.0 * place.1 / 480.0 - grain as f32;
        let nearest = strokes.iter().map(|stroke| distance(place, *stroke));
        let ink = ((11.0 - nearest.fold(f32::INFINITY, f32::min)) / 2.0 + 0.5).clamp(0.0, 1.0);
        let value = paper * (1.0 - ink) + 55.0 * ink;
        Rgb([value as u8, (0.97 * value) as u8, (0.9 * value) as u8])
    });
    let mut png = Vec::new();
    picture
        .write_to(&mut Cursor::new(&mut png), ImageFormat::Png)
        .unwrap();
    png
}

/// What the module says to a picture.
fn answer(picture: &[u8]) -> String {
    let array = convert(picture, Inversion::Detect).unwrap().to_string();
    let request = Request {
        arguments: &[&array],
        input: b"",
    };
    let program = Path::new(env!("CARGO_BIN_EXE_mnist-inference"));
    let response = testing::native(program, request).unwrap();
    assert_eq!(response.code, 0);
    String::from_utf8(response.output).unwrap()
}

#[test]
fn the_picture_beside_the_module_is_a_four() {
    assert_eq!(answer(include_bytes!("../4.png")), "4\n");
}

#[test]
fn photographed_digits_are_recognised() {
    let four = [
        [(300.0, 90.0), (200.0, 270.0)],
        [(200.0, 270.0), (380.0, 265.0)],
        [(345.0, 150.0), (335.0, 380.0)],
    ];
    let one = [[(420.0, 120.0), (400.0, 400.0)]];
    let seven = [
        [(80.0, 60.0), (260.0, 50.0)],
        [(260.0, 50.0), (150.0, 330.0)],
    ];
    for (strokes, expected) in [(&four[..], "4\n"), (&one, "1\n"), (&seven, "7\n")] {
        assert_eq!(answer(&photograph(strokes)), expected);
    }
}

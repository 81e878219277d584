//! Pictures of the same digit in every form give the same numbers.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::io::Cursor;

use convert_image::scale::BOX;
use convert_image::{ConvertError, Digit, Inversion, SIDE, convert, convert_each, digit};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{DynamicImage, ExtendedColorType, GrayImage, ImageEncoder, ImageFormat, Luma, Rgba};
use image::{Rgb, RgbImage, RgbaImage};

/// A "4" of thick strokes, drawn at (`left`, `top`), `height` pixels high and three quarters as
/// wide.
fn is_four(x: u32, y: u32, left: u32, top: u32, height: u32) -> bool {
    let across = (f64::from(x) + 0.5 - f64::from(left)) / f64::from(height);
    let down = (f64::from(y) + 0.5 - f64::from(top)) / f64::from(height);
    let upright = (0.48..0.62).contains(&across) && (0.0..1.0).contains(&down);
    let bar = (0.0..0.75).contains(&across) && (0.58..0.72).contains(&down);
    let on_slope = (across - 0.55 + 0.85 * down).abs() < 0.09;
    upright || bar || (on_slope && (0.0..0.72).contains(&down) && across >= 0.0)
}

/// A "4" in black on white.
fn drawn() -> GrayImage {
    GrayImage::from_fn(200, 160, |x, y| match is_four(x, y, 30, 20, 100) {
        true => Luma([0]),
        false => Luma([255]),
    })
}

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn png(image: impl Into<DynamicImage>) -> Vec<u8> {
    encoded(&image.into(), ImageFormat::Png)
}

fn detected(bytes: &[u8]) -> Digit {
    convert(bytes, Inversion::Detect).unwrap()
}

/// Mean absolute difference between two digits' pixels, with one of them moved by up to a pixel:
/// the least thing may decide to which side the centre of mass is rounded.
fn difference(a: &Digit, b: &Digit) -> f64 {
    let moved = |across: usize, down: usize| -> f64 {
        let pixels = (0..SIDE).flat_map(|y| (0..SIDE).map(move |x| (x, y)));
        let differences = pixels.map(|(x, y)| {
            let moved = b.at((x + across).wrapping_sub(1), (y + down).wrapping_sub(1));
            f64::from(a.at(x, y).abs_diff(moved))
        });
        differences.sum::<f64>() / (SIDE * SIDE) as f64
    };
    let shifts = (0..3).flat_map(|across| (0..3).map(move |down| (across, down)));
    let differences = shifts.map(|(across, down)| moved(across, down));
    differences.fold(f64::INFINITY, f64::min)
}

/// Whether the digit has the size and the place of one of MNIST's.
fn assert_like_mnist(digit: &Digit) {
    let (mut mass, mut moments) = (0.0, [0.0, 0.0]);
    let (mut columns, mut rows) = (vec![], vec![]);
    for y in 0..SIDE {
        for x in 0..SIDE {
            let value = f64::from(digit.at(x, y));
            mass += value;
            moments[0] += value * x as f64;
            moments[1] += value * y as f64;
            if value > 0.0 {
                columns.push(x);
                rows.push(y);
            }
        }
    }
    let extent = |places: &[usize]| places.iter().max().unwrap() - places.iter().min().unwrap() + 1;
    let (width, height) = (extent(&columns), extent(&rows));
    assert_eq!(width.max(height), BOX);
    for moment in moments {
        assert!((moment / mass - 14.0).abs() <= 0.51, "{}", moment / mass);
    }
    assert_eq!(digit.pixels().iter().max(), Some(&255));
    // Three quarters as wide as it is high.
    assert!((15..=16).contains(&width), "{width}");
}

#[test]
fn every_format_and_colour_type_gives_the_same_numbers() {
    let grey = DynamicImage::from(drawn());
    let reference = detected(&png(drawn()));
    assert_like_mnist(&reference);

    for image in [
        grey.to_luma_alpha8().into(),
        grey.to_rgb8().into(),
        grey.to_rgba8().into(),
        grey.to_luma16().into(),
        grey.to_luma_alpha16().into(),
        grey.to_rgb16().into(),
        DynamicImage::from(grey.to_rgba16()),
    ] {
        assert_eq!(detected(&png(image)), reference);
    }
    let rgba = DynamicImage::from(grey.to_rgba8());
    for (image, format) in [
        (&grey, ImageFormat::Bmp),
        (&rgba, ImageFormat::Bmp),
        (&rgba, ImageFormat::Gif),
        (&rgba, ImageFormat::WebP),
    ] {
        let digit = detected(&encoded(image, format));
        assert!(difference(&digit, &reference) < 0.5, "{format:?}");
    }
    for (quality, most) in [(50, 6.0), (75, 3.0), (95, 1.0)] {
        let mut jpeg = Vec::new();
        let encoder = JpegEncoder::new_with_quality(&mut jpeg, quality);
        grey.write_with_encoder(encoder).unwrap();
        let difference = difference(&detected(&jpeg), &reference);
        assert!(difference < most, "quality {quality}: {difference}");
    }
}

/// A stroke as MNIST would have it: 20 pixels high, in the middle, on black.
fn as_in_mnist() -> GrayImage {
    GrayImage::from_fn(28, 28, |x, y| match (x, y) {
        (12..16, 4..24) => Luma([if y == 9 { 90 } else { 255 }]),
        _ => Luma([0]),
    })
}

#[test]
fn an_image_that_is_mnist_s_already_is_left_as_it_is() {
    let digit = as_in_mnist();
    let negative = GrayImage::from_fn(28, 28, |x, y| Luma([255 - digit.get_pixel(x, y).0[0]]));
    let rgb = DynamicImage::from(digit.clone()).to_rgb16();
    for (bytes, inversion) in [
        (png(digit.clone()), Inversion::Detect),
        (png(digit.clone()), Inversion::Never),
        (png(negative.clone()), Inversion::Detect),
        (png(negative), Inversion::Always),
        (png(rgb), Inversion::Detect),
    ] {
        let found = convert(&bytes, inversion).unwrap();
        assert_eq!(found.pixels()[..], digit.as_raw()[..]);
    }
}

#[test]
fn a_photo_of_28_pixels_is_cleaned_as_any_other() {
    let reference = detected(&png(drawn()));
    let large = GrayImage::from_fn(280, 280, |x, y| {
        let paper = 200 - (x / 10) as u8;
        Luma([if is_four(x, y, 60, 40, 150) {
            40
        } else {
            paper
        }])
    });
    for side in [28, 30, 56, 140] {
        let filter = image::imageops::FilterType::Triangle;
        let small = image::imageops::resize(&large, side, side, filter);
        let difference = difference(&detected(&png(small)), &reference);
        assert!(difference < 12.0, "{side}: {difference}");
    }
}

#[test]
fn only_the_sheet_counts() {
    let reference = detected(&png(drawn()));
    let on_a_table = GrayImage::from_fn(600, 500, |x, y| match (x, y) {
        (80..530, 60..450) if is_four(x, y, 200, 150, 200) => Luma([30]),
        (80..530, 60..450) => Luma([225]),
        _ => Luma([60]),
    });
    let with_a_strip = GrayImage::from_fn(600, 500, |x, y| match x {
        0..40 => Luma([25]),
        _ if is_four(x, y, 200, 150, 200) => Luma([40]),
        _ => Luma([220 - (x / 12) as u8]),
    });
    let in_a_program = GrayImage::from_fn(360, 640, |x, y| match (x, y) {
        (20..340, 100..420) if is_four(x, y, 100, 160, 200) => Luma([0]),
        (20..340, 100..420) => Luma([255]),
        // A button.
        (100..260, 500..540) if !(103..257).contains(&x) => Luma([230]),
        _ => Luma([20]),
    });
    for (name, image) in [
        ("table", on_a_table),
        ("strip", with_a_strip),
        ("program", in_a_program),
    ] {
        let difference = difference(&detected(&png(image)), &reference);
        assert!(difference < 4.0, "{name}: {difference}");
    }
}

#[test]
fn shadows_are_no_ink() {
    let reference = detected(&png(drawn()));
    // Where the edge of the shadow lies, and how wide it is.
    for (place, width) in [(300.0, 1.0), (300.0, 80.0), (420.0, 1.0), (150.0, 200.0)] {
        for slope in [0.0, 0.7, -0.5] {
            let photo = GrayImage::from_fn(300, 250, |x, y| {
                let (x, y) = (2 * x, 2 * y);
                let across = f64::from(x) + slope * (f64::from(y) - 250.0) - place;
                let light = 220.0 - 120.0 / (1.0 + (across / width).exp());
                let ink = if is_four(x, y, 180, 120, 260) {
                    0.15
                } else {
                    1.0
                };
                Luma([(light * ink) as u8])
            });
            let difference = difference(&detected(&png(photo)), &reference);
            assert!(difference < 12.0, "{place} {width} {slope}: {difference}");
        }
    }
}

#[test]
fn several_digits_are_refused_or_given_one_by_one() {
    let image = GrayImage::from_fn(600, 400, |x, y| {
        let digit = is_four(x, y, 60, 40, 120) || is_four(x, y, 400, 200, 140);
        let one = (250..262).contains(&x) && (30..165).contains(&y);
        Luma([if digit || one { 20 } else { 240 }])
    });
    let result = convert(&png(image.clone()), Inversion::Detect);
    assert!(
        matches!(result, Err(ConvertError::SeveralDigits(3))),
        "{result:?}"
    );
    let digits = convert_each(&png(image), Inversion::Detect).unwrap();
    let reference = detected(&png(drawn()));
    assert!(difference(&digits[0], &reference) < 4.0);
    assert!(
        difference(&digits[1], &reference) > 20.0,
        "the stroke is in the middle"
    );
    assert!(difference(&digits[2], &reference) < 4.0);
}

#[test]
fn lines_of_ruled_paper_are_no_ink() {
    let reference = detected(&png(drawn()));
    for squared in [false, true] {
        let image = GrayImage::from_fn(600, 600, |x, y| {
            let line = y % 40 < 2 || (squared && x % 40 < 2);
            let ink = is_four(x, y, 180, 120, 340);
            Luma([if ink {
                30
            } else if line {
                170
            } else {
                245
            }])
        });
        let difference = difference(&detected(&png(image)), &reference);
        assert!(difference < 4.0, "{squared}: {difference}");
    }
}

#[test]
fn a_first_frame_without_ink_is_named() {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
    for side in [0, 60] {
        let frame = RgbaImage::from_fn(90, 90, |x, y| match x.max(y) < side {
            true => Rgba([0, 0, 0, 255]),
            false => Rgba([255, 255, 255, 255]),
        });
        encoder.encode_frame(image::Frame::new(frame)).unwrap();
    }
    drop(encoder);
    let result = convert(&bytes, Inversion::Detect);
    assert!(
        matches!(result, Err(ConvertError::BlankFrame(2))),
        "{result:?}"
    );
}

#[test]
fn a_photo_is_cleaned() {
    let reference = detected(&png(drawn()));
    // A linear congruential generator: the constants of Numerical Recipes.
    let mut state = 1_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state >> 16) / 65_536.0 - 0.5
    };
    for light_ink in [false, true] {
        let photo = GrayImage::from_fn(600, 500, |x, y| {
            let light = 230.0 - 0.1 * f64::from(x) - 0.13 * f64::from(y);
            let ink = if is_four(x, y, 320, 90, 300) {
                0.25
            } else {
                1.0
            };
            // Dust, some of it near the digit.
            let dust = matches!((x, y), (50..54, 400..404) | (300..303, 100..103));
            let value = light * if dust { 0.3 } else { ink } + 24.0 * noise();
            let value = value.clamp(0.0, 255.0) as u8;
            Luma([if light_ink { 255 - value } else { value }])
        });
        let digit = detected(&png(photo));
        assert_like_mnist(&digit);
        let difference = difference(&digit, &reference);
        assert!(difference < 3.0, "{difference}");
    }
}

#[test]
fn strokes_on_nothing_are_seen_whatever_their_colour() {
    let reference = detected(&png(drawn()));
    for (ink, clear) in [
        ([0, 0, 0, 255], [0, 0, 0, 0]),
        ([255, 255, 255, 255], [0, 0, 0, 0]),
        ([255, 255, 255, 255], [255, 255, 255, 0]),
        ([20, 30, 120, 255], [255, 255, 255, 0]),
    ] {
        let draw = |x, y| match is_four(x, y, 30, 20, 100) {
            true => Rgba(ink),
            false => Rgba(clear),
        };
        let digit = detected(&png(RgbaImage::from_fn(200, 160, draw)));
        assert_eq!(digit, reference, "{ink:?} on {clear:?}");
    }
}

#[test]
fn rounded_corners_are_paper() {
    let image = RgbaImage::from_fn(200, 160, |x, y| {
        let corner = x.min(199 - x) + y.min(159 - y) < 12;
        match (corner, is_four(x, y, 30, 20, 100)) {
            (true, _) => Rgba([0, 0, 0, 0]),
            (_, true) => Rgba([0, 0, 0, 255]),
            _ => Rgba([255, 255, 255, 255]),
        }
    });
    assert_eq!(detected(&png(image)), detected(&png(drawn())));
}

#[test]
fn coloured_ink_counts_by_what_tells_it_from_the_paper() {
    for (ink, paper) in [
        ([200, 30, 40], [240, 235, 200]),
        // As bright as each other.
        ([223, 100, 50], [60, 150, 50]),
    ] {
        let image = RgbImage::from_fn(200, 160, |x, y| match is_four(x, y, 30, 20, 100) {
            true => Rgb(ink),
            false => Rgb(paper),
        });
        let difference = difference(&detected(&png(image)), &detected(&png(drawn())));
        assert!(difference < 0.5, "{ink:?}: {difference}");
    }
}

#[test]
fn a_photo_is_turned_as_its_metadata_says() {
    let upright = drawn();
    let lying = image::imageops::rotate270(&upright);
    // TIFF, little-endian, one entry: the orientation (0x0112), a short, is 6: turn right.
    let mut exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0".to_vec();
    exif.extend([0; 4]);
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new(&mut bytes);
    encoder.set_exif_metadata(exif).unwrap();
    let (width, height) = lying.dimensions();
    let colour = ExtendedColorType::L8;
    encoder.write_image(&lying, width, height, colour).unwrap();
    assert_eq!(detected(&bytes), detected(&png(upright)));
}

#[test]
fn a_digit_is_found_at_any_size() {
    let reference = detected(&png(drawn()));
    // The smallest is drawn with a stair for an edge, which stays.
    for (side, height) in [(40, 20), (90, 60), (1500, 900), (3000, 400)] {
        let image = GrayImage::from_fn(side, side, |x, y| {
            Luma([if is_four(x, y, side / 10, side / 4, height) {
                10
            } else {
                250
            }])
        });
        let digit = detected(&png(image));
        let difference = difference(&digit, &reference);
        assert!(difference < 10.0, "{side} {height}: {difference}");
    }
}

#[test]
fn a_hair_line_is_seen() {
    let image = GrayImage::from_fn(900, 900, |x, y| {
        Luma([if x == 450 && (100..800).contains(&y) {
            0
        } else {
            255
        }])
    });
    let digit = detected(&png(image));
    let ink = digit.pixels().iter().filter(|pixel| **pixel > 200).count();
    assert_eq!(ink, BOX);
}

#[test]
fn images_without_a_digit_are_refused() {
    let mut state = 9_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 28) as u8
    };
    let grainy = GrayImage::from_fn(300, 300, |_, _| Luma([200 + noise()]));
    for (name, image) in [
        ("white", GrayImage::from_pixel(100, 100, Luma([255]))),
        ("black", GrayImage::from_pixel(28, 28, Luma([0]))),
        ("a pixel", GrayImage::from_pixel(1, 1, Luma([7]))),
        (
            "a gradient",
            GrayImage::from_fn(300, 300, |x, y| Luma([(x / 4 + y / 4) as u8])),
        ),
        ("grainy paper", grainy),
    ] {
        for inversion in [Inversion::Detect, Inversion::Always, Inversion::Never] {
            let result = convert(&png(image.clone()), inversion);
            assert!(
                matches!(result, Err(ConvertError::Blank)),
                "{name} {inversion:?} {result:?}"
            );
        }
    }
    let clear = RgbaImage::from_pixel(50, 50, Rgba([9, 9, 9, 0]));
    let result = convert(&png(clear), Inversion::Detect);
    assert!(matches!(result, Err(ConvertError::Blank)));
}

#[test]
fn the_preview_is_ten_times_enlarged() {
    let digit = detected(&png(drawn()));
    let preview =
        image::load_from_memory(&digit::png(&[digit], digit::ENLARGEMENT).unwrap()).unwrap();
    let preview = preview.into_luma8();
    assert_eq!(preview.dimensions(), (280, 280));
    for (x, y, pixel) in preview.enumerate_pixels() {
        assert_eq!(pixel.0[0], digit.at(x as usize / 10, y as usize / 10));
    }
}

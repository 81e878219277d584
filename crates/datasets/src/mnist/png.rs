//! Reads a digit from a PNG file.

use std::io::Cursor;

use png::{BitDepth, ColorType, Decoder, DecodingError, Limits, Transformations};
use thiserror::Error;

use super::SIDE;
use super::file::WrongSize;
use super::idx::Image;

/// The most that decoding may allocate besides the image, in bytes. An image of this size takes a
/// few hundred; the rest is for chunks that nobody needs.
const MEMORY: usize = 4 << 20;

/// Why a PNG file is no digit.
#[derive(Debug, Error)]
pub enum PngError {
    /// No PNG, or a damaged one.
    #[error("no readable PNG: {0}")]
    Damaged(#[from] DecodingError),
    /// Another size.
    #[error(transparent)]
    Size(#[from] WrongSize),
    /// A pixel that is not grey.
    #[error("the pixel in row {row}, column {column} is coloured; expected grey")]
    Coloured {
        /// From 0 at the top.
        row: usize,
        /// From 0 at the left.
        column: usize,
    },
    /// A pixel that shows what is behind it.
    #[error("the pixel in row {row}, column {column} is transparent; expected grey")]
    Transparent {
        /// From 0 at the top.
        row: usize,
        /// From 0 at the left.
        column: usize,
    },
    /// The decoder's output has no form that it is documented to have.
    #[error("pixels in a form that is not known")]
    Form,
}

/// Decodes a PNG file of 28x28 pixels: grey, or of a kind that could be coloured or transparent
/// but is not. Other depths become 8 bits, so that white is 255.
///
/// # Errors
///
/// If it is anything else.
pub fn decode(bytes: &[u8]) -> Result<Image, PngError> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: MEMORY });
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.ignore_checksums(false);
    // Before anything of that size is allocated.
    let header = decoder.read_header_info()?;
    let (width, height) = (header.width, header.height);
    WrongSize::check(width, height)?;
    let mut reader = decoder.read_info()?;
    let mut samples = [0; 4 * SIDE * SIDE];
    let frame = reader.next_frame(&mut samples)?;
    // A file can be cut off behind its last pixel.
    reader.finish()?;
    let samples = samples.get(..frame.buffer_size()).unwrap_or_default();
    if frame.bit_depth != BitDepth::Eight {
        return Err(PngError::Form);
    }
    match frame.color_type {
        ColorType::Grayscale => grey::<1>(samples, |[grey]| (grey, true, u8::MAX)),
        ColorType::GrayscaleAlpha => grey::<2>(samples, |[grey, alpha]| (grey, true, alpha)),
        ColorType::Rgb => grey::<3>(samples, |[r, g, b]| (r, r == g && g == b, u8::MAX)),
        ColorType::Rgba => grey::<4>(samples, |[r, g, b, alpha]| (r, r == g && g == b, alpha)),
        // Expanded to colours.
        ColorType::Indexed => Err(PngError::Form),
    }
}

/// Turns pixels of `N` samples into grey. `read` returns a pixel's first sample, whether it is grey,
/// and its opacity.
fn grey<const N: usize>(
    samples: &[u8],
    read: impl Fn([u8; N]) -> (u8, bool, u8),
) -> Result<Image, PngError> {
    let (pixels, _) = samples.as_chunks();
    let mut image = [0; SIDE * SIDE];
    if pixels.len() != image.len() {
        return Err(PngError::Form);
    }
    for (index, (grey, pixel)) in image.iter_mut().zip(pixels).enumerate() {
        let (row, column) = (index / SIDE, index % SIDE);
        let (value, is_grey, opacity) = read(*pixel);
        if opacity != u8::MAX {
            return Err(PngError::Transparent { row, column });
        }
        if !is_grey {
            return Err(PngError::Coloured { row, column });
        }
        *grey = value;
    }
    Ok(image)
}

/// Writes PNG files for tests.
#[cfg(test)]
pub mod tests {
    use std::string::{String, ToString};
    use std::vec::Vec;

    use png::Encoder;

    use super::*;

    fn encode(size: [u32; 2], color: ColorType, depth: BitDepth, samples: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, size[0], size[1]);
        encoder.set_color(color);
        encoder.set_depth(depth);
        if color == ColorType::Indexed {
            encoder.set_palette((0..=255).flat_map(|i| [i; 3]).collect::<Vec<u8>>());
        }
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(samples).unwrap();
        writer.finish().unwrap();
        bytes
    }

    /// A grey PNG file.
    pub fn encode_grey(image: &Image) -> Vec<u8> {
        encode([28, 28], ColorType::Grayscale, BitDepth::Eight, image)
    }

    /// An image whose values use both halves of a byte.
    fn example() -> Image {
        core::array::from_fn(|i| (i * 37 % 256) as u8)
    }

    fn size(found: &str) -> String {
        let way_out = "`convert-image --save FOLDER` makes such images of pictures";
        std::format!("{found} pixels; expected 28x28; {way_out}")
    }

    fn refusal(bytes: &[u8]) -> String {
        decode(bytes).unwrap_err().to_string()
    }

    #[test]
    fn every_form_of_grey_is_read() {
        let image = example();
        let spread = |pixel: fn(u8) -> Vec<u8>| -> Vec<u8> {
            image.iter().flat_map(|value| pixel(*value)).collect()
        };
        for (color, depth, samples) in [
            (ColorType::Grayscale, BitDepth::Eight, image.to_vec()),
            (ColorType::Indexed, BitDepth::Eight, image.to_vec()),
            (
                ColorType::Grayscale,
                BitDepth::Sixteen,
                spread(|v| [v, v].to_vec()),
            ),
            (
                ColorType::GrayscaleAlpha,
                BitDepth::Eight,
                spread(|v| [v, 255].to_vec()),
            ),
            (ColorType::Rgb, BitDepth::Eight, spread(|v| [v; 3].to_vec())),
            (
                ColorType::Rgba,
                BitDepth::Eight,
                spread(|v| [v, v, v, 255].to_vec()),
            ),
            (
                ColorType::Rgba,
                BitDepth::Sixteen,
                spread(|v| [v, v, v, v, v, v, 255, 255].to_vec()),
            ),
        ] {
            let bytes = encode([28, 28], color, depth, &samples);
            assert!(decode(&bytes).unwrap() == image, "{color:?} {depth:?}");
        }
    }

    #[test]
    fn few_bits_are_spread_over_the_whole_range() {
        for (depth, byte, values) in [
            (BitDepth::One, 0b0110_1001, [0, 255, 255, 0]),
            (BitDepth::Two, 0b0001_1011, [0, 85, 170, 255]),
            (BitDepth::Four, 0x05, [0, 85, 0, 85]),
        ] {
            // Rows start at a new byte.
            let row = (28 * depth as usize).div_ceil(8);
            let samples = [byte].repeat(28 * row);
            let bytes = encode([28, 28], ColorType::Grayscale, depth, &samples);
            assert_eq!(decode(&bytes).unwrap()[..4], values);
        }
    }

    #[test]
    fn other_images_are_refused() {
        let grey = |size: [u32; 2]| {
            let samples = [0; 32 * 32];
            let count = (size[0] * size[1]) as usize;
            encode(
                size,
                ColorType::Grayscale,
                BitDepth::Eight,
                &samples[..count],
            )
        };
        assert_eq!(refusal(&grey([32, 32])), size("32x32"));
        assert_eq!(refusal(&grey([28, 27])), size("28x27"));
        let mut samples = [7; 3 * 784];
        samples[3 * 29 + 1] = 8;
        assert_eq!(
            refusal(&encode([28, 28], ColorType::Rgb, BitDepth::Eight, &samples)),
            "the pixel in row 1, column 1 is coloured; expected grey"
        );
        let samples = [255, 254].repeat(784);
        assert_eq!(
            refusal(&encode(
                [28, 28],
                ColorType::GrayscaleAlpha,
                BitDepth::Eight,
                &samples
            )),
            "the pixel in row 0, column 0 is transparent; expected grey"
        );
    }

    #[test]
    fn a_huge_header_is_refused_before_anything_is_allocated() {
        let mut bytes = encode_grey(&example());
        // Width and height stand behind the signature, and the chunk's length and name.
        for at in [16, 20] {
            bytes[at..at + 4].copy_from_slice(&30_000_u32.to_be_bytes());
        }
        // The chunk's CRC would be the first to fail.
        let sum = crc(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&sum.to_be_bytes());
        assert_eq!(refusal(&bytes), size("30000x30000"));
    }

    /// CRC-32 as PNG has it (ISO/IEC 15948, annex D).
    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                (crc >> 1) ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 }
            })
        })
    }

    #[test]
    fn damaged_files_are_refused() {
        let bytes = encode_grey(&example());
        assert!(decode(&bytes).is_ok());
        for length in 0..bytes.len() {
            let message = refusal(&bytes[..length]);
            assert!(
                message.starts_with("no readable PNG: "),
                "{length}: {message}"
            );
        }
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            assert!(decode(&flipped).is_err(), "byte {at}");
        }
        let cut = refusal(&bytes[..60]);
        assert_eq!(cut, "no readable PNG: unexpected end of file");
        for text in ["seven", "a page of text that was named like an image"] {
            let message = refusal(text.as_bytes());
            assert_eq!(message, "no readable PNG: Invalid PNG signature.");
        }
    }
}

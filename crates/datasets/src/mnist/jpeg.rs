//! Reads a digit from a JPEG file.

use thiserror::Error;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::SIDE;
use super::file::WrongSize;
use super::idx::Image;

/// The marker at the end of a JPEG (ITU-T T.81).
const END: [u8; 2] = [0xFF, 0xD9];

/// Why a JPEG file is no digit.
#[derive(Debug, Error)]
pub enum JpegError {
    /// No JPEG, or a damaged one.
    #[error("no readable JPEG: {0}")]
    Damaged(#[from] DecodeErrors),
    /// Cut off before its end. The decoder would fill in the rest.
    #[error("no readable JPEG: unexpected end of file")]
    CutOff,
    /// Another size.
    #[error(transparent)]
    Size(#[from] WrongSize),
}

/// Decodes a JPEG file of 28x28 pixels; of colours, the luminance.
///
/// # Errors
///
/// If it is anything else.
pub fn decode(bytes: &[u8]) -> Result<Image, JpegError> {
    let grey = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::Luma);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), grey);
    decoder.decode_headers()?;
    // Before anything of that size is allocated.
    let (width, height) = decoder.dimensions().unwrap_or_default();
    WrongSize::check(width as u32, height as u32)?;
    if !bytes.windows(END.len()).any(|pair| pair == END) {
        return Err(JpegError::CutOff);
    }
    let pixels = decoder.decode()?;
    let mut image = [0; SIDE * SIDE];
    for (value, pixel) in image.iter_mut().zip(pixels) {
        *value = pixel;
    }
    Ok(image)
}

/// Writes JPEG files for tests.
#[cfg(test)]
pub mod tests {
    use std::string::ToString;
    use std::vec::Vec;

    use image::codecs::jpeg::JpegEncoder;
    use image::{GrayImage, Luma};

    use super::*;

    /// A grey JPEG file.
    #[expect(clippy::missing_panics_doc, reason = "a test may fail")]
    pub fn encode_grey(side: u32, pixel: impl Fn(u32, u32) -> u8) -> Vec<u8> {
        let grey = GrayImage::from_fn(side, side, |x, y| Luma([pixel(x, y)]));
        let mut bytes = Vec::new();
        let encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
        grey.write_with_encoder(encoder).unwrap();
        bytes
    }

    #[test]
    fn grey_is_read_and_other_files_are_refused() {
        let stroke = |x: u32, _| if (10..18).contains(&x) { 250 } else { 5 };
        let bytes = encode_grey(28, stroke);
        let image = decode(&bytes).unwrap();
        for (index, value) in image.iter().enumerate() {
            let expected = stroke((index % SIDE) as u32, 0);
            assert!(value.abs_diff(expected) < 12, "{value} {expected}");
        }
        let refusal = |bytes: &[u8]| decode(bytes).unwrap_err().to_string();
        let size = "32x32 pixels; expected 28x28; `convert-image --save FOLDER` makes such images \
                    of pictures";
        assert_eq!(refusal(&encode_grey(32, stroke)), size);
        let cut = &bytes[..bytes.len() - 20];
        assert_eq!(refusal(cut), "no readable JPEG: unexpected end of file");
        assert!(refusal(b"seven").starts_with("no readable JPEG: "));
    }
}

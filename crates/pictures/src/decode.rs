//! From the bytes of a file to a picture, within limits of memory.

use std::io::{Cursor, Read};

use image::codecs::gif::GifDecoder;
use image::error::{LimitErrorKind, UnsupportedErrorKind};
use image::metadata::Orientation;
use image::{AnimationDecoder, DynamicImage, GenericImageView, ImageBuffer, ImageDecoder};
use image::{ImageError, ImageFormat, ImageReader, Limits, Rgba};

use crate::error::DecodeError;
use crate::format;
use crate::limits::{LARGEST_FILE, LARGEST_MEMORY, LARGEST_SIDE};

/// Red, green, blue and opacity of each pixel, all from 0 to 65,535.
pub type Colours = ImageBuffer<Rgba<u16>, Vec<u16>>;

/// Most frames of an animation that are counted.
const MOST_FRAMES: usize = 1000;

/// Reads everything, but no more than [`LARGEST_FILE`] bytes.
///
/// # Errors
///
/// If there is nothing or more than that to read, or reading fails.
pub fn bytes(input: impl Read) -> Result<Vec<u8>, DecodeError> {
    let mut bytes = Vec::new();
    let read = input.take(LARGEST_FILE + 1).read_to_end(&mut bytes);
    match read.map_err(DecodeError::Read)? as u64 {
        0 => Err(DecodeError::EmptyFile),
        length if length > LARGEST_FILE => Err(DecodeError::LongFile),
        _ => Ok(bytes),
    }
}

/// Decodes an image (the first one, of an animation), turned the way its metadata says, and shrunk by
/// a whole number so that no side is beyond `longest` pixels.
///
/// # Errors
///
/// If it is not an image in a supported format, is damaged, or goes beyond the limits. Those are
/// checked against the header, before memory is taken.
pub fn decode(bytes: &[u8], longest: usize) -> Result<Colours, DecodeError> {
    let (decoder, orientation) = open(bytes)?;
    let full = DynamicImage::from_decoder(decoder).map_err(|error| explain(error, bytes))?;
    let mut image = DynamicImage::from(shrunk(&full, longest));
    // Turned now that it is small: turning takes a second copy.
    image.apply_orientation(orientation);
    Ok(image.into_rgba16())
}

/// Width and height, turned the way the metadata says, of the image that [`decode`] would give if nothing was too long.
///
/// # Errors
///
/// Those of [`decode`], unless they are in the pixels.
pub fn dimensions(bytes: &[u8]) -> Result<[usize; 2], DecodeError> {
    let (decoder, orientation) = open(bytes)?;
    let (width, height) = decoder.dimensions();
    let [width, height] = [width as usize, height as usize];
    Ok(match is_on_its_side(orientation) {
        true => [height, width],
        false => [width, height],
    })
}

fn is_on_its_side(orientation: Orientation) -> bool {
    use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
    matches!(
        orientation,
        Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH
    )
}

/// The decoder of an image, and how the image is to be turned.
fn open(bytes: &[u8]) -> Result<(impl ImageDecoder + '_, Orientation), DecodeError> {
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(DecodeError::Read)?;
    let Some(format) = reader.format() else {
        return Err(unknown(bytes));
    };
    if format == ImageFormat::Jpeg && is_cut_jpeg(bytes) {
        return Err(DecodeError::Damaged("no end of image".to_owned()));
    }
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(LARGEST_SIDE);
    limits.max_image_height = Some(LARGEST_SIDE);
    limits.max_alloc = Some(LARGEST_MEMORY);
    reader.limits(limits.clone());
    let mut decoder = reader
        .into_decoder()
        .map_err(|error| explain(error, bytes))?;
    if decoder.total_bytes() == 0 {
        return Err(DecodeError::NoPixels);
    }
    limits
        .reserve(decoder.total_bytes())
        .map_err(|error| explain(error, bytes))?;
    decoder
        .set_limits(limits)
        .map_err(|error| explain(error, bytes))?;
    let orientation = decoder
        .orientation()
        .map_err(|error| explain(error, bytes))?;
    Ok((decoder, orientation))
}

/// Means of colours and opacity over squares of pixels, so large that no side is beyond
/// `longest`. The transparent pixels have no say in the colours.
fn shrunk(image: &DynamicImage, longest: usize) -> Colours {
    let (width, height) = image.dimensions();
    let factor = width.max(height).div_ceil(longest as u32).max(1);
    ImageBuffer::from_fn(width.div_ceil(factor), height.div_ceil(factor), |x, y| {
        let columns = x * factor..((x + 1) * factor).min(width);
        let rows = y * factor..((y + 1) * factor).min(height);
        let count = (columns.len() * rows.len()) as u64;
        let (mut colours, mut opacity) = ([0; 3], 0);
        for (x, y) in rows.flat_map(|y| columns.clone().map(move |x| (x, y))) {
            let [red, green, blue, alpha] = image.get_pixel(x, y).0.map(u64::from);
            for (sum, colour) in colours.iter_mut().zip([red, green, blue]) {
                *sum += alpha * colour;
            }
            opacity += alpha;
        }
        // From 8 bits to 16: times 257.
        let mean = |sum: u64, count: u64| ((sum * 257 + count / 2) / count.max(1)) as u16;
        let [red, green, blue] = colours.map(|sum| mean(sum, opacity));
        Rgba([red, green, blue, mean(opacity, count)])
    })
}

/// How many images an animation has; 1 for any other file.
pub fn frames(bytes: &[u8]) -> usize {
    GifDecoder::new(Cursor::new(bytes)).map_or(1, |decoder| {
        let frames = decoder.into_frames().take(MOST_FRAMES);
        frames.take_while(Result::is_ok).count().max(1)
    })
}

/// Whether the last scan of a JPEG has no end (ITU-T T.81, markers SOS and EOI). The decoder would
/// fill in the rest with grey and say nothing.
fn is_cut_jpeg(bytes: &[u8]) -> bool {
    let last = |marker| bytes.windows(2).rposition(|pair| pair == [0xFF, marker]);
    let (scan, end) = (last(0xDA), last(0xD9));
    scan.is_some() && end < scan
}

/// What to say of a file that is no image in a supported format.
fn unknown(bytes: &[u8]) -> DecodeError {
    match format::name(bytes) {
        Some(name) => DecodeError::OtherFormat(name),
        None => DecodeError::UnknownFormat,
    }
}

fn explain(error: ImageError, bytes: &[u8]) -> DecodeError {
    match error {
        ImageError::Limits(limit) => match limit.kind() {
            LimitErrorKind::DimensionError => DecodeError::LongSide,
            _ => DecodeError::MuchMemory,
        },
        ImageError::Unsupported(error) => match error.kind() {
            UnsupportedErrorKind::Format(_) => unknown(bytes),
            _ => DecodeError::Unsupported(one_line(&error)),
        },
        other => DecodeError::Damaged(one_line(&other)),
    }
}

/// Decoders' messages may have line breaks in them.
fn one_line(message: &impl ToString) -> String {
    let message = message.to_string();
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

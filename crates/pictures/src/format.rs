//! Names the formats that are not read, so that a message can say what a file is.

/// The name of the format that a file with these first `bytes` has, if it is a known one that this
/// program does not read.
pub fn name(bytes: &[u8]) -> Option<&'static str> {
    let begins = |with: &[u8]| bytes.starts_with(with);
    // ISO base media files: the brand is in the first box (ISO/IEC 14496-12).
    if bytes.get(4..8) == Some(b"ftyp") {
        return match bytes.get(8..12) {
            Some(b"avif" | b"avis") => Some("AVIF"),
            Some(b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1") => {
                Some("HEIC, the format of iPhones")
            }
            _ => Some("a video"),
        };
    }
    let known: [(&[u8], &str); 12] = [
        (b"II*\0", "TIFF"),
        (b"MM\0*", "TIFF"),
        (b"II+\0", "TIFF"),
        (b"MM\0+", "TIFF"),
        (b"%PDF", "PDF"),
        (b"8BPS", "PSD, the format of Photoshop"),
        (b"\xFF\x0A", "JPEG XL"),
        (b"\0\0\0\x0CJXL ", "JPEG XL"),
        (b"\0\0\0\x0CjP  ", "JPEG 2000"),
        (b"\0\0\x01\0", "an icon"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"qoif", "QOI"),
    ];
    let found = known.into_iter().find(|(start, _)| begins(start));
    found.map(|(_, name)| name).or_else(|| markup(bytes))
}

/// The name of a text format.
fn markup(bytes: &[u8]) -> Option<&'static str> {
    const LOOKED_AT: usize = 1024;
    let start = bytes.get(..LOOKED_AT).unwrap_or(bytes);
    let text = String::from_utf8_lossy(start).to_ascii_lowercase();
    let text = text.trim_start_matches('\u{feff}').trim_start();
    match text.starts_with('<') {
        true if text.contains("<svg") => Some("SVG, which is no picture of pixels"),
        true if text.contains("<html") || text.contains("<!doctype html") => {
            Some("a web page, so the download failed")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_their_first_bytes() {
        for (bytes, expected) in [
            (&b"\0\0\0\x18ftypheic\0\0\0\0"[..], Some("HEIC")),
            (b"\0\0\0\x1Cftypavif", Some("AVIF")),
            (b"\0\0\0\x1Cftypisom", Some("a video")),
            (b"MM\0*\0\0\0\x08", Some("TIFF")),
            (b"<?xml version=\"1.0\"?>\n<svg xmlns=", Some("SVG")),
            (b"\n<!DOCTYPE html><html>", Some("a web page")),
            (b"%PDF-1.7", Some("PDF")),
            (b"I am no picture.", None),
            (b"<", None),
            (b"", None),
        ] {
            let found = name(bytes);
            let matches = found.zip(expected).map(|(a, b)| a.starts_with(b));
            assert_eq!(found.is_some(), expected.is_some(), "{found:?}");
            assert_ne!(matches, Some(false), "{found:?}");
        }
    }
}

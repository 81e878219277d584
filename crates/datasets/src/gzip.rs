//! Unpacks gzip, in which data files are published.

use std::io::{self, Read};
use std::vec::Vec;

use flate2::bufread::MultiGzDecoder;
use thiserror::Error;

/// What every gzip file starts with (RFC 1952, section 2.3.1).
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Why a gzip file cannot be unpacked.
#[derive(Debug, Error)]
pub enum GzipError {
    /// Cut off or damaged.
    #[error("is damaged ({0}); fetch it anew")]
    Damaged(#[from] io::Error),
    /// A small file can unpack to any size.
    #[error("unpacks to more than {} MiB", limit >> 20)]
    TooLong {
        /// The most that is allowed, in bytes.
        limit: usize,
    },
}

/// Unpacks `bytes` if they are gzip, whatever the file's name; returns others as they are.
///
/// # Errors
///
/// If they are damaged or unpack to more than `limit` bytes.
pub fn unpack(bytes: Vec<u8>, limit: usize) -> Result<Vec<u8>, GzipError> {
    if !bytes.starts_with(&MAGIC) {
        return Ok(bytes);
    }
    let mut unpacked = Vec::new();
    let mut reader = MultiGzDecoder::new(bytes.as_slice()).take(limit as u64 + 1);
    reader.read_to_end(&mut unpacked)?;
    if unpacked.len() > limit {
        return Err(GzipError::TooLong { limit });
    }
    Ok(unpacked)
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::string::ToString;
    use std::vec;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn pack(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn only_gzip_is_unpacked() {
        let text = b"some text, some text".to_vec();
        assert_eq!(unpack(pack(&text), 20).unwrap(), text);
        assert_eq!(unpack(text.clone(), 20).unwrap(), text);
        assert_eq!(unpack(vec![0x1f], 20).unwrap(), [0x1f]);
    }

    #[test]
    fn what_unpacks_to_too_much_is_refused() {
        let packed = pack(&vec![0; (1 << 20) + 1]);
        let error = unpack(packed, 1 << 20).unwrap_err();
        assert_eq!(error.to_string(), "unpacks to more than 1 MiB");
    }

    #[test]
    fn damage_is_found() {
        let text: Vec<u8> = (0..10_000_u32).flat_map(u32::to_le_bytes).collect();
        let packed = pack(&text);
        let mut flipped = packed.clone();
        flipped[packed.len() / 2] ^= 0x10;
        let mut other_sum = packed.clone();
        other_sum[packed.len() - 5] ^= 1;
        let cut = packed[..packed.len() / 2].to_vec();
        for bytes in [flipped, other_sum, cut, MAGIC.to_vec()] {
            let error = unpack(bytes, 1 << 20).unwrap_err().to_string();
            assert!(error.starts_with("is damaged ("), "{error}");
        }
    }
}

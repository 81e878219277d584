//! How large a file may be.

/// Longest file that is read, in bytes.
pub const LARGEST_FILE: u64 = 64 * 1024 * 1024;

/// Longest side of an image that is decoded, in pixels.
pub const LARGEST_SIDE: u32 = 20_000;

/// Most memory that a decoded image may need, in bytes. A progressive JPEG needs a small multiple
/// of it while it is being decoded.
pub const LARGEST_MEMORY: u64 = 256 * 1024 * 1024;

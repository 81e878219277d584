//! Numbers that are left out at random, and the rest enlarged.

use fearless_simd::{Level, dispatch};

use super::parallel::{PIECE, map_pieces};

/// What is left out: numbers whose byte is below `dropped`.
#[derive(Debug, Clone, PartialEq)]
pub struct Mask {
    /// A random byte for each number.
    pub bytes: Vec<u8>,
    /// How many of 256 values of a byte leave a number out.
    pub dropped: u8,
    /// Factor on what is kept.
    pub scale: f32,
}

/// `numbers · mask`, which is its own way back.
pub fn apply(mask: &Mask, numbers: &mut [f32]) {
    map_pieces(numbers, PIECE, |piece, numbers| {
        let bytes = &mask.bytes[piece * PIECE..];
        dispatch!(Level::new(), _simd => {
            for (number, byte) in numbers.iter_mut().zip(bytes) {
                // Half of all branches would be foretold wrongly, so there are none.
                *number *= mask.scale * f32::from(u8::from(*byte >= mask.dropped));
            }
        });
    });
}

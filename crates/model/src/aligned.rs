use alloc::vec;
use alloc::vec::Vec;

/// Bytes of a [`Block`].
const BLOCK: usize = 16;

/// Sixteen bytes, aligned as such: as vectors of floats are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C, align(16))]
struct Block([u8; BLOCK]);

/// Bytes whose start is aligned for every type of number that a model has.
///
/// What a file is read into, a vector of bytes, may start anywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlignedBytes {
    blocks: Vec<Block>,
    length: usize,
}

impl AlignedBytes {
    /// Copies `bytes`.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        let mut blocks = vec![Block([0; BLOCK]); bytes.len().div_ceil(BLOCK)];
        let target: &mut [u8] = bytemuck::cast_slice_mut(&mut blocks);
        for (target, byte) in target.iter_mut().zip(bytes) {
            *target = *byte;
        }
        Self {
            blocks,
            length: bytes.len(),
        }
    }
}

impl core::ops::Deref for AlignedBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        let bytes: &[u8] = bytemuck::cast_slice(&self.blocks);
        bytes.get(..self.length).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_stay_what_they_are_and_floats_can_be_read_from_them() {
        for length in [0, 1, 15, 16, 17, 100] {
            let bytes: Vec<u8> = (0..length).collect();
            let aligned = AlignedBytes::new(&bytes);
            assert_eq!(&aligned[..], &bytes[..]);
            let whole = &aligned[..usize::from(length) / 4 * 4];
            assert!(bytemuck::try_cast_slice::<u8, f32>(whole).is_ok());
        }
    }
}

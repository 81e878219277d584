//! Work shared out among all cores.
//!
//! It is always cut into the same pieces, and results come back in the order of the pieces: how
//! many threads there are makes no difference to a single bit.

#[cfg(not(target_family = "wasm"))]
use rayon::prelude::*;

/// Calls `work` for each piece of `length` numbers (the last may be shorter) with its number, and
/// returns what it returned.
#[cfg(not(target_family = "wasm"))]
pub fn map_pieces<R: Send>(
    numbers: &mut [f32],
    length: usize,
    work: impl Fn(usize, &mut [f32]) -> R + Sync,
) -> Vec<R> {
    (numbers.par_chunks_mut(length).enumerate())
        .map(|(piece, numbers)| work(piece, numbers))
        .collect()
}

/// There is one thread.
#[cfg(target_family = "wasm")]
pub fn map_pieces<R: Send>(
    numbers: &mut [f32],
    length: usize,
    work: impl Fn(usize, &mut [f32]) -> R + Sync,
) -> Vec<R> {
    (numbers.chunks_mut(length).enumerate())
        .map(|(piece, numbers)| work(piece, numbers))
        .collect()
}

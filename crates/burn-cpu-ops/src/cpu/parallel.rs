//! Work shared out among all cores.
//!
//! It is always cut into the same pieces, and results come back in the order of the pieces: how
//! many threads there are makes no difference to a single bit.

#[cfg(not(target_family = "wasm"))]
use rayon::prelude::*;

/// Numbers to a piece of work that treats each by itself: a core's second cache holds some such pieces, and
/// handing one over takes a fraction of the time that it saves.
pub const PIECE: usize = 32 * 1024;

/// Bytes of the stack of a thread that shares work: as many as the main thread has on Linux.
#[cfg(not(target_family = "wasm"))]
const STACK: usize = 8 << 20;

/// How many threads work is shared out to.
#[must_use]
pub fn threads() -> usize {
    #[cfg(not(target_family = "wasm"))]
    return rayon::current_num_threads();
    #[cfg(target_family = "wasm")]
    1
}

/// Calls `work` on one of the threads that share work, and returns what it returned. From any other thread, each piece of work
/// that is shared out would have to be handed over and waited for.
pub fn on_a_sharing_thread<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    #[cfg(not(target_family = "wasm"))]
    {
        // An error means that the pool exists already; it is used as it is.
        let threads = rayon::ThreadPoolBuilder::new().stack_size(STACK);
        let _ = threads.build_global();
        rayon::scope(|_| work())
    }
    #[cfg(target_family = "wasm")]
    work()
}

/// Calls `work` for each of `pieces`, and returns what it returned. A single piece is not worth
/// another thread.
pub fn map<T: Send, R: Send>(
    pieces: impl Iterator<Item = T>,
    work: impl Fn(T) -> R + Sync + Send,
) -> Vec<R> {
    let pieces: Vec<T> = pieces.collect();
    #[cfg(not(target_family = "wasm"))]
    if pieces.len() > 1 {
        return pieces.into_par_iter().map(work).collect();
    }
    pieces.into_iter().map(work).collect()
}

/// Calls `work` for each piece of `length` numbers (the last may be shorter) with its number, and
/// returns what it returned.
pub fn map_pieces<R: Send>(
    numbers: &mut [f32],
    length: usize,
    work: impl Fn(usize, &mut [f32]) -> R + Sync + Send,
) -> Vec<R> {
    map(
        numbers.chunks_mut(length).enumerate(),
        |(piece, numbers)| work(piece, numbers),
    )
}

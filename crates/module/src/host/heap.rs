//! The heap of a module: the memory that it starts with, and more pages when that is used up.

#![allow(unsafe_code, reason = "memory is given to an allocator by its address")]

use core::alloc::Layout;
use core::arch::wasm32::memory_grow;

use talc::locking::AssumeUnlockable;
use talc::{OomHandler, Span, Talc, Talck};

use crate::slot;

/// Bytes of a page of linear memory.
const PAGE: usize = 65_536;
/// Bytes, at most, that the allocator keeps for itself in a piece of memory.
const OVERHEAD: usize = 64;

// SAFETY: a module has one thread, so the lock is never contended.
#[global_allocator]
static HEAP: Talck<AssumeUnlockable, Memory> = Talc::new(Memory::Linked).lock();

/// What the heap takes next.
enum Memory {
    /// What the linker has left free at the end of the last page.
    Linked,
    /// What a packed model has left free at the end of its last page.
    BehindModel,
    /// New pages.
    Pages,
}

unsafe extern "C" {
    static __heap_base: u8;
    static __heap_end: u8;
}

impl OomHandler for Memory {
    fn handle_oom(heap: &mut Talc<Self>, layout: Layout) -> Result<(), ()> {
        let span = match heap.oom_handler {
            Self::Linked => {
                heap.oom_handler = Self::BehindModel;
                Span::new(
                    (&raw const __heap_base).cast_mut(),
                    (&raw const __heap_end).cast_mut(),
                )
            }
            Self::BehindModel => {
                heap.oom_handler = Self::Pages;
                let end = slot::end().unwrap_or(PAGE);
                span(end, end.next_multiple_of(PAGE))
            }
            Self::Pages => {
                let pages = (layout.size() + layout.align() + OVERHEAD).div_ceil(PAGE);
                let before = memory_grow::<0>(pages);
                if before == usize::MAX {
                    return out_of_memory();
                }
                span(before * PAGE, (before + pages) * PAGE)
            }
        };
        // A piece that is too small to be of use is left alone, and the next one is taken.
        // SAFETY: each piece is memory that nothing else uses, and is given once.
        let _ = unsafe { heap.claim(span) };
        Ok(())
    }
}

/// Says that the host gives no more memory, and exits.
#[cfg(not(feature = "library"))]
fn out_of_memory() -> Result<(), ()> {
    use super::{Host as _, Stream, Wasi};
    let message = b"error: the module needs more memory than the host gives it\n";
    let _ = Wasi.write(Stream::Error, message);
    super::wasi::exit(crate::program::FAILURE)
}

/// A library cannot say anything: who asked for the memory gets none.
#[cfg(feature = "library")]
fn out_of_memory() -> Result<(), ()> {
    Err(())
}

fn span(start: usize, end: usize) -> Span {
    let at = core::ptr::with_exposed_provenance_mut::<u8>;
    Span::new(at(start), at(end))
}

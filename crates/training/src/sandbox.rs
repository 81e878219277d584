//! What a trainer does in a sandbox that gives it no more memory.

#![allow(unsafe_code, reason = "an allocator hands out addresses")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::{Write, stderr};
use std::process::exit;

/// The allocator of the standard library, but it says why the program has to end: that one only traps.
struct Memory;

#[global_allocator]
static MEMORY: Memory = Memory;

// SAFETY: everything is left to `System`.
unsafe impl GlobalAlloc for Memory {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are those that `System` wants.
        checked(unsafe { System.alloc(layout) }, layout.size())
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        checked(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn realloc(&self, address: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above.
        checked(unsafe { System.realloc(address, layout, size) }, size)
    }

    unsafe fn dealloc(&self, address: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(address, layout) }
    }
}

/// The address, unless the host had no more memory.
fn checked(address: *mut u8, size: usize) -> *mut u8 {
    if address.is_null() {
        // Numbers are written without an allocation, and there is nowhere to say that writing failed.
        let _ = writeln!(
            stderr(),
            "error: the sandbox has no {size} bytes of memory left; give it more (in wasmtime \
             -W max-memory-size=BYTES), or train on less data"
        );
        exit(1);
    }
    address
}

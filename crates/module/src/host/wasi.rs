//! WASI preview 1 without the standard library: five calls, and the C library that the target
//! links anyway for the start-up code and the heap.
//!
//! Function signatures and error numbers: WASI snapshot preview 1,
//! <https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md>.
#![allow(
    unsafe_code,
    reason = "calls into the Wasm host and the C library are unsafe by nature"
)]

use alloc::vec;
use alloc::vec::Vec;
use core::alloc::{GlobalAlloc, Layout};
use core::ffi::{CStr, c_char, c_void};
use core::panic::PanicInfo;

use super::{Host, Stream, StreamError};

/// Success, in WASI's list of error numbers.
const SUCCESS: u16 = 0;
/// A call cut short by a signal, in WASI's list of error numbers.
const INTERRUPTED: u16 = 27;
/// A broken pipe, in WASI's list of error numbers.
const PIPE: u16 = 64;
const STANDARD_INPUT: u32 = 0;

#[repr(C)]
struct Buffer {
    start: *mut u8,
    length: usize,
}

#[link(wasm_import_module = "wasi_snapshot_preview1")]
unsafe extern "C" {
    fn args_sizes_get(count: *mut usize, size: *mut usize) -> u16;
    fn args_get(pointers: *mut *const c_char, text: *mut u8) -> u16;
    fn fd_read(descriptor: u32, buffers: *const Buffer, count: usize, read: *mut usize) -> u16;
    fn fd_write(descriptor: u32, buffers: *const Buffer, count: usize, written: *mut usize) -> u16;
    fn proc_exit(code: u32) -> !;
}

#[link(name = "c")]
unsafe extern "C" {
    fn aligned_alloc(alignment: usize, size: usize) -> *mut c_void;
    fn malloc(size: usize) -> *mut c_void;
    fn realloc(pointer: *mut c_void, size: usize) -> *mut c_void;
    fn free(pointer: *mut c_void);
}

/// The host that runs the module.
#[derive(Debug, Default)]
pub struct Wasi;

impl Host for Wasi {
    fn arguments(&mut self) -> Result<Vec<Vec<u8>>, StreamError> {
        let (mut count, mut size) = (0, 0);
        // SAFETY: both pointers are valid for one write.
        check(unsafe { args_sizes_get(&raw mut count, &raw mut size) })?;
        let mut pointers = vec![core::ptr::null::<c_char>(); count];
        let mut text = vec![0_u8; size];
        // SAFETY: the buffers are as large as the host just asked for.
        check(unsafe { args_get(pointers.as_mut_ptr(), text.as_mut_ptr()) })?;
        Ok(pointers
            .iter()
            .skip(1)
            // SAFETY: the host has set each pointer to a zero-terminated string within `text`.
            .map(|pointer| unsafe { CStr::from_ptr(*pointer) }.to_bytes().to_vec())
            .collect())
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, StreamError> {
        let target = Buffer {
            start: buffer.as_mut_ptr(),
            length: buffer.len(),
        };
        let mut read = 0;
        loop {
            // SAFETY: `target` describes `buffer`, which is borrowed mutably.
            let code = unsafe { fd_read(STANDARD_INPUT, &raw const target, 1, &raw mut read) };
            if code != INTERRUPTED {
                check(code)?;
                return Ok(read.min(buffer.len()));
            }
        }
    }

    fn write(&mut self, stream: Stream, mut bytes: &[u8]) -> Result<(), StreamError> {
        let descriptor = match stream {
            Stream::Output => 1,
            Stream::Error => 2,
        };
        while !bytes.is_empty() {
            let source = Buffer {
                start: bytes.as_ptr().cast_mut(),
                length: bytes.len(),
            };
            let mut written = 0;
            // SAFETY: `source` describes `bytes`, which the host only reads.
            let code = unsafe { fd_write(descriptor, &raw const source, 1, &raw mut written) };
            if code == INTERRUPTED {
                continue;
            }
            check(code)?;
            bytes = match bytes.get(written..) {
                Some(rest) if written > 0 => rest,
                _ => return Err(StreamError::Failed),
            };
        }
        Ok(())
    }
}

fn check(code: u16) -> Result<(), StreamError> {
    match code {
        SUCCESS => Ok(()),
        PIPE => Err(StreamError::Closed),
        _ => Err(StreamError::Failed),
    }
}

/// Ends the program.
pub fn exit(code: u8) -> ! {
    // SAFETY: takes a plain number and does not return.
    unsafe { proc_exit(u32::from(code)) }
}

/// A panic is a defect of the module: say so and exit, where the default would trap.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    let _ = Wasi.write(Stream::Error, b"error: internal failure of the module\n");
    exit(1)
}

/// The C library's heap.
struct Heap;

#[global_allocator]
static HEAP: Heap = Heap;

/// What `malloc` aligns to on wasm32.
const MALLOC_ALIGNMENT: usize = 16;

// SAFETY: malloc, realloc and free meet the contract for every layout up to their own alignment;
// larger alignments go through aligned_alloc and, in `realloc`, through a copy.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the C library takes any size; the alignment is a power of two.
        unsafe {
            if layout.align() <= MALLOC_ALIGNMENT {
                malloc(layout.size()).cast()
            } else {
                aligned_alloc(layout.align(), layout.size()).cast()
            }
        }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, _: Layout) {
        // SAFETY: `pointer` came from `alloc` or `realloc`, hence from the C library.
        unsafe { free(pointer.cast()) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if layout.align() <= MALLOC_ALIGNMENT {
            // SAFETY: `pointer` came from the C library.
            return unsafe { realloc(pointer.cast(), size).cast() };
        }
        // SAFETY: the new block is checked, as large as what is copied, and apart from the old one.
        unsafe {
            let moved = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !moved.is_null() {
                core::ptr::copy_nonoverlapping(pointer, moved, layout.size().min(size));
                self.dealloc(pointer, layout);
            }
            moved
        }
    }
}

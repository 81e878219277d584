//! WASI preview 1 without the standard library: five calls.
//!
//! Function signatures and error numbers: WASI snapshot preview 1,
//! <https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md>.
#![allow(
    unsafe_code,
    reason = "calls into the Wasm host and the C library are unsafe by nature"
)]

use alloc::vec;
use alloc::vec::Vec;
use core::ffi::c_char;
use core::panic::PanicInfo;

use super::{Host, Stream, StreamError};

/// Success, in WASI's list of error numbers.
const SUCCESS: u16 = 0;
/// A stream that is not ready, in WASI's list of error numbers.
const AGAIN: u16 = 6;
/// A call cut short by a signal, in WASI's list of error numbers.
const INTERRUPTED: u16 = 27;
/// Any failure of input or output, in WASI's list of error numbers. Wasmtime gives it for a broken pipe.
const IO: u16 = 29;
/// A full disk, in WASI's list of error numbers.
const NO_SPACE: u16 = 51;
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

// The start-up code of the target needs it.
#[link(name = "c")]
unsafe extern "C" {}

/// The host that runs the module.
#[derive(Debug, Default)]
pub struct Wasi;

impl Host for Wasi {
    fn arguments(&mut self) -> Result<Vec<Vec<u8>>, StreamError> {
        let (mut count, mut size) = (0, 0);
        // SAFETY: both pointers are valid for one write.
        arguments_had(unsafe { args_sizes_get(&raw mut count, &raw mut size) })?;
        let mut pointers = vec![core::ptr::null::<c_char>(); count];
        let mut text = vec![0_u8; size];
        // SAFETY: the buffers are as large as the host just asked for.
        arguments_had(unsafe { args_get(pointers.as_mut_ptr(), text.as_mut_ptr()) })?;
        let start = text.as_ptr().addr();
        let mut arguments = Vec::new();
        for pointer in pointers.iter().skip(1) {
            // The host has set each pointer to a string within `text`, which a zero ends.
            let rest = text.get(pointer.addr().wrapping_sub(start)..);
            let rest = rest.unwrap_or_default();
            let length = rest.iter().position(|byte| *byte == 0);
            let argument = length.and_then(|length| rest.get(..length));
            arguments.push(argument.ok_or(StreamError::Arguments(0))?.to_vec());
        }
        Ok(arguments)
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
            match code {
                SUCCESS => return Ok(read.min(buffer.len())),
                // To wait for a stream that is not ready takes a call that modules do without.
                AGAIN | INTERRUPTED => {}
                _ => return Err(StreamError::Read(code.into())),
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
            match code {
                SUCCESS => {}
                AGAIN | INTERRUPTED => continue,
                PIPE | IO => return Err(StreamError::Closed),
                NO_SPACE => return Err(StreamError::Full),
                _ => return Err(StreamError::Write(code.into())),
            }
            bytes = match bytes.get(written..) {
                Some(rest) if written > 0 => rest,
                _ => return Err(StreamError::Write(0)),
            };
        }
        Ok(())
    }
}

fn arguments_had(code: u16) -> Result<(), StreamError> {
    match code {
        SUCCESS => Ok(()),
        _ => Err(StreamError::Arguments(code.into())),
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

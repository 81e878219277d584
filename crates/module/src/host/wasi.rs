//! WASI preview 1 without the standard library: five calls, and with the feature `cocos` a sixth.
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

use super::result_file;
use super::{Host, Stream, StreamError};
use crate::program;

/// Success, in WASI's list of error numbers.
const SUCCESS: u16 = 0;
/// A stream that is not ready, in WASI's list of error numbers.
const AGAIN: u16 = 6;
/// A descriptor that there is not, in WASI's list of error numbers.
pub(super) const NO_DESCRIPTOR: u16 = 8;
/// A call cut short by a signal, in WASI's list of error numbers.
const INTERRUPTED: u16 = 27;
/// Any failure of input or output, in WASI's list of error numbers. Wasmtime gives it for a broken pipe.
const IO: u16 = 29;
/// A full disk, in WASI's list of error numbers.
pub(super) const NO_SPACE: u16 = 51;
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
    fn path_open(
        folder: u32,
        lookup: u32,
        path: *const u8,
        length: usize,
        how: u16,
        rights: u64,
        inherited: u64,
        flags: u16,
        descriptor: *mut u32,
    ) -> u16;
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

    fn write(&mut self, stream: Stream, bytes: &[u8]) -> Result<(), StreamError> {
        if cfg!(feature = "cocos") {
            result_file::write(bytes);
        }
        write(stream.descriptor(), bytes).map_err(|code| match code {
            PIPE | IO => StreamError::Closed,
            NO_SPACE => StreamError::Full,
            _ => StreamError::Write(code.into()),
        })
    }
}

impl Stream {
    /// What every host knows it as.
    pub(super) const fn descriptor(self) -> u32 {
        match self {
            Self::Output => 1,
            Self::Error => 2,
        }
    }
}

/// Writes all of `bytes` to `descriptor`, or returns WASI's number of an error; 0 if nothing more is taken.
pub(super) fn write(descriptor: u32, mut bytes: &[u8]) -> Result<(), u16> {
    while !bytes.is_empty() {
        let source = Buffer {
            start: bytes.as_ptr().cast_mut(),
            length: bytes.len(),
        };
        let mut written = 0;
        // SAFETY: `source` describes `bytes`, which the host only reads.
        match unsafe { fd_write(descriptor, &raw const source, 1, &raw mut written) } {
            SUCCESS => {}
            AGAIN | INTERRUPTED => continue,
            code => return Err(code),
        }
        bytes = match bytes.get(written..) {
            Some(rest) if written > 0 => rest,
            _ => return Err(SUCCESS),
        };
    }
    Ok(())
}

/// Opens the file `name` in `folder`, new and empty, and returns its descriptor, or WASI's number of an error.
pub(super) fn create(folder: u32, name: &str) -> Result<u32, u16> {
    /// Makes the file if it is not there, and empties it if it is.
    const CREATE_AND_TRUNCATE: u16 = 1 | 8;
    /// The right to write to the file.
    const WRITE: u64 = 1 << 6;
    let (path, length, mut file) = (name.as_ptr(), name.len(), 0);
    // SAFETY: `path` and `length` describe `name`, which the host only reads; `file` is valid for one write.
    match unsafe {
        path_open(
            folder,
            0,
            path,
            length,
            CREATE_AND_TRUNCATE,
            WRITE,
            0,
            0,
            &raw mut file,
        )
    } {
        SUCCESS => Ok(file),
        code => Err(code),
    }
}

fn arguments_had(code: u16) -> Result<(), StreamError> {
    match code {
        SUCCESS => Ok(()),
        _ => Err(StreamError::Arguments(code.into())),
    }
}

/// Ends the program.
pub fn exit(mut code: u8) -> ! {
    if cfg!(feature = "cocos") && code == program::SUCCESS && result_file::is_lost() {
        code = program::FAILURE;
    }
    // SAFETY: takes a plain number and does not return.
    unsafe { proc_exit(u32::from(code)) }
}

/// A panic is a defect of the module: say so and exit, where the default would trap.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    let _ = Wasi.write(Stream::Error, b"error: internal failure of the module\n");
    exit(1)
}

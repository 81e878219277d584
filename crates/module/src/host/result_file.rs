//! The file that a module of the form for Cocos writes beside its streams: all that it prints.
//!
//! The agent of Cocos returns the files of one folder, which it gives to the program as descriptor 3, and logs what the
//! program prints.

use alloc::format;
use core::sync::atomic::{AtomicU32, Ordering};

use model::json::Count;

use super::{Stream, wasi};

/// Its name.
const NAME: &str = "result.txt";
/// The first folder that a host gives, behind the three standard streams.
const FOLDER: u32 = 3;

/// Not opened yet: the number of standard input, which no file gets.
const UNOPENED: u32 = 0;
/// Given up: a number that no host gives.
const LOST: u32 = u32::MAX;

/// The descriptor of the file.
static FILE: AtomicU32 = AtomicU32::new(UNOPENED);

/// Whether the file lacks something that was printed.
pub fn is_lost() -> bool {
    FILE.load(Ordering::Relaxed) == LOST
}

/// Appends `bytes`. The first failure is said on standard error, and nothing is written after it.
pub fn write(bytes: &[u8]) {
    let file = match FILE.load(Ordering::Relaxed) {
        LOST => return,
        UNOPENED => wasi::create(FOLDER, NAME),
        file => Ok(file),
    };
    let written = file.and_then(|file| {
        FILE.store(file, Ordering::Relaxed);
        wasi::write(file, bytes)
    });
    if let Err(code) = written {
        FILE.store(LOST, Ordering::Relaxed);
        let why = match code {
            wasi::NO_DESCRIPTOR => "the host gives no folder; with wasmtime: `--dir results::.`",
            wasi::NO_SPACE => "the disk is full",
            _ => &format!("error {} of the host", Count(code.into())),
        };
        let message = ["error: cannot write ", NAME, ": ", why, "\n"].concat();
        // Nobody is left to tell if this fails; the exit code still does.
        let _ = wasi::write(Stream::Error.descriptor(), message.as_bytes());
    }
}

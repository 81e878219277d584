use alloc::vec::Vec;
use std::ffi::OsString;
use std::io::{self, ErrorKind, Read, Write};
use std::thread;
use std::time::Duration;

use super::{Host, Stream, StreamError};

/// How long to wait for a stream that is not ready.
const PAUSE: Duration = Duration::from_millis(1);

/// The operating system, through the standard library.
#[derive(Debug, Default)]
pub struct Standard;

/// The operating system's number of an error.
fn number(error: &io::Error) -> usize {
    let number = error.raw_os_error().unwrap_or_default();
    number.unsigned_abs() as usize
}

/// Writes all of `bytes`, also to a pipe that does not block.
fn write(mut stream: impl Write, mut bytes: &[u8]) -> Result<(), StreamError> {
    while !bytes.is_empty() {
        let written = stream.write(bytes).and_then(|count| {
            stream.flush()?;
            Ok(count)
        });
        match written {
            Ok(0) => return Err(StreamError::Write(0)),
            Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
            Err(error) => match error.kind() {
                ErrorKind::Interrupted => {}
                ErrorKind::WouldBlock => thread::sleep(PAUSE),
                ErrorKind::BrokenPipe => return Err(StreamError::Closed),
                ErrorKind::StorageFull => return Err(StreamError::Full),
                _ => return Err(StreamError::Write(number(&error))),
            },
        }
    }
    Ok(())
}

impl Host for Standard {
    fn arguments(&mut self) -> Result<Vec<Vec<u8>>, StreamError> {
        let arguments = std::env::args_os().skip(1);
        Ok(arguments.map(OsString::into_encoded_bytes).collect())
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, StreamError> {
        loop {
            match io::stdin().lock().read(buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(PAUSE),
                result => return result.map_err(|error| StreamError::Read(number(&error))),
            }
        }
    }

    fn write(&mut self, stream: Stream, bytes: &[u8]) -> Result<(), StreamError> {
        match stream {
            Stream::Output => write(io::stdout().lock(), bytes),
            Stream::Error => write(io::stderr().lock(), bytes),
        }
    }
}

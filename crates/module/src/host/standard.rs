use alloc::vec::Vec;
use std::ffi::OsString;
use std::io::{self, ErrorKind, Read, Write};

use super::{Host, Stream, StreamError};

/// The operating system, through the standard library.
#[derive(Debug, Default)]
pub struct Standard;

impl From<io::Error> for StreamError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::Failed,
        }
    }
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
                result => return Ok(result?),
            }
        }
    }

    fn write(&mut self, stream: Stream, bytes: &[u8]) -> Result<(), StreamError> {
        match stream {
            Stream::Output => {
                let mut output = io::stdout().lock();
                output.write_all(bytes)?;
                output.flush()?;
            }
            Stream::Error => io::stderr().lock().write_all(bytes)?,
        }
        Ok(())
    }
}

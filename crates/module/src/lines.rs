//! Reads standard input line by line in bounded memory.

use alloc::vec::Vec;

use crate::host::{Host, StreamError};

/// Longest line of a stream, in bytes.
pub const LONGEST_LINE: usize = 64 * 1024;

/// Bytes asked of the host at once.
const CHUNK: usize = 4 * 1024;

/// One line of a stream.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    /// A line without its line feed; its bytes are in the buffer that the reader was given.
    Complete,
    /// The beginning of a line: the buffer is full.
    Full,
    /// There is no further line.
    End,
}

/// Splits standard input into lines.
#[derive(Debug)]
pub struct Lines {
    chunk: [u8; CHUNK],
    start: usize,
    end: usize,
    /// Whole lines that come before all that is still to be read.
    returned: Vec<u8>,
}

impl Lines {
    pub fn new() -> Self {
        Self {
            chunk: [0; CHUNK],
            start: 0,
            end: 0,
            returned: Vec::new(),
        }
    }

    /// Takes back `lines`, the last of which has no line feed.
    pub fn give_back(&mut self, lines: &[u8]) {
        self.returned = [lines, b"\n", &self.returned].concat();
    }

    /// Appends the next line to `line`. `before_read` runs before the host is asked for more bytes,
    /// which may take forever: the moment to hand out what is still buffered.
    ///
    /// # Errors
    ///
    /// If standard input cannot be read, or those of `before_read`.
    pub fn next<H: Host + ?Sized>(
        &mut self,
        host: &mut H,
        line: &mut Vec<u8>,
        before_read: &mut dyn FnMut(&mut H) -> Result<(), StreamError>,
    ) -> Result<Line, StreamError> {
        if let Some(length) = self.returned.iter().position(|byte| *byte == b'\n') {
            line.extend(self.returned.drain(..length));
            self.returned.drain(..1);
            return Ok(Line::Complete);
        }
        let mut empty = true;
        loop {
            if self.start == self.end {
                before_read(host)?;
                self.fill(host)?;
                if self.end == 0 {
                    return Ok(if empty { Line::End } else { Line::Complete });
                }
            }
            empty = false;
            let (part, used, complete) = self.part();
            if line.len() + part.len() > LONGEST_LINE {
                return Ok(Line::Full);
            }
            line.extend_from_slice(part);
            self.start += used;
            if complete {
                return Ok(Line::Complete);
            }
        }
    }

    /// Passes over the rest of the line.
    ///
    /// # Errors
    ///
    /// If standard input cannot be read.
    pub fn skip<H: Host + ?Sized>(&mut self, host: &mut H) -> Result<(), StreamError> {
        loop {
            let (_, used, complete) = self.part();
            self.start += used;
            if complete {
                return Ok(());
            }
            self.fill(host)?;
            if self.end == 0 {
                return Ok(());
            }
        }
    }

    fn fill<H: Host + ?Sized>(&mut self, host: &mut H) -> Result<(), StreamError> {
        self.start = 0;
        self.end = host.read(&mut self.chunk)?;
        Ok(())
    }

    /// What the chunk has of the line, how many bytes that is with the line feed, and whether that is there.
    fn part(&self) -> (&[u8], usize, bool) {
        let rest = self.chunk.get(self.start..self.end).unwrap_or_default();
        let end = rest.iter().position(|byte| *byte == b'\n');
        let part = end.and_then(|length| rest.get(..length)).unwrap_or(rest);
        (part, part.len() + usize::from(end.is_some()), end.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Stream;
    use alloc::string::String;
    use alloc::vec;

    /// Hands out its bytes in pieces of a given size.
    struct Pieces<'a>(core::slice::Chunks<'a, u8>);

    impl Host for Pieces<'_> {
        fn arguments(&mut self) -> Result<Vec<Vec<u8>>, StreamError> {
            Ok(Vec::new())
        }

        fn read(&mut self, buffer: &mut [u8]) -> Result<usize, StreamError> {
            let piece = self.0.next().unwrap_or_default();
            buffer[..piece.len()].copy_from_slice(piece);
            Ok(piece.len())
        }

        fn write(&mut self, _: Stream, _: &[u8]) -> Result<(), StreamError> {
            Err(StreamError::Write(8))
        }
    }

    fn split(text: &[u8], piece: usize) -> Vec<Option<String>> {
        let mut host = Pieces(text.chunks(piece));
        let mut lines = Lines::new();
        let mut line = Vec::new();
        let mut all = Vec::new();
        loop {
            line.clear();
            match lines.next(&mut host, &mut line, &mut |_| Ok(())).unwrap() {
                Line::Complete => all.push(Some(String::from_utf8(line.clone()).unwrap())),
                Line::Full => {
                    lines.skip(&mut host).unwrap();
                    all.push(None);
                }
                Line::End => return all,
            }
        }
    }

    #[test]
    fn lines_do_not_depend_on_how_the_bytes_arrive() {
        let expected: Vec<_> = ["a", "", "bc", "last"].map(|l| Some(l.into())).into();
        for piece in 1..12 {
            assert_eq!(split(b"a\n\nbc\nlast", piece), expected);
            assert_eq!(split(b"a\n\nbc\nlast\n", piece), expected);
        }
        assert!(split(b"", 1).is_empty());
    }

    #[test]
    fn a_line_too_long_is_skipped_in_bounded_memory() {
        let mut text = vec![b'x'; LONGEST_LINE];
        text.push(b'\n');
        assert_eq!(split(&text, CHUNK).len(), 1);
        assert!(split(&text, CHUNK)[0].is_some());

        let mut text = vec![b'x'; 3 * LONGEST_LINE];
        text.extend_from_slice(b"\nnext\n");
        assert_eq!(split(&text, CHUNK), [None, Some("next".into())]);
        text.truncate(3 * LONGEST_LINE);
        assert_eq!(split(&text, CHUNK), [None]);
    }
}

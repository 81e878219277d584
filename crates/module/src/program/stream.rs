//! Values on standard input: mostly one a line.

use alloc::format;
use alloc::vec::Vec;

use model::json::{self, Count, Shown};
use runtime::InputError;

use super::{BUFFERED, Session, flush};
use crate::answers::{BYTE_ORDER_MARK, Refusal};
use crate::host::StreamError;
use crate::lines::{LONGEST_LINE, Line, Lines};
use crate::print;

impl Session<'_> {
    /// Answers each value of standard input; a bad one is reported and the rest goes on.
    #[inline(never)]
    pub fn stream(&mut self) -> Result<(), StreamError> {
        let mut lines = Lines::new();
        // The value at hand, the numbers of its first and last line, and blank lines before it; whether there has
        // been no value, and whether the one at hand has several lines.
        let (mut value, mut first, mut last, mut blank) = (Vec::new(), 1, 0, 0);
        let (mut nothing, mut open) = (true, false);
        loop {
            let output = &mut self.output;
            let read = lines.next(self.host, &mut value, &mut |host| flush(output, host))?;
            let expected = self.runtime.expected();
            if last == 0 && value.starts_with(BYTE_ORDER_MARK) {
                value.drain(..BYTE_ORDER_MARK.len());
            }
            if read == Line::Full && self.take_items(&mut value, first) {
                continue;
            }
            last += 1;
            match read {
                Line::Complete if value.trim_ascii().is_empty() => {
                    value.clear();
                    blank += 1;
                    first = last + 1;
                    continue;
                }
                Line::Complete if (open || is_opening(&value)) && is_cut_off(&value) => {
                    open = true;
                    self.take_items(&mut value, first);
                    value.push(b'\n');
                    continue;
                }
                Line::End if value.is_empty() => {
                    if nothing {
                        let error = InputError::Empty { expected };
                        self.refuse(&format!("{error}"));
                    }
                    self.say_repeated();
                    return Ok(());
                }
                _ => nothing = false,
            }
            // A blank line at the end of the input is no mistake, one before a value is.
            for line in first - blank..first {
                self.refuse_line(line, b"", &InputError::Empty { expected }.into());
            }
            blank = 0;
            let mut answered = match read {
                Line::Full => {
                    lines.skip(self.host)?;
                    Err(Refusal::LineTooLong {
                        limit: LONGEST_LINE,
                        expected,
                    })
                }
                _ => self.answer(&value),
            };
            // What was taken for the rest of a value may be the next one.
            if let Some(place) = answered.as_ref().err().and_then(|_| next_value(&value)) {
                let rest = value.split_off(place);
                lines.give_back(rest.trim_ascii_end());
                last = first + value.split(|byte| *byte == b'\n').count() - 2;
                answered = self.answer(&value);
            }
            if let Err(error) = answered {
                self.refuse_line(first, &value, &error);
                if matches!(error, Refusal::Utf16) {
                    return Ok(());
                }
            }
            value.clear();
            open = false;
            first = last + 1;
            if self.output.len() >= BUFFERED {
                flush(&mut self.output, self.host)?;
            }
        }
    }

    /// Answers the complete items of `value`, an array of inputs that goes on, and leaves the rest, also an array.
    /// Returns whether there were some.
    #[inline(never)]
    fn take_items(&mut self, value: &mut Vec<u8>, line: usize) -> bool {
        // A character may be cut off at the end.
        let text = match str::from_utf8(value) {
            Ok(text) => text,
            Err(error) => {
                let valid = value.get(..error.valid_up_to()).unwrap_or_default();
                str::from_utf8(valid).unwrap_or_default()
            }
        };
        let comma = Some(text).filter(|text| text.starts_with('['));
        let Some(comma) = comma.and_then(json::last_comma) else {
            return false;
        };
        let items = [text.get(..comma).unwrap_or_default(), "]"].concat();
        if !self.runtime.is_batch(&items) {
            return false;
        }
        for item in json::items(&items) {
            if let Err(error) = self.answer(item.as_bytes()) {
                self.refuse_line(line, item.as_bytes(), &error);
            }
        }
        let rest = value.split_off(comma + 1);
        *value = [b"[", &rest[..]].concat();
        true
    }

    /// Reports a bad value of a stream, which begins on `line`, and puts something in place of an answer.
    #[inline(never)]
    fn refuse_line(&mut self, line: usize, input: &[u8], error: &Refusal) {
        let message = format!("{error}");
        match self.form.json {
            true => print::json_error(&message, &mut self.output),
            false => self.output.push('\n'),
        }
        if message == self.last {
            self.repeated += 1;
            return;
        }
        self.say_repeated();
        self.refuse(&format!("line {}: {}", Count(line), Shown(&message)));
        self.hint(input, error);
        self.last = message;
    }

    /// Says how many lines had the fault that was reported last.
    #[inline(never)]
    fn say_repeated(&mut self) {
        if self.repeated > 0 {
            let message = format!("the same fault in {} more", Count(self.repeated));
            self.refuse(&message);
        }
        self.repeated = 0;
    }
}

/// Whether `line` ends as only the first of several lines of a value does.
fn is_opening(line: &[u8]) -> bool {
    matches!(line.trim_ascii_end(), [.., b'{' | b'[' | b','])
}

/// Whether there is nothing wrong with `value` but that it ends.
#[inline(never)]
fn is_cut_off(value: &[u8]) -> bool {
    let text = str::from_utf8(value).unwrap_or_default();
    json::value(text).is_err_and(|error| error.offset >= text.trim_ascii_end().len())
}

/// Where in `value`, of several lines, a line begins that is a value by itself.
#[inline(never)]
fn next_value(value: &[u8]) -> Option<usize> {
    let mut place = 0;
    for line in value.split_inclusive(|byte| *byte == b'\n') {
        let text = str::from_utf8(line).unwrap_or_default();
        if place > 0 && text.starts_with(['{', '[']) && json::value(text).is_ok() {
            return Some(place);
        }
        place += line.len();
    }
    None
}

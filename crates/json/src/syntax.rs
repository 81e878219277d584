//! Finds out whether a text is JSON (RFC 8259), and where a value ends.
//!
//! Written here because it decides how large a module is: a general JSON library is an eighth of a small one.

use core::fmt;

use crate::Count;

/// Most brackets inside each other.
const DEEPEST: u32 = 64;

/// Where a text is not JSON, and what is expected there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyntaxError {
    /// The byte of the text, from 0.
    pub offset: usize,
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
    /// What is expected there.
    pub expected: &'static str,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            line,
            column,
            expected,
            ..
        } = self;
        f.write_str("expected ")?;
        f.write_str(expected)?;
        f.write_str(" at ")?;
        // Mostly there is one line only.
        if *line > 1 {
            f.write_str("line ")?;
            Count(*line).fmt(f)?;
            f.write_str(" ")?;
        }
        f.write_str("column ")?;
        Count(*column).fmt(f)
    }
}

impl core::error::Error for SyntaxError {}

/// Checks that `text` is exactly one JSON value with or without space around it.
///
/// # Errors
///
/// Says what is expected, and where.
pub fn check(text: &str) -> Result<(), SyntaxError> {
    let mut scanner = Scanner::new(text, 0);
    let result = scanner.value().and_then(|()| {
        scanner.space();
        match scanner.peek() {
            None => Ok(()),
            Some(_) => Err("nothing more"),
        }
    });
    result.map_err(|expected| scanner.error(text, expected))
}

/// Where the JSON value ends that begins at byte `start` of `text`; nothing if there is none.
#[inline(never)]
pub fn end(text: &str, start: usize) -> Option<usize> {
    let mut scanner = Scanner::new(text, start);
    scanner.value().ok()?;
    Some(scanner.at)
}

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
}

/// What is expected at the scanner's place.
type Scanned = Result<(), &'static str>;

impl<'a> Scanner<'a> {
    fn new(text: &'a str, at: usize) -> Self {
        Self {
            text: text.as_bytes(),
            at,
        }
    }

    #[cold]
    fn error(&self, text: &str, expected: &'static str) -> SyntaxError {
        let (mut line, mut column) = (1, 1);
        for byte in text.bytes().take(self.at) {
            // The further bytes of a character count with its first.
            column += usize::from(byte & 0xc0 != 0x80);
            if byte == b'\n' {
                (line, column) = (line + 1, 1);
            }
        }
        SyntaxError {
            offset: self.at,
            line,
            column,
            expected,
        }
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    #[inline]
    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    #[inline]
    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// A value, and the values in it. Whether each open bracket is an object's is a bit of `objects`, so that no
    /// depth of an input can use up the stack.
    #[inline(never)]
    fn value(&mut self) -> Scanned {
        let (mut depth, mut objects) = (0, 0_u64);
        loop {
            self.space();
            match self.peek() {
                Some(open @ (b'[' | b'{')) => {
                    self.at += 1;
                    if depth == DEEPEST {
                        return Err("fewer brackets inside each other");
                    }
                    self.space();
                    let is_object = open == b'{';
                    if !self.take(if is_object { b'}' } else { b']' }) {
                        depth += 1;
                        objects = objects << 1 | u64::from(is_object);
                        if is_object {
                            self.name()?;
                        }
                        continue;
                    }
                }
                Some(b'"') => self.string()?,
                Some(b'-' | b'0'..=b'9') => self.number()?,
                Some(b't') => self.word(b"true")?,
                Some(b'f') => self.word(b"false")?,
                Some(b'n') => self.word(b"null")?,
                _ => return Err("a value"),
            }
            // After a value.
            loop {
                if depth == 0 {
                    return Ok(());
                }
                self.space();
                let is_object = objects & 1 == 1;
                if self.take(b',') {
                    if is_object {
                        self.space();
                        self.name()?;
                    }
                    break;
                }
                if !self.take(if is_object { b'}' } else { b']' }) {
                    return Err(if is_object {
                        "`,` or `}`"
                    } else {
                        "`,` or `]`"
                    });
                }
                depth -= 1;
                objects >>= 1;
            }
        }
    }

    /// The name of a member, and the colon.
    fn name(&mut self) -> Scanned {
        if self.peek() != Some(b'"') {
            return Err("a name in double quotes");
        }
        self.string()?;
        self.space();
        match self.take(b':') {
            true => Ok(()),
            false => Err("`:`"),
        }
    }

    #[inline(never)]
    fn string(&mut self) -> Scanned {
        self.at += 1;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    self.at += 1;
                    self.escape()?;
                }
                Some(b' '..) => self.at += 1,
                Some(_) => return Err("an escape in place of a control character"),
                None => return Err("a double quote that ends the string"),
            }
        }
    }

    fn escape(&mut self) -> Scanned {
        let digits = match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 0,
            Some(b'u') => 4,
            _ => return Err("an escape"),
        };
        self.at += 1;
        for _ in 0..digits {
            if !self.peek().is_some_and(|byte| byte.is_ascii_hexdigit()) {
                return Err("four hexadecimal digits");
            }
            self.at += 1;
        }
        Ok(())
    }

    #[inline(never)]
    fn number(&mut self) -> Scanned {
        self.take(b'-');
        // No digit follows a zero at the start.
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Scanned {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        match self.at > start {
            true => Ok(()),
            false => Err("a digit"),
        }
    }

    fn word(&mut self, word: &[u8]) -> Scanned {
        let rest = self.text.get(self.at..).unwrap_or_default();
        match rest.starts_with(word) {
            true => {
                self.at += word.len();
                Ok(())
            }
            false => Err("a value"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::{String, ToString};

    #[test]
    fn problems_are_named_with_their_place() {
        for (text, message) in [
            ("", "expected a value at column 1"),
            (" setosa", "expected a value at column 2"),
            ("nul", "expected a value at column 1"),
            ("NaN", "expected a value at column 1"),
            ("{'a': 1}", "expected a name in double quotes at column 2"),
            ("{\"a\" 1}", "expected `:` at column 6"),
            ("{\"a\": 1", "expected `,` or `}` at column 8"),
            (
                "{\"a\": 1,}",
                "expected a name in double quotes at column 9",
            ),
            ("[1 2]", "expected `,` or `]` at column 4"),
            ("[1,]", "expected a value at column 4"),
            ("{} {}", "expected nothing more at column 4"),
            ("[1,\n é]", "expected a value at line 2 column 2"),
            ("[\"é\" é]", "expected `,` or `]` at column 6"),
            ("01", "expected nothing more at column 2"),
            ("-", "expected a digit at column 2"),
            ("1.", "expected a digit at column 3"),
            ("1e+", "expected a digit at column 4"),
            (
                "\"a",
                "expected a double quote that ends the string at column 3",
            ),
            (
                "\"\t\"",
                "expected an escape in place of a control character at column 2",
            ),
            ("\"\\x\"", "expected an escape at column 3"),
            (
                "\"\\u12g4\"",
                "expected four hexadecimal digits at column 6",
            ),
        ] {
            assert_eq!(check(text).unwrap_err().to_string(), message, "{text}");
        }
    }

    #[test]
    fn depth_is_limited() {
        let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(check(&nested(64)), Ok(()));
        let expected = "expected fewer brackets inside each other at column 66";
        assert_eq!(check(&nested(65)).unwrap_err().to_string(), expected);
        assert!(check(&"[{\"a\":".repeat(100_000)).is_err());
    }

    #[test]
    fn a_value_ends_where_it_does() {
        for (text, start, expected) in [
            ("[1, 2], 3", 0, Some(6)),
            ("[1, 2], 3", 1, Some(2)),
            ("\"a\\\"b\": 1", 0, Some(6)),
            ("-1.5e3}", 0, Some(6)),
            ("true,false", 0, Some(4)),
            ("]", 0, None),
            ("1", 5, None),
        ] {
            assert_eq!(end(text, start), expected, "{text} from {start}");
        }
    }

    /// Texts of the characters that matter, always the same ones: each is JSON for both or for none.
    #[test]
    fn agrees_with_serde_json() {
        const PIECES: [&str; 26] = [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "u", "00e9", "1", "0", "-", "+", ".", "e",
            "E", " ", "\n", "true", "null", "false", "\"a\"", "\"a\":", "é", "\t",
        ];
        let mut random = fastrand::Rng::with_seed(42);
        let (mut good, mut bad) = (0, 0);
        for _ in 0..300_000 {
            let mut text = String::new();
            for _ in 0..8 {
                text += PIECES[random.usize(..PIECES.len())];
                let theirs = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
                assert_eq!(check(&text).is_ok(), theirs, "{text}");
                if theirs {
                    good += 1;
                } else {
                    bad += 1;
                }
            }
        }
        assert!(good > 1000 && bad > 1000, "{good}, {bad}");
    }
}

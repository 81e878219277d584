//! Reads JSON whose form is known beforehand in one pass: names and words without escapes, numbers without an exponent.
//!
//! Nothing is checked twice, and nothing is said about what is wrong. Where a text has another form, its reader takes the
//! general way, [`value`](crate::value) and what follows it.

use crate::walk::power_of_ten;

/// Most digits of a number; so many fit into 64 bits.
const MOST_DIGITS: usize = 18;

/// A text that is read from its start to its end. Each method passes over blanks and what it is asked for. It gives
/// nothing if something else comes, and stays where it is.
#[derive(Debug, Clone)]
pub struct Plain<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Plain<'a> {
    /// Begins with `text`.
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The character `byte` outside of strings, such as a bracket.
    #[inline]
    pub fn byte(&mut self, byte: u8) -> Option<()> {
        let start = self.blanks();
        self.at = self.is(start, byte).then_some(start + 1)?;
        Some(())
    }

    /// A member's name, and the colon.
    #[inline]
    pub fn name(&mut self, name: &str) -> Option<()> {
        let start = self.blanks();
        if !self.is(start, b'"') {
            return None;
        }
        let mut at = start + 1;
        for byte in name.bytes() {
            if is_special(byte) || !self.is(at, byte) {
                return None;
            }
            at += 1;
        }
        if !self.is(at, b'"') {
            return None;
        }
        let mut rest = Self {
            text: self.text,
            at: at + 1,
        };
        rest.byte(b':')?;
        *self = rest;
        Some(())
    }

    /// What a string without escapes says.
    #[inline]
    pub fn string(&mut self) -> Option<&'a str> {
        let start = self.blanks();
        if !self.is(start, b'"') {
            return None;
        }
        let mut end = start + 1;
        while !is_special(self.peek(end)?) {
            end += 1;
        }
        if !self.is(end, b'"') {
            return None;
        }
        self.at = end + 1;
        self.text.get(start + 1..end)
    }

    /// A number without an exponent, of at most 18 digits: the same as [`number`](crate::number) gives.
    #[inline]
    pub fn number(&mut self) -> Option<f32> {
        let start = self.blanks();
        let is_negative = self.is(start, b'-');
        let start = start + usize::from(is_negative);
        let (mut mantissa, mut end) = (0_i64, start);
        while let Some(digit) = self.digit(end) {
            mantissa = mantissa.wrapping_mul(10).wrapping_add(digit);
            end += 1;
        }
        let (whole, mut places) = (end - start, 0);
        // JSON has no zero before other digits.
        if whole == 0 || whole > 1 && self.is(start, b'0') {
            return None;
        }
        if self.is(end, b'.') {
            end += 1;
            let point = end;
            while let Some(digit) = self.digit(end) {
                mantissa = mantissa.wrapping_mul(10).wrapping_add(digit);
                end += 1;
            }
            places = end - point;
            if places == 0 {
                return None;
            }
        }
        if whole + places > MOST_DIGITS || self.is(end, b'e') || self.is(end, b'E') {
            return None;
        }
        self.at = end;
        let value = (mantissa as f64 / power_of_ten(places)) as f32;
        Some(if is_negative { -value } else { value })
    }

    /// The end of the text.
    #[inline]
    pub fn end(&mut self) -> Option<()> {
        (self.blanks() == self.text.len()).then_some(())
    }

    /// The place behind the blanks that come next.
    #[inline]
    fn blanks(&self) -> usize {
        let mut at = self.at;
        while matches!(self.peek(at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            at += 1;
        }
        at
    }

    #[inline]
    fn peek(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    #[inline]
    fn is(&self, at: usize, byte: u8) -> bool {
        self.peek(at) == Some(byte)
    }

    #[inline]
    fn digit(&self, at: usize) -> Option<i64> {
        let digit = self.peek(at)?.wrapping_sub(b'0');
        (digit < 10).then_some(i64::from(digit))
    }
}

/// Whether a byte ends a string, or must not stand in one as it is.
#[inline]
fn is_special(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\' | 0..=0x1f)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::String;

    #[test]
    fn an_object_is_read_from_its_start_to_its_end() {
        let mut plain = Plain::new(" { \"größe\" :1.50,\n\"b\":\t\"rot, é\" } ");
        plain.byte(b'{').unwrap();
        assert_eq!(plain.name("b"), None);
        plain.name("größe").unwrap();
        assert_eq!(plain.string(), None);
        assert_eq!(plain.number(), Some(1.5));
        assert_eq!((plain.byte(b'}'), plain.end()), (None, None));
        plain.byte(b',').unwrap();
        plain.name("b").unwrap();
        assert_eq!(plain.number(), None);
        assert_eq!(plain.string(), Some("rot, é"));
        plain.byte(b'}').unwrap();
        plain.end().unwrap();
    }

    #[test]
    fn names_and_strings_with_escapes_are_left_to_others() {
        for text in ["\"a\\n\"", "\"\\\"\"", "\"a", "\"", "\"a\tb\"", "a", ""] {
            assert_eq!(Plain::new(text).string(), None, "{text}");
        }
        // The text has the names `a` and `b`, not one of seven characters.
        let text = "\"a\":1,\"b\":2";
        assert_eq!(Plain::new(text).name("a\":1,\"b"), None);
        for (text, name) in [
            ("\"a\\\\\":1", "a\\\\"),
            ("\"a\nb\":1", "a\nb"),
            ("\"ab\":1", "a"),
            ("\"a\":1", "ab"),
            ("\"a\" 1", "a"),
            ("\"a", "a"),
        ] {
            assert_eq!(Plain::new(text).name(name), None, "{text}");
        }
    }

    /// Texts of the characters that matter, always the same ones: what is read here is a JSON number, the same one.
    #[test]
    fn numbers_are_those_of_the_general_way() {
        const PIECES: [&str; 12] = [
            "0",
            "1",
            "7",
            "25",
            "9007199254740993",
            ".",
            ".0",
            "-",
            "e",
            "E2",
            " ",
            "x",
        ];
        let mut random = fastrand::Rng::with_seed(42);
        let (mut read, mut left) = (0, 0);
        for _ in 0..300_000 {
            let mut text = String::new();
            for _ in 0..random.usize(1..5) {
                text += PIECES[random.usize(..PIECES.len())];
            }
            let mut plain = Plain::new(&text);
            let number = plain.number().filter(|_| plain.end().is_some());
            match number {
                Some(number) => {
                    let expected = crate::value(&text).ok().and_then(crate::number);
                    let bits = expected.map(f32::to_bits);
                    assert_eq!(bits, Some(number.to_bits()), "{text}");
                    read += 1;
                }
                None => left += 1,
            }
        }
        assert!(read > 10_000 && left > 10_000, "{read}, {left}");
        for _ in 0..200_000 {
            let text = format!("{}.{:05}", random.u32(..100_000), random.u32(..100_000));
            assert_eq!(Plain::new(&text).number(), crate::number(&text), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_left_to_others() {
        for text in [
            "",
            "-",
            "01",
            "1.",
            ".5",
            "1e3",
            "1.5E-3",
            "1234567890123456789",
        ] {
            assert_eq!(Plain::new(text).number(), None, "{text}");
        }
    }
}

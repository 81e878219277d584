//! Walks JSON text without building a tree: members of an object, items of an array, numbers,
//! strings. Everything is borrowed from the text, so that messages can quote it as it was typed.
//!
//! [`value`] finds out whether a text is JSON.

use crate::syntax::{self, SyntaxError};

/// Checks that `text` is exactly one JSON value, and returns it without the space around it.
///
/// # Errors
///
/// Says what is wrong with the syntax, and where.
pub fn value(text: &str) -> Result<&str, SyntaxError> {
    syntax::check(text)?;
    Ok(text.trim_ascii())
}

/// The comma behind the last complete item of `json`, an array that may be cut off; nothing if there is none.
#[inline(never)]
pub fn last_comma(json: &str) -> Option<usize> {
    let (mut start, mut last) = (1, None);
    while let Some(end) = syntax::end(json, start) {
        let rest = json.get(end..)?.trim_ascii_start();
        if !rest.starts_with(',') {
            break;
        }
        start = json.len() - rest.len() + 1;
        last = Some(start - 1);
    }
    last
}

/// The names and values of the members of `json`, a valid object, in order. A name comes as it is
/// written, without its quotes and with its escapes.
pub fn members(json: &str) -> Members<'_> {
    Members { rest: inside(json) }
}

/// Iterates over [`members`].
#[derive(Debug, Clone)]
pub struct Members<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, &'a str);

    #[inline(never)]
    fn next(&mut self) -> Option<Self::Item> {
        let name = next(&mut self.rest)?;
        let value = next(&mut self.rest).unwrap_or_default();
        Some((inside(name), value))
    }
}

/// The items of `json`, a valid array, in order.
pub fn items(json: &str) -> Items<'_> {
    Items { rest: inside(json) }
}

/// Iterates over [`items`].
#[derive(Debug, Clone)]
pub struct Items<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Items<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<Self::Item> {
        next(&mut self.rest)
    }
}

/// The number `json`, or `None` if it is another value or too large for a float.
#[inline(never)]
pub fn number(json: &str) -> Option<f32> {
    if !is_number(json) {
        return None;
    }
    let (unsigned, sign) = match json.strip_prefix('-') {
        Some(unsigned) => (unsigned, -1.0),
        None => (json, 1.0),
    };
    let (digits, written) = match unsigned.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, power(exponent)?),
        None => (unsigned, 0),
    };
    let (mut mantissa, mut exponent, mut is_fraction, mut is_full) = (0_u64, written, false, false);
    for byte in digits.bytes() {
        if byte == b'.' {
            is_fraction = true;
            continue;
        }
        let digit = u64::from(byte.wrapping_sub(b'0'));
        if !is_full && digit < 10 && mantissa <= (u64::MAX - 9) / 10 {
            mantissa = 10 * mantissa + digit;
            exponent -= i32::from(is_fraction);
        } else {
            // What is behind nineteen digits changes no float.
            is_full = true;
            exponent += i32::from(!is_fraction);
        }
    }
    let value = (sign * scaled(mantissa as f64, exponent)) as f32;
    value.is_finite().then_some(value)
}

/// The power of ten that `exponent` says. Beyond the limits every float is zero or too large, for as many digits
/// as an input may have.
fn power(exponent: &str) -> Option<i32> {
    const MOST: i32 = 1 << 28;
    let (digits, sign) = match exponent.strip_prefix('-') {
        Some(digits) => (digits, -1),
        None => (exponent.strip_prefix('+').unwrap_or(exponent), 1),
    };
    let mut power = 0_i32;
    for byte in digits.bytes() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        power = (10 * power + i32::from(digit)).min(MOST / 10);
    }
    Some(sign * power)
}

/// `value` times ten to the power of `exponent`. Exact powers up to 10²² make it right to the last bit of a float
/// for all numbers that people write.
fn scaled(mut value: f64, exponent: i32) -> f64 {
    // Beyond this every float of 64 bits is zero or infinite, as a mantissa has at most twenty digits.
    let mut left = exponent.unsigned_abs().min(400);
    while left > 0 && value != 0.0 {
        let step = left.min(22);
        let power = power_of_ten(step as usize);
        if exponent < 0 {
            value /= power;
        } else {
            value *= power;
        }
        left -= step;
    }
    value
}

/// Ten to the power of `exponent`, which is at most 22: so far the powers are exact.
pub(crate) fn power_of_ten(exponent: usize) -> f64 {
    const POWERS: [f64; 23] = {
        let (mut powers, mut exponent) = ([1.0; 23], 1);
        while exponent < 23 {
            powers[exponent] = 10.0 * powers[exponent - 1];
            exponent += 1;
        }
        powers
    };
    POWERS.get(exponent).copied().unwrap_or(f64::NAN)
}

/// The whole number `json`, from 0 up to what memory can count.
pub fn count(json: &str) -> Option<usize> {
    json.parse().ok()
}

/// Whether `json`, one valid value, is a number of any size.
pub fn is_number(json: &str) -> bool {
    matches!(json.as_bytes().first(), Some(b'-' | b'0'..=b'9'))
}

/// What is between the brackets or quotes of `json`.
fn inside(json: &str) -> &str {
    let end = json.len().saturating_sub(1);
    json.get(1..end).unwrap_or_default()
}

/// Takes the next value off `rest`, part of a valid text between two brackets.
fn next<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let between = |byte: &u8| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b':');
    let start = rest.as_bytes().iter().position(between)?;
    let end = syntax::end(rest, start)?;
    let value = rest.get(start..end)?;
    *rest = rest.get(end..)?;
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_comma_is_behind_complete_items() {
        for (json, before) in [
            ("[", None),
            ("[1", None),
            ("[1]", None),
            ("[1, 2", Some("[1")),
            (
                "[{\"a\": [1, 2]} , \"b,\",\n[3, ",
                Some("[{\"a\": [1, 2]} , \"b,\""),
            ),
            ("[1,, 2", Some("[1")),
            ("[x, 2", None),
        ] {
            assert_eq!(
                last_comma(json).map(|comma| &json[..comma]),
                before,
                "{json}"
            );
        }
    }

    #[test]
    fn a_value_loses_the_space_around_it_and_nothing_else() {
        assert_eq!(value(" [1, 2]\r\n").unwrap(), "[1, 2]");
        for text in ["", " ", "NaN", "{} {}", "[1, 2,]", "{\"a\" 1}"] {
            assert!(value(text).is_err(), "{text}");
        }
    }

    #[test]
    fn members_come_in_order_and_as_written() {
        let json = r#"{"a": 1,"\u0062" :[2, {",": ":"}], "a":null ,"":-1.5e3}"#;
        let expected = [
            ("a", "1"),
            ("\\u0062", r#"[2, {",": ":"}]"#),
            ("a", "null"),
            ("", "-1.5e3"),
        ];
        assert!(members(json).eq(expected));
        assert_eq!(members("{ }").count(), 0);
    }

    #[test]
    fn items_come_in_order() {
        let expected = ["1", "\"],\"", "[[],2]", "true"];
        assert!(items("[ 1,\"],\" , [[],2], true]").eq(expected));
        assert_eq!(items("[]").count(), 0);
    }

    #[test]
    fn numbers_are_finite_or_nothing() {
        for (json, expected) in [
            ("7.0", 7.0),
            ("-1e-3", -0.001),
            ("0.1", 0.1),
            ("12", 12.0),
            ("1e-999", 0.0),
        ] {
            assert_eq!(number(json), Some(expected));
        }
        for json in ["1e39", "1e999", "\"7\"", "null", "[7]"] {
            assert_eq!(number(json), None);
        }
        assert!(is_number("1e999") && is_number("-1") && !is_number("\"7\""));
        assert_eq!(
            (count("12"), count("-1"), count("1.0")),
            (Some(12), None, None)
        );
    }

    #[test]
    fn numbers_agree_with_the_standard_library() {
        let mut random = fastrand::Rng::with_seed(42);
        for _ in 0..200_000 {
            let (a, b) = (random.u32(..100_000), random.u32(..1_000_000));
            for text in [
                alloc::format!("{a}.{b}"),
                alloc::format!("-{a}e-{}", b % 20),
                alloc::format!("{a}.{b:06}E+{}", b % 15),
                alloc::format!("{}", f32::from_bits(random.u32(..))),
            ] {
                let expected: f32 = text.parse().unwrap();
                if expected.is_finite() && expected.abs() > 1e-20 && expected.abs() < 1e20 {
                    let found = number(&text).unwrap();
                    let apart = found.to_bits().abs_diff(expected.to_bits());
                    // Rounded to 64 bits first: next to halfway between two floats it may be the other.
                    assert!(apart <= 1, "{text}: {found}, {expected}");
                }
            }
        }
        for (text, expected) in [
            ("0.30000000000000000000000000000000000001", Some(0.3)),
            ("123456789012345678901234567890", Some(1.234_567_9e29)),
            ("0e999999999999", Some(0.0)),
            ("-0", Some(-0.0)),
            ("1e-400", Some(0.0)),
            ("3.4028235e38", Some(f32::MAX)),
            ("1e99999999999999999999", None),
            ("1e", Some(1.0)),
        ] {
            assert_eq!(number(text), expected, "{text}");
        }
    }
}

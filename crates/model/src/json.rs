//! The strings of JSON: read, written, and laid out for people. The rest of JSON is the crate `json`.

use alloc::borrow::Cow;
use alloc::string::String;

pub use ::json::{
    Count, Decimal, Items, Members, Plain, Shown, count, is_number, items, last_comma, members,
    number, value,
};

/// What `json`, a valid string with its quotes, says. `None` if it is another value, or has half of
/// a surrogate pair, which stands for no character.
pub fn string(json: &str) -> Option<Cow<'_, str>> {
    match json.as_bytes().first() {
        Some(b'"') => unescape(json.get(1..json.len().saturating_sub(1))?),
        _ => None,
    }
}

/// What `escaped`, the inside of a valid string, says. `None` if it has half of a surrogate pair.
#[inline(never)]
pub fn unescape(escaped: &str) -> Option<Cow<'_, str>> {
    let Some((plain, mut rest)) = split(escaped) else {
        return Some(Cow::Borrowed(escaped));
    };
    let mut text = String::with_capacity(escaped.len());
    text.push_str(plain);
    loop {
        let mut characters = rest.chars();
        text.push(match characters.next()? {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => unicode(&mut characters)?,
            character => character,
        });
        let after = characters.as_str();
        let Some((plain, next)) = split(after) else {
            text.push_str(after);
            return Some(Cow::Owned(text));
        };
        text.push_str(plain);
        rest = next;
    }
}

/// What comes before the first backslash, and after it.
#[inline(never)]
fn split(text: &str) -> Option<(&str, &str)> {
    let place = text.bytes().position(|byte| byte == b'\\')?;
    Some((text.get(..place)?, text.get(place + 1..)?))
}

/// The character of an escape after its `\u`: four hexadecimal digits, or a surrogate pair.
fn unicode(characters: &mut core::str::Chars<'_>) -> Option<char> {
    let high = unit(characters)?;
    if !(0xd800..0xdc00).contains(&high) {
        return char::from_u32(high);
    }
    if characters.next() != Some('\\') || characters.next() != Some('u') {
        return None;
    }
    let low = unit(characters)?;
    if !(0xdc00..0xe000).contains(&low) {
        return None;
    }
    char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))
}

fn unit(characters: &mut core::str::Chars<'_>) -> Option<u32> {
    let mut value = 0;
    for _ in 0..4 {
        value = value * 16 + characters.next()?.to_digit(16)?;
    }
    Some(value)
}

/// Appends `text` as a JSON string.
#[inline(never)]
pub fn push_string(output: &mut String, text: &str) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    output.push('"');
    for character in text.chars() {
        match character {
            '"' => output.push_str("\\\""),
            '\\' => output.push_str("\\\\"),
            '\n' => output.push_str("\\n"),
            '\r' => output.push_str("\\r"),
            '\t' => output.push_str("\\t"),
            '\0'..='\u{1f}' => {
                let code = character as usize;
                output.push_str("\\u00");
                for digit in [code >> 4, code & 15] {
                    output.push(char::from(DIGITS.get(digit).copied().unwrap_or(b'0')));
                }
            }
            _ => output.push(character),
        }
    }
    output.push('"');
}

/// Appends `json`, a valid value, with each member and item on a line of its own, and a step of one
/// space.
#[inline(never)]
pub fn push_pretty(output: &mut String, json: &str) {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    let mut characters = json.chars().peekable();
    let line = |output: &mut String, depth: usize| {
        output.push('\n');
        for _ in 0..depth {
            output.push(' ');
        }
    };
    while let Some(character) = characters.next() {
        if quoted {
            output.push(character);
            (quoted, escaped) = (escaped || character != '"', !escaped && character == '\\');
            continue;
        }
        match character {
            ' ' | '\t' | '\r' | '\n' => {}
            '{' | '[' => {
                output.push(character);
                depth += 1;
                if !matches!(characters.peek(), Some('}' | ']')) {
                    line(output, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                if !output.ends_with(['{', '[']) {
                    line(output, depth);
                }
                output.push(character);
            }
            ',' => {
                output.push(character);
                line(output, depth);
            }
            ':' => output.push_str(": "),
            _ => {
                quoted = character == '"';
                output.push(character);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec::Vec;

    #[test]
    fn strings_say_what_their_escapes_stand_for() {
        for (json, expected) in [
            (r#""""#, Some("")),
            (r#""plain é""#, Some("plain é")),
            (r#""\"\\\/\b\f\n\r\t""#, Some("\"\\/\u{8}\u{c}\n\r\t")),
            (r#""a\u0041\u00e9\u4e2dz""#, Some("aAé中z")),
            (r#""\ud83d\ude00!""#, Some("😀!")),
            (r#""\uD83D\uDE00""#, Some("😀")),
            (r#""\u0000""#, Some("\0")),
            (r#""\ud800""#, None),
            (r#""\udc00""#, None),
            (r#""\ud800\u0041""#, None),
            (r#""\ud800\n""#, None),
            (r#""\ud800x""#, None),
            ("5", None),
            ("null", None),
        ] {
            assert_eq!(string(json).as_deref(), expected, "{json}");
        }
    }

    #[test]
    fn strings_agree_with_serde_json_both_ways() {
        let all: String = (0..0x2_0000_u32).filter_map(char::from_u32).collect();
        let written = serde_json::to_string(&all).unwrap();
        let mut ours = String::new();
        push_string(&mut ours, &all);
        // `\b` and `\f` have a short form that we do not use.
        let theirs = written.replace("\\b", "\\u0008").replace("\\f", "\\u000c");
        assert_eq!(ours, theirs);
        assert_eq!(string(&written).unwrap(), all);
        assert_eq!(string(&ours).unwrap(), all);
    }

    #[test]
    fn pretty_text_is_the_same_value() {
        let json = r#"{"a":[1,2,{"b":"x, {\"y\": [\\"}],"c":{},"d":[],"e":"z"}"#;
        let mut pretty = String::new();
        push_pretty(&mut pretty, json);
        let expected = "{\n \"a\": [\n  1,\n  2,\n  {\n   \"b\": \"x, {\\\"y\\\": [\\\\\"\n  }\n ],\n \"c\": {},\n \"d\": [],\n \"e\": \"z\"\n}";
        assert_eq!(pretty, expected);
        let parse = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(parse(&pretty), parse(json));
        let mut again = String::new();
        push_pretty(&mut again, &pretty);
        assert_eq!(again, pretty);
    }

    #[test]
    fn nothing_that_is_walked_panics() {
        let json = r#"{"a": [1, "\ud83d\ude00", {"b": null}]}"#;
        let parts: Vec<String> = (0..json.len())
            .flat_map(|end| [&json[..end], &json[end..]].map(ToString::to_string))
            .collect();
        for part in parts {
            let _ = (members(&part).count(), items(&part).count());
            let _ = (string(&part), unescape(&part), number(&part));
            push_pretty(&mut part.clone(), &part);
        }
    }
}

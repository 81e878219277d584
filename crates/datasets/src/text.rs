//! The text of a file, and what files hold that are no text.

/// What is wrong with a file in another encoding than UTF-8, and what to do.
const NOT_UTF8: &str =
    "is not UTF-8; if it is of Windows, `iconv -f WINDOWS-1252 -t UTF-8` converts it";

/// The text of a file, without a byte order mark.
///
/// # Errors
///
/// The line, from 1, where it is known, and what is wrong: another encoding, a web page, a file of Weka, a conflict that
/// git has left.
pub fn decode(bytes: &[u8]) -> Result<&str, (Option<u64>, String)> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if is_utf16(bytes) {
        let problem = "is UTF-16; expected UTF-8: `iconv -f UTF-16 -t UTF-8` converts it";
        return Err((None, problem.into()));
    }
    let text = str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = before.split(|byte| *byte == b'\n').count();
        (Some(line as u64), NOT_UTF8.into())
    })?;
    let start = text.trim_start();
    if start.starts_with('<') && !is_conflict(start) {
        return Err((None, "is a web page: the download has failed".into()));
    }
    if start
        .get(..9)
        .is_some_and(|word| word.eq_ignore_ascii_case("@relation"))
    {
        let problem = "is an ARFF file of Weka; expected a table: keep what follows @DATA";
        return Err((None, problem.into()));
    }
    let mut lines = (1..).zip(text.lines());
    if let Some((line, _)) = lines.find(|(_, line)| is_conflict(line)) {
        let problem = "a conflict that git has left; expected one of the two versions";
        return Err((Some(line), problem.into()));
    }
    Ok(text)
}

/// Whether `bytes` begin as UTF-16 does: with its byte order mark, or with a character of ASCII, low byte first.
pub fn is_utf16(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [1..=0xff, 0, ..]
    )
}

fn is_conflict(line: &str) -> bool {
    line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_named_with_its_line() {
        assert_eq!(decode("\u{feff}a é\n".as_bytes()), Ok("a é\n"));
        assert_eq!(decode(b"title\n=======\n"), Ok("title\n=======\n"));
        for (bytes, line, part) in [
            (&b"\xff\xfea\0"[..], None, "UTF-16"),
            (b"a\0b\0", None, "UTF-16"),
            (b"a\nb\xe9\n", Some(2), "WINDOWS-1252"),
            (b" <html>", None, "web page"),
            (b"@RELATION iris", None, "ARFF"),
            (b"a\n<<<<<<< HEAD\n", Some(2), "git"),
            (b"<<<<<<< HEAD\n", Some(1), "git"),
            (b"a\nb\n>>>>>>> other\n", Some(3), "git"),
        ] {
            let (found, problem) = decode(bytes).unwrap_err();
            assert_eq!(found, line, "{problem}");
            assert!(problem.contains(part), "{problem}");
        }
    }
}

//! The way out of common mistakes.

use alloc::format;

use runtime::InputError;

const SINGLE_QUOTES: &str =
    "JSON has double quotes: write \"name\", not 'name'; in Python, json.dumps(value) does";
const CURLY_QUOTES: &str = "these are typographic quotes: type the straight ones, \"";
const NO_QUOTES: &str = "the shell has removed the quotes: put the whole value in single quotes, or give it on standard \
     input with `-`";
const ESCAPED_QUOTES: &str = "a backslash has reached the program: in PowerShell and cmd.exe, give the value on standard \
     input with `-`";
const OUTER_QUOTES: &str = "the single quotes have reached the program: in cmd.exe, give the value on standard input with \
     `-`";
const NOT_A_NUMBER: &str = "JSON has no NaN, Infinity or None: leave out the rows without a number";
const WORDS: &str =
    "JSON writes true, false and null in small letters; in Python, json.dumps(value) does";
const LAST_COMMA: &str = "remove the comma before the bracket";
const COMMENT: &str = "JSON has no comments: remove it";
const SPACE: &str =
    "there is a no-break space or another special space: replace it by an ordinary one";
const NUMBER: &str = "a number begins with a digit or a minus, and has a point for its decimals";
const DECIMAL_COMMA: &str = "numbers have a decimal point, not a comma";
const NO_COMMAS: &str =
    "put commas between the numbers; in Python, json.dumps(array.tolist()) does";
const ROW: &str = "this is a row of a table, not JSON: `--help` shows what one input looks like";
const FILE: &str =
    "this is the name of a file: give what is in it, on standard input with `- < FILE`";
const PICTURE: &str =
    "this is the name of a picture: `convert-image FILE` prints its pixels, for standard input";
const PIXELS: &str = "give the pixels as they are in the picture, not scaled to 1 or normalised: the module does that";
const PLAIN_TEXT: &str = "text stands in double quotes: \"…\"";
/// Members of tables as other programs write them.
const FRAMES: [&str; 4] = ["columns", "data", "inputs", "instances"];
const ROWS: &str =
    "give an object for each row: in pandas, frame.to_json(orient=\"records\", lines=True)";
const ONE_A_LINE: &str = "give one value a line, or an array of them";
const HELP: &str = "`--help` shows what one input looks like";
const CUT_OFF: &str = "the value is cut off: a value over several lines has to begin with a line that ends in `{`, `[` or \
     `,`";

/// What is found where JSON is wrong, and what to do about it.
struct Mistake {
    /// One of these characters is found.
    found: &'static str,
    /// After one of these, apart from spaces; `^` is the start, and an empty list is anything.
    after: &'static str,
    hint: &'static str,
}

const fn mistake(found: &'static str, after: &'static str, hint: &'static str) -> Mistake {
    Mistake { found, after, hint }
}

const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const DIGITS: &str = "0123456789";

/// The first that fits counts.
const MISTAKES: [Mistake; 14] = [
    mistake("“”„‘’‚«»", "", CURLY_QUOTES),
    mistake("\u{a0}\u{2007}\u{2009}\u{202f}\u{3000}", "", SPACE),
    mistake("'", "^", OUTER_QUOTES),
    mistake("'", "", SINGLE_QUOTES),
    mistake("\\", "", ESCAPED_QUOTES),
    mistake("/#", "}]\",0123456789", COMMENT),
    mistake("}]", ",", LAST_COMMA),
    mistake("{[", "}]", ONE_A_LINE),
    mistake("NIni", ":[,", NOT_A_NUMBER),
    mistake("TF", ":[,", WORDS),
    mistake(LETTERS, "{,", NO_QUOTES),
    mistake("+.", ":[,", NUMBER),
    mistake(DIGITS, ",", DECIMAL_COMMA),
    mistake("0123456789.", "0123456789", NO_COMMAS),
];

/// What to do about `error`, found in `text` for a model that takes strings or does not; nothing if it is no
/// common mistake.
pub fn hint(text: &str, error: &InputError, takes_strings: bool) -> Option<&'static str> {
    let error = match error {
        InputError::Syntax(error) => error,
        InputError::Item { error, .. } => return hint(text, error, takes_strings),
        InputError::Binary { .. } => return Some(PIXELS),
        InputError::WrongKind { .. } => return Some(HELP),
        InputError::UnknownField { name, .. } => {
            let is_frame = FRAMES.contains(&name.as_str());
            return is_frame.then_some(ROWS);
        }
        InputError::BadValue { found, .. } => {
            return format!("{found}").starts_with("the array").then_some(ROWS);
        }
        InputError::BadPixel { found, .. } => {
            let found = format!("{found}");
            let scaled = found.starts_with('-') || found.bytes().any(|byte| byte == b'.');
            return scaled.then_some(PIXELS);
        }
        _ => return None,
    };
    let start = text.trim_ascii();
    if !start.starts_with(['{', '[', '"', '\'', '“']) {
        return Some(no_json(start, takes_strings));
    }
    let (before, rest) = text.split_at_checked(error.offset)?;
    let before = before.trim_ascii_end().chars().next_back().unwrap_or('^');
    let Some(found) = rest.chars().next() else {
        return Some(CUT_OFF);
    };
    let is_in = |character, list: &str| list.chars().any(|listed| listed == character);
    let fits = |mistake: &&Mistake| {
        is_in(found, mistake.found) && (mistake.after.is_empty() || is_in(before, mistake.after))
    };
    MISTAKES.iter().find(fits).map(|mistake| mistake.hint)
}

/// What to do about numbers, a file name or a sentence in place of JSON.
fn no_json(text: &str, takes_strings: bool) -> &'static str {
    let has = |byte| text.bytes().any(|found| found == byte);
    let extension = text.len().saturating_sub(4);
    match text.get(extension..).unwrap_or_default() {
        ".png" | ".jpg" | "jpeg" | ".bmp" | ".gif" | "webp" => PICTURE,
        _ if text.starts_with(|c: char| c.is_ascii_digit()) => match has(b',') {
            true => ROW,
            false => NO_COMMAS,
        },
        _ if takes_strings && has(b' ') => PLAIN_TEXT,
        _ if has(b',') => ROW,
        _ if has(b'.') => FILE,
        _ if takes_strings => PLAIN_TEXT,
        _ => HELP,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::json;

    #[test]
    fn common_mistakes_have_a_way_out() {
        for (text, expected) in [
            ("{“a”: 1}", CURLY_QUOTES),
            ("{\"a\": “b”}", CURLY_QUOTES),
            ("'{\"a\": 1}'", OUTER_QUOTES),
            ("{'a': 1}", SINGLE_QUOTES),
            ("{\\\"a\\\": 1}", ESCAPED_QUOTES),
            ("{a: 1}", NO_QUOTES),
            ("{\"a\": 1, b: 2}", NO_QUOTES),
            ("{\"a\": NaN}", NOT_A_NUMBER),
            ("{\"a\": Infinity}", NOT_A_NUMBER),
            ("{\"a\": None}", NOT_A_NUMBER),
            ("{\"a\": nan}", NOT_A_NUMBER),
            ("{\"a\": True}", WORDS),
            ("{\"a\": 1,}", LAST_COMMA),
            ("{\"a\": 1}\r{\"a\": 2}", ONE_A_LINE),
            ("[1, 2, ]", LAST_COMMA),
            ("{\"a\": 1} // one", COMMENT),
            ("{\"a\": 1} # one", COMMENT),
            ("{\"a\":\u{a0}1}", SPACE),
            ("{\"a\": +1}", NUMBER),
            ("{\"a\": .5}", NUMBER),
            ("{\"a\": 3,2}", DECIMAL_COMMA),
            ("[1 2]", NO_COMMAS),
            ("[[0   0 ...   0]]", NO_COMMAS),
            ("1 2 3", NO_COMMAS),
            ("7.0,3.2,4.7", ROW),
            ("sepal_length,sepal_width", ROW),
            ("flower.json", FILE),
            ("./data/flower.json\n", FILE),
            ("4.png", PICTURE),
            ("C:\\data\\4.png", PICTURE),
            ("Shares fell on Monday.", PLAIN_TEXT),
            ("{\"a\": 1", CUT_OFF),
        ] {
            let error = InputError::Syntax(json::value(text).unwrap_err());
            assert_eq!(hint(text, &error, true), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_errors_have_none() {
        assert_eq!(hint("{}", &InputError::NoWords, true), None);
        let error = InputError::Syntax(json::value("[1 \"a\"]").unwrap_err());
        assert_eq!(hint("[1 \"a\"]", &error, true), None);
        let error = InputError::Syntax(json::value("setosa").unwrap_err());
        assert_eq!(hint("setosa", &error, false), Some(HELP));
    }
}

//! The numbers that cells may hold.

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A point before the decimals; commas may group thousands: `1,234.5`.
    Point,
    /// A comma before the decimals; points may group thousands: `1.234,5`.
    Comma,
}

/// Signs that may stand before or behind a number: of currencies, and of hundredths.
const SIGNS: [char; 7] = ['$', '€', '£', '¥', '₹', '₩', '%'];

impl Style {
    /// The number in `cell`; infinite if it is too large for 32 bits. Nothing if it is a word.
    pub fn number(self, cell: &str) -> Option<f32> {
        let (group, decimal) = match self {
            Self::Point => (',', '.'),
            Self::Comma => ('.', ','),
        };
        if cell.contains(group) {
            if !is_grouped(cell, group, decimal) {
                return None;
            }
            let cell: String = cell.chars().filter(|c| *c != group).collect();
            return match self {
                Self::Point => plain(&cell),
                Self::Comma => plain(&cell.replace(decimal, ".")),
            };
        }
        match self {
            Self::Comma if cell.contains(decimal) => plain(&cell.replace(decimal, ".")),
            _ => plain(cell),
        }
    }

    /// The number in `cell`, which has the sign `sign` before or behind it.
    pub fn signed_number(self, cell: &str, sign: char) -> Option<f32> {
        let (found, is_negative, rest) = signed(cell)?;
        let number = self.number(rest)?;
        let number = if is_negative { -number } else { number };
        (found == sign).then_some(number)
    }
}

/// A number with a point for decimals. The standard library would take `inf` as well.
fn plain(cell: &str) -> Option<f32> {
    let is_written =
        |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E');
    match cell.bytes().all(is_written) {
        true => cell.parse().ok(),
        false => None,
    }
}

/// Whether thousands are grouped as they have to be: one to three digits, then groups of three.
fn is_grouped(cell: &str, group: char, decimal: char) -> bool {
    let whole = cell.trim_start_matches(['-', '+']);
    let (whole, decimals) = whole.split_once(decimal).unwrap_or((whole, ""));
    let mut groups = whole.split(group);
    let first = groups.next().unwrap_or_default();
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && is_digits(first)
        && is_digits(decimals)
        && groups.all(|group| group.len() == 3 && is_digits(group))
}

/// The sign in `cell`, whether a minus stands before it, and the rest.
pub fn signed(cell: &str) -> Option<(char, bool, &str)> {
    let (is_negative, rest) = match cell.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, cell),
    };
    let first = rest.chars().next().filter(|sign| SIGNS.contains(sign));
    if let Some(sign) = first {
        let number = rest.get(sign.len_utf8()..)?.trim_start();
        return Some((sign, is_negative, number));
    }
    let sign = rest.chars().next_back().filter(|s| SIGNS.contains(s))?;
    let number = rest.get(..rest.len() - sign.len_utf8())?.trim_end();
    Some((sign, is_negative, number))
}

/// Whether `cell` spells infinity.
pub fn is_infinity(cell: &str) -> bool {
    let word = cell.trim_start_matches(['-', '+']);
    word.eq_ignore_ascii_case("inf") || word.eq_ignore_ascii_case("infinity")
}

/// Whether `cell`, a number, is whole and begins with a zero that says nothing, as postcodes do.
pub fn has_leading_zero(cell: &str) -> bool {
    cell.len() > 1 && cell.starts_with('0') && cell.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::Style::{Comma, Point};
    use super::*;

    #[test]
    fn each_style_reads_its_own_numbers() {
        for (cell, point, comma) in [
            ("12", Some(12.0), Some(12.0)),
            ("-1.5e3", Some(-1500.0), None),
            (".5", Some(0.5), None),
            ("1,5", None, Some(1.5)),
            ("1,234", Some(1234.0), Some(1.234)),
            ("0,123", None, Some(0.123)),
            ("-1,234.5", Some(-1234.5), None),
            ("1.234,5", None, Some(1234.5)),
            ("1.234.567", None, Some(1_234_567.0)),
            ("12,34,567", None, None),
            ("1,,234", None, None),
            ("1e999", Some(f32::INFINITY), Some(f32::INFINITY)),
            ("0x1F", None, None),
            ("inf", None, None),
            ("nan", None, None),
            ("1 000", None, None),
            ("e5", None, None),
            ("+", None, None),
            ("", None, None),
        ] {
            assert_eq!(Point.number(cell), point, "{cell}");
            assert_eq!(Comma.number(cell), comma, "{cell}");
        }
    }

    #[test]
    fn signs_stand_before_or_behind() {
        for (cell, sign, number) in [
            ("$1,200", '$', Some(1200.0)),
            ("-$5", '$', Some(-5.0)),
            ("$-5", '$', Some(-5.0)),
            ("12 %", '%', Some(12.0)),
            ("-3%", '%', Some(-3.0)),
            ("5 €", '€', Some(5.0)),
            ("5 €", '$', None),
            ("$", '$', None),
            ("5", '$', None),
            ("$five", '$', None),
        ] {
            assert_eq!(Point.signed_number(cell, sign), number, "{cell}");
        }
    }

    #[test]
    fn infinities_and_leading_zeros_are_found() {
        assert!(["inf", "-Infinity", "+INF"].into_iter().all(is_infinity));
        assert!(!["info", "in", ""].into_iter().any(is_infinity));
        assert!(["007", "00", "00501"].into_iter().all(has_leading_zero));
        assert!(!["0", "0.5", "10", "-0"].into_iter().any(has_leading_zero));
    }
}

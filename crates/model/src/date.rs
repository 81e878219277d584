//! Dates of ISO 8601, as people write them in tables.

/// The numbers that a date stands for: days since 1 January 1970, month from 1, day of the month from 1, day of the
/// week from 1 for Monday, and hour with its fraction, 0 without a time. Nothing if `text` is no date.
///
/// It reads `2024-05-31` or `2024/05/31`, and after it, behind a `T` or a space, `17:30`, `17:30:05` or `17:30:05.25`, with
/// a zone such as `Z` or `+02:00`. The time is taken as it is written, whatever the zone.
#[must_use]
pub fn parts(text: &str) -> Option<[f32; 5]> {
    let bytes = text.as_bytes();
    let year = number(bytes, 0, 4)?;
    let (month, day) = (number(bytes, 5, 2)?, number(bytes, 8, 2)?);
    let separator = *bytes.get(4)?;
    let separated = matches!(separator, b'-' | b'/') && bytes.get(7) == Some(&separator);
    if !separated || !(1..=12).contains(&month) || day < 1 || day > month_days(year, month) {
        return None;
    }
    let hour = match bytes.get(10) {
        None => 0.0,
        Some(b'T' | b't' | b' ') => hour(bytes.get(11..)?)?,
        Some(_) => return None,
    };
    let days = days_since_1970(year, month, day);
    // 1 January 1970 was a Thursday.
    let weekday = (days + 3).rem_euclid(7) + 1;
    Some([days as f32, month as f32, day as f32, weekday as f32, hour])
}

/// The time of day in hours.
fn hour(bytes: &[u8]) -> Option<f32> {
    let (hours, minutes) = (number(bytes, 0, 2)?, number(bytes, 3, 2)?);
    if bytes.get(2) != Some(&b':') || hours > 24 || minutes > 59 {
        return None;
    }
    let mut rest = bytes.get(5..)?;
    let mut seconds = 0;
    if let Some((b':', after)) = rest.split_first() {
        seconds = number(after, 0, 2)?;
        rest = after.get(2..)?;
        if let Some((b'.' | b',', fraction)) = rest.split_first() {
            let digits = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
            rest = fraction.get(digits.max(1)..)?;
        }
    }
    let is_zone = match rest {
        [] | [b'Z' | b'z'] => true,
        [b'+' | b'-', zone @ ..] => {
            matches!(zone.len(), 2 | 4 | 5) && zone.iter().all(|b| b.is_ascii_digit() || *b == b':')
        }
        _ => false,
    };
    let hour = hours as f32 + minutes as f32 / 60.0 + seconds as f32 / 3600.0;
    (is_zone && seconds <= 60).then_some(hour)
}

/// The whole number in the `count` digits from `start` on.
fn number(bytes: &[u8], start: usize, count: usize) -> Option<i32> {
    let digits = bytes.get(start..start + count)?;
    let mut number = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        number = 10 * number + i32::from(digit - b'0');
    }
    Some(number)
}

fn month_days(year: i32, month: i32) -> i32 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days in the Gregorian calendar (H. Hinnant, "chrono-compatible low-level date algorithms").
fn days_since_1970(year: i32, month: i32, day: i32) -> i32 {
    // The year begins in March, so that the leap day is its last.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - 400 * era;
    let month = (month + 9) % 12;
    let of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// A date, or a date with a time, that has these parts.
#[cfg(feature = "write")]
#[must_use]
pub fn text([days, _, _, _, hour]: [f32; 5]) -> alloc::string::String {
    // The inverse of [`days_since_1970`], by the same author.
    let days = days as i64 + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days - era * 146_097;
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    let seconds = (f64::from(hour) * 3600.0 + 0.5) as u32;
    let day = alloc::format!("{year:04}-{month:02}-{day:02}");
    if seconds == 0 {
        return day;
    }
    let (hours, rest) = (seconds / 3600, seconds % 3600);
    let (minutes, seconds) = (rest / 60, rest % 60);
    alloc::format!("{day}T{hours:02}:{minutes:02}:{seconds:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The format rests on these numbers.
    #[test]
    fn golden_values() {
        for (text, expected) in [
            ("1970-01-01", [0.0, 1.0, 1.0, 4.0, 0.0]),
            ("1969-12-31", [-1.0, 12.0, 31.0, 3.0, 0.0]),
            ("2000-02-29", [11_016.0, 2.0, 29.0, 2.0, 0.0]),
            ("2024/05/31", [19_874.0, 5.0, 31.0, 5.0, 0.0]),
            ("2024-05-31T17:30", [19_874.0, 5.0, 31.0, 5.0, 17.5]),
            ("2024-05-31 17:45:00Z", [19_874.0, 5.0, 31.0, 5.0, 17.75]),
            (
                "2024-05-31T06:00:00.250+02:00",
                [19_874.0, 5.0, 31.0, 5.0, 6.0],
            ),
            ("0001-01-01", [-719_162.0, 1.0, 1.0, 1.0, 0.0]),
        ] {
            assert_eq!(parts(text), Some(expected), "{text}");
        }
    }

    #[cfg(feature = "write")]
    #[test]
    fn parts_become_the_text_again() {
        for days in (-719_162..2_000_000_i32).step_by(997) {
            let written = text([days as f32, 0.0, 0.0, 0.0, 0.0]);
            let parts = parts(&written).unwrap_or_else(|| panic!("{written}"));
            assert_eq!(parts[0], days as f32, "{written}");
        }
        for time in ["00:00:01", "07:08:09", "23:59:59", "12:30:00"] {
            let written = alloc::format!("2024-02-29T{time}");
            assert_eq!(text(parts(&written).unwrap()), written);
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "2024",
            "2024-13-01",
            "2024-00-01",
            "2023-02-29",
            "1900-02-29",
            "2024-05-31x",
            "2024-05/31",
            "2024-5-31",
            "20240531",
            "31-05-2024",
            "2024-05-31T",
            "2024-05-31T25:00",
            "2024-05-31T10:61",
            "2024-05-31T10:00:00.",
            "2024-05-31T10:00+",
            "2024-05-3é",
        ] {
            assert_eq!(parts(text), None, "{text}");
        }
    }
}

//! Numbers as people read them.

use crate::words::digits;

/// Digits before the point from which on the thousands of values are set apart. Four digits may be a year.
const GROUPED_VALUE: usize = 5;
/// The same for figures and counts.
const GROUPED: usize = 4;
/// What stands before a unit: a space at which no line ends.
const SPACE: char = '\u{a0}';
/// What is written for a number that is not finite.
const NONE: &str = "–";

/// A figure with four digits that count.
#[must_use]
pub fn figure(number: f64) -> String {
    match scale(number) {
        Scale::Plain => grouped(&digits(number), GROUPED),
        Scale::Extreme => number_with_exponent(number),
        Scale::NotFinite => NONE.into(),
    }
}

/// Figures of one table: all with the decimal places that the largest needs for four digits that count.
#[must_use]
pub fn aligned(numbers: &[f64]) -> Vec<String> {
    let largest = numbers
        .iter()
        .map(|number| number.abs())
        .filter(|size| size.is_finite());
    let largest = largest.fold(0.0, f64::max);
    let magnitude = largest.log10().floor();
    if !(-3.0..12.0).contains(&magnitude) {
        return numbers.iter().map(|number| figure(*number)).collect();
    }
    let places = (3 - magnitude as i32).clamp(0, 9) as usize;
    let text = |number: &f64| match number.is_finite() {
        true => {
            let text = format!("{number:.places$}");
            // What rounds to zero has no sign.
            let is_zero = text.chars().all(|c| matches!(c, '-' | '0' | '.'));
            grouped(
                if is_zero {
                    text.trim_start_matches('-')
                } else {
                    &text
                },
                GROUPED,
            )
        }
        false => NONE.into(),
    };
    numbers.iter().map(text).collect()
}

/// A value of the data: up to seven digits, without zeros at the end.
#[must_use]
pub fn value(number: f64) -> String {
    match scale(number) {
        Scale::Plain => {
            let magnitude = if number == 0.0 {
                0
            } else {
                number.abs().log10().floor() as i32
            };
            let places = (6 - magnitude).clamp(0, 6) as usize;
            let text = format!("{number:.places$}");
            let text = if text.contains('.') {
                text.trim_end_matches('0').trim_end_matches('.')
            } else {
                &text
            };
            grouped(text, GROUPED_VALUE)
        }
        Scale::Extreme => number_with_exponent(number),
        Scale::NotFinite => NONE.into(),
    }
}

/// A share of 1 in percent with one decimal place.
#[must_use]
pub fn percent(share: f64) -> String {
    if share.is_finite() {
        format!("{:.1}{SPACE}%", 100.0 * share)
    } else {
        NONE.into()
    }
}

/// A number of things.
#[must_use]
pub fn count(number: usize) -> String {
    grouped(&number.to_string(), GROUPED)
}

/// A number of things with what they are called.
#[must_use]
pub fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// A size in bytes.
#[must_use]
pub fn size(bytes: usize) -> String {
    match bytes {
        0..1024 => format!("{bytes}{SPACE}bytes"),
        _ => format!("{}{SPACE}KiB", count(bytes.div_ceil(1024))),
    }
}

/// A duration in seconds.
#[must_use]
pub fn duration(seconds: f64) -> String {
    match seconds {
        _ if !seconds.is_finite() => NONE.into(),
        ..60.0 => format!("{seconds:.1}{SPACE}s"),
        _ => {
            let whole = seconds.round() as u64;
            format!(
                "{}{SPACE}min {}{SPACE}s",
                count((whole / 60) as usize),
                whole % 60
            )
        }
    }
}

/// The date that is `days` after 1 January 1970, as in ISO 8601 (H. Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms", 2013, `civil_from_days`).
#[must_use]
pub fn date(days: f64) -> String {
    // The years 0 to 9999.
    if !(-719_528.0..=2_932_896.0).contains(&days) {
        return NONE.into();
    }
    let shifted = days.floor() as i64 + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

enum Scale {
    Plain,
    Extreme,
    NotFinite,
}

fn scale(number: f64) -> Scale {
    match number.abs() {
        size if !size.is_finite() => Scale::NotFinite,
        size if size != 0.0 && !(1e-4..1e12).contains(&size) => Scale::Extreme,
        _ => Scale::Plain,
    }
}

fn number_with_exponent(number: f64) -> String {
    format!("{number:.2e}").replace('-', "−")
}

/// Sets the thousands of a number of `from` digits or more apart by commas, and writes a proper minus sign.
fn grouped(number: &str, from: usize) -> String {
    let (sign, rest) = number
        .strip_prefix('-')
        .map_or(("", number), |rest| ("−", rest));
    let (whole, fraction) = rest
        .find('.')
        .map_or((rest, ""), |point| rest.split_at(point));
    let mut text = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && whole.len() >= from && (whole.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + fraction
}

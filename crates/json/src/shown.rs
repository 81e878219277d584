//! Numbers and words in messages without most of `core::fmt`: its formatting of floats is some 15 kB of code and
//! tables in a module, its padding of words and whole numbers 3 kB.

use core::fmt;

/// A number shown with at most six decimals, trailing zeros dropped: `0.25`, `20`, `0.000012`.
///
/// Meant for probabilities, ranges and scores: magnitudes below 10⁹. A larger one is shown
/// saturated, a NaN as `0`; neither comes out of a checked input and a checked model.
#[derive(Debug, Clone, Copy)]
pub struct Decimal(pub f32);

/// A count, shown with all its digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count(pub usize);

/// Words, shown as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown<'a>(pub &'a str);

const DECIMALS: usize = 6;
const SCALE: u64 = 1_000_000;
/// Numbers below have an exponent; those a little larger become 0.000001.
const SMALL: f64 = 9.5e-7;
/// So have numbers from here on, of which only the first digits are known.
const LARGE: f64 = 1e12;

impl Decimal {
    /// Hands out the text piece by piece.
    ///
    /// # Errors
    ///
    /// Those of `put`.
    #[inline(never)]
    pub fn write(self, put: &mut dyn FnMut(&'static str) -> fmt::Result) -> fmt::Result {
        // f64, so that every f32 keeps its exact value while it is scaled and rounded.
        let mut number = f64::from(self.0).abs();
        let mut exponent = 0_u64;
        let is_small = number > 0.0 && number < SMALL;
        while is_small && number < 1.0 - 0.5 / SCALE as f64 {
            number *= 10.0;
            exponent += 1;
        }
        while !is_small && number >= LARGE && exponent < 40 {
            number /= 10.0;
            exponent += 1;
        }
        let scaled = (number * SCALE as f64 + 0.5) as u64;
        if self.0 < 0.0 && scaled > 0 {
            put("-")?;
        }
        let mut fraction = scaled % SCALE;
        whole(scaled / SCALE, put)?;
        if fraction > 0 {
            put(".")?;
        }
        for _ in 0..DECIMALS {
            if fraction == 0 {
                break;
            }
            fraction *= 10;
            put(digit(fraction / SCALE))?;
            fraction %= SCALE;
        }
        if exponent > 0 {
            put(if is_small { "e-" } else { "e" })?;
            whole(exponent, put)?;
        }
        Ok(())
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(&mut |text| f.write_str(text))
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        whole(self.0 as u64, &mut |text| f.write_str(text))
    }
}

/// Hands out the digits of `value`, the highest first.
#[inline(never)]
fn whole(value: u64, put: &mut dyn FnMut(&'static str) -> fmt::Result) -> fmt::Result {
    let mut place = 1;
    while value / place >= 10 {
        place *= 10;
    }
    while place > 0 {
        put(digit(value / place % 10))?;
        place /= 10;
    }
    Ok(())
}

fn digit(value: u64) -> &'static str {
    const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    DIGITS.get(value as usize).copied().unwrap_or("0")
}

#[cfg(test)]
mod tests {
    use super::{Count, Decimal};
    use alloc::string::ToString;

    #[test]
    fn shows_what_a_person_would_write() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (20.0, "20"),
            (0.1, "0.1"),
            (0.05, "0.05"),
            (0.25, "0.25"),
            (5.875, "5.875"),
            (-1.5, "-1.5"),
            (0.000_001, "0.000001"),
            (1e-7, "1e-7"),
            (-2.5e-12, "-2.5e-12"),
            (f32::from_bits(1), "1.401298e-45"),
            (1e10, "10000000000"),
            (4_294_967_296.0, "4294967296"),
            (2.5e13, "250000000942.08e2"),
            (0.000_000_4, "4e-7"),
            (-0.000_000_4, "-4e-7"),
            (0.999_999_7, "1"),
            (0.123_456_78, "0.123457"),
            (123_456.5, "123456.5"),
        ] {
            assert_eq!(Decimal(value).to_string(), text);
        }
    }

    #[test]
    fn agrees_with_the_standard_library_to_six_decimals() {
        for step in 0..=10_000 {
            let value = step as f32 / 10_000.0;
            let shown: f32 = Decimal(value).to_string().parse().unwrap();
            assert!((shown - value).abs() <= 5.1e-7, "{value} shown as {shown}");
        }
    }

    #[test]
    fn never_panics() {
        for value in [f32::NAN, f32::INFINITY, f32::MAX, f32::MIN] {
            assert!(!Decimal(value).to_string().is_empty());
        }
    }

    #[test]
    fn counts_have_all_their_digits() {
        for count in [0, 1, 9, 10, 11, 99, 100, 1_234_567, usize::MAX] {
            assert_eq!(Count(count).to_string(), count.to_string());
        }
    }
}

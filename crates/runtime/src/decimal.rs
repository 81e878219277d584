//! Plain decimal notation without the standard library's float formatting, which is some 15 kB of
//! code and tables in a module.

use core::fmt;

/// A number shown with at most six decimals, trailing zeros dropped: `0.25`, `20`, `0.000012`.
///
/// Meant for probabilities, ranges and scores: magnitudes below 10⁹. A larger one is shown
/// saturated, a NaN as `0`; neither comes out of a checked input and a checked model.
#[derive(Debug, Clone, Copy)]
pub struct Decimal(pub f32);

const DECIMALS: usize = 6;
const SCALE: u64 = 1_000_000;

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // f64, so that every f32 keeps its exact value while it is scaled and rounded.
        let scaled = f64::from(self.0).abs() * SCALE as f64 + 0.5;
        let scaled = scaled as u64;
        if self.0 < 0.0 && scaled > 0 {
            f.write_str("-")?;
        }
        let mut fraction = scaled % SCALE;
        write_integer(f, scaled / SCALE)?;
        if fraction == 0 {
            return Ok(());
        }
        f.write_str(".")?;
        for _ in 0..DECIMALS {
            fraction *= 10;
            write_integer(f, fraction / SCALE)?;
            fraction %= SCALE;
            if fraction == 0 {
                break;
            }
        }
        Ok(())
    }
}

fn write_integer(f: &mut fmt::Formatter<'_>, value: u64) -> fmt::Result {
    fmt::Display::fmt(&(value as u32), f)
}

#[cfg(test)]
mod tests {
    use super::Decimal;
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
            (0.000_000_4, "0"),
            (-0.000_000_4, "0"),
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
}

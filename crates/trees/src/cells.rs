//! Sums of derivatives, as integers.
//!
//! A histogram adds up millions of derivatives. Integers make these sums exact: they do not depend
//! on the order of the rows, and the histogram of a leaf less the one of a child is precisely the
//! one of the other child. The second derivative and the number of rows share one integer, so that
//! a row costs two additions.

/// What is summed up over the rows of a leaf.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Sums {
    /// First derivatives of the loss.
    pub gradient: f64,
    /// Second derivatives of the loss.
    pub hessian: f64,
    /// Number of rows.
    pub rows: u32,
}

/// [`Sums`] in the units of a [`Scale`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Cell {
    gradient: i64,
    /// The second derivatives, and in the low bits the number of rows.
    rest: i64,
}

impl Cell {
    #[inline]
    pub fn add(&mut self, other: Self) {
        self.gradient = self.gradient.wrapping_add(other.gradient);
        self.rest = self.rest.wrapping_add(other.rest);
    }

    #[inline]
    pub fn subtract(&mut self, other: Self) {
        self.gradient = self.gradient.wrapping_sub(other.gradient);
        self.rest = self.rest.wrapping_sub(other.rest);
    }
}

/// The units of cells.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    /// Size of a unit of the gradient, a power of two.
    gradient: f64,
    /// Size of a unit of the hessian, a power of two.
    hessian: f64,
    /// Bits of the number of rows.
    bits: u32,
}

impl Scale {
    /// The finest units in which no sum of up to `rows` of the pairs of first and second derivatives
    /// in `blocks` overflows.
    pub fn new<'a>(blocks: impl Iterator<Item = &'a [[f32; 2]]>, rows: usize) -> Self {
        let mut largest = [0.0_f32; 2];
        for [gradient, hessian] in blocks.flatten() {
            largest = [largest[0].max(gradient.abs()), largest[1].max(*hessian)];
        }
        let bits = usize::BITS - rows.leading_zeros();
        Self {
            gradient: unit(largest[0], 62_u32.saturating_sub(bits)),
            hessian: unit(largest[1], 62_u32.saturating_sub(2 * bits)),
            bits,
        }
    }

    /// One row with these first and second derivatives.
    #[inline]
    pub fn cell(&self, [gradient, hessian]: [f32; 2]) -> Cell {
        Cell {
            gradient: (f64::from(gradient) / self.gradient) as i64,
            rest: (((f64::from(hessian) / self.hessian) as i64) << self.bits) + 1,
        }
    }

    /// Number of rows of a cell.
    #[inline]
    pub fn rows(&self, cell: Cell) -> u32 {
        (cell.rest & ((1 << self.bits) - 1)) as u32
    }

    #[inline]
    pub fn sums(&self, cell: Cell) -> Sums {
        Sums {
            gradient: cell.gradient as f64 * self.gradient,
            hessian: (cell.rest >> self.bits) as f64 * self.hessian,
            rows: self.rows(cell),
        }
    }
}

/// The power of two of which `largest` has fewer than 2^`bits`.
fn unit(largest: f32, bits: u32) -> f64 {
    // The exponent of a float of 64 bits is exact for every float of 32 bits but 0.
    let bound = largest.clamp(f32::MIN_POSITIVE, f32::MAX);
    let exponent = (f64::from(bound).to_bits() >> 52) + 1 - u64::from(bits);
    f64::from_bits(exponent << 52)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_exact() {
        let pairs = [[0.75, 0.25], [-1.5, 0.0], [1000.0, 3.0]];
        let scale = Scale::new([pairs.as_slice()].into_iter(), 3);
        let mut sum = Cell::default();
        for pair in pairs {
            sum.add(scale.cell(pair));
        }
        let expected = |gradient, hessian, rows| Sums {
            gradient,
            hessian,
            rows,
        };
        assert_eq!(scale.sums(sum), expected(999.25, 3.25, 3));
        sum.subtract(scale.cell(pairs[2]));
        assert_eq!(scale.sums(sum), expected(-0.75, 0.25, 2));
    }

    #[test]
    fn the_largest_sums_do_not_overflow() {
        for largest in [1e-30, 1.0, 1.999, f32::MAX] {
            let rows = (1 << 20) - 1;
            let scale = Scale::new([[[-largest, largest]].as_slice()].into_iter(), rows);
            let cell = scale.cell([-largest, largest]);
            let mut sum = Cell::default();
            (0..rows).for_each(|_| sum.add(cell));
            let sums = scale.sums(sum);
            let expected = f64::from(largest) * rows as f64;
            assert_eq!(sums.rows as usize, rows);
            assert!((sums.gradient / expected + 1.0).abs() < 1e-9);
            assert!((sums.hessian / expected - 1.0).abs() < 1e-5);
        }
    }

    #[test]
    fn derivatives_of_zero_and_not_a_number_count_as_zero() {
        let pairs = [[0.0, 0.0], [f32::NAN, f32::NAN]];
        let scale = Scale::new([pairs.as_slice()].into_iter(), 2);
        for pair in pairs {
            let sums = scale.sums(scale.cell(pair));
            assert_eq!([sums.gradient, sums.hessian], [0.0, 0.0]);
        }
    }
}

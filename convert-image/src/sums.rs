//! Sums over rectangles of an image in constant time, by a summed-area table (F. Crow,
//! "Summed-area tables for texture mapping", SIGGRAPH 1984).

/// A summed-area table.
#[derive(Debug, Clone)]
pub struct Sums {
    width: usize,
    height: usize,
    /// Sum of everything above and left of each corner: a row and a column more than the image.
    corners: Vec<f64>,
}

impl Sums {
    /// The table of an image of `width` by `height` pixels with the values `value(x, y)`.
    pub fn new(width: usize, height: usize, value: impl Fn(usize, usize) -> f64) -> Self {
        let mut corners = vec![0.0; width + 1];
        corners.reserve((width + 1) * height);
        let mut above = corners.clone();
        for y in 0..height {
            let mut row = 0.0;
            for (x, corner) in above.iter_mut().skip(1).enumerate() {
                row += value(x, y);
                *corner += row;
            }
            corners.extend_from_slice(&above);
        }
        Self {
            width,
            height,
            corners,
        }
    }

    /// The sum over the pixels at most `reach` columns and rows away from (`x`, `y`), and the number
    /// of these pixels that lie in the image.
    pub fn around(&self, (x, y): (usize, usize), reach: (usize, usize)) -> (f64, usize) {
        let (left, top) = (x.saturating_sub(reach.0), y.saturating_sub(reach.1));
        let right = x.saturating_add(reach.0 + 1).min(self.width);
        let bottom = y.saturating_add(reach.1 + 1).min(self.height);
        let corner = |x, y| {
            let index = y * (self.width + 1) + x;
            self.corners.get(index).copied().unwrap_or(0.0)
        };
        let sum =
            corner(right, bottom) - corner(left, bottom) - corner(right, top) + corner(left, top);
        let count = right.saturating_sub(left) * bottom.saturating_sub(top);
        (sum, count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_a_loop() {
        let value = |x: usize, y: usize| (x * x + 7 * y) as f64;
        let sums = Sums::new(5, 4, value);
        let cases = [
            ((0, 0), (0, 0)),
            ((2, 1), (1, 2)),
            ((4, 3), (2, 0)),
            ((1, 2), (9, 9)),
        ];
        for (middle, reach) in cases {
            let inside = |x: usize, y: usize| {
                x.abs_diff(middle.0) <= reach.0 && y.abs_diff(middle.1) <= reach.1
            };
            let values: Vec<f64> = (0..4)
                .flat_map(|y| (0..5).map(move |x| (x, y)))
                .filter(|(x, y)| inside(*x, *y))
                .map(|(x, y)| value(x, y))
                .collect();
            let expected = (values.iter().sum(), values.len());
            assert_eq!(sums.around(middle, reach), expected);
        }
    }
}

//! Grey images.

/// A grey image, row by row. The values go from 0 to 255 but need not be whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Grey {
    width: usize,
    height: usize,
    pixels: Vec<f32>,
}

impl Grey {
    /// The image of `width` by `height` pixels whose pixel in column `x` and row `y` is
    /// `pixel(x, y)`.
    pub fn from_fn(width: usize, height: usize, pixel: impl Fn(usize, usize) -> f32) -> Self {
        let pixels = (0..height)
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .map(|(x, y)| pixel(x, y))
            .collect();
        Self {
            width,
            height,
            pixels,
        }
    }

    /// Pixels in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Number of rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// All pixels, row by row.
    pub fn pixels(&self) -> &[f32] {
        &self.pixels
    }

    /// The pixel in column `x` and row `y`; 0 outside the image.
    pub fn at(&self, x: usize, y: usize) -> f32 {
        match x < self.width && y < self.height {
            true => self.pixels.get(y * self.width + x).copied(),
            false => None,
        }
        .unwrap_or(0.0)
    }

    /// `change` applied to every pixel.
    #[must_use]
    pub fn map(&self, change: impl Fn(f32) -> f32) -> Self {
        Self {
            pixels: self.pixels.iter().map(|pixel| change(*pixel)).collect(),
            ..*self
        }
    }

    /// Black for white and white for black.
    #[must_use]
    pub fn inverted(&self) -> Self {
        self.map(|pixel| 255.0 - pixel)
    }

    /// Means over squares of `factor` by `factor` pixels, less at the right and the bottom.
    #[must_use]
    pub fn shrunk(&self, factor: usize) -> Self {
        let factor = factor.max(1);
        let (width, height) = (self.width.div_ceil(factor), self.height.div_ceil(factor));
        Self::from_fn(width, height, |x, y| {
            let columns = x * factor..((x + 1) * factor).min(self.width);
            let rows = y * factor..((y + 1) * factor).min(self.height);
            let count = columns.len() * rows.len();
            let sum: f32 = rows
                .flat_map(|y| columns.clone().map(move |x| self.at(x, y)))
                .sum();
            sum / count as f32
        })
    }

    /// The pixels on the border.
    pub fn border(&self) -> Vec<f32> {
        border(self.width, self.height)
            .map(|(x, y)| self.at(x, y))
            .collect()
    }
}

/// Column and row of every pixel on the border of an image of `width` by `height` pixels.
pub fn border(width: usize, height: usize) -> impl Iterator<Item = (usize, usize)> {
    let edge = move |x, y| x == 0 || y == 0 || x + 1 == width || y + 1 == height;
    (0..height)
        .flat_map(move |y| (0..width).map(move |x| (x, y)))
        .filter(move |(x, y)| edge(*x, *y))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shrinking_takes_means_and_keeps_the_remainder() {
        let image = Grey::from_fn(3, 2, |x, y| (10 * y + x) as f32);
        let shrunk = image.shrunk(2);
        assert_eq!((shrunk.width(), shrunk.height()), (2, 1));
        assert_eq!(shrunk.pixels(), [5.5, 7.0]);
        assert_eq!(image.shrunk(1), image);
    }

    #[test]
    fn the_border_has_every_edge_pixel_once() {
        for (width, height, count) in [(1, 1, 1), (4, 1, 4), (1, 4, 4), (4, 3, 10), (0, 0, 0)] {
            assert_eq!(border(width, height).count(), count, "{width} x {height}");
        }
    }

    #[test]
    fn outside_is_zero() {
        let image = Grey::from_fn(2, 2, |_, _| 9.0);
        assert_eq!(
            [image.at(1, 1), image.at(2, 0), image.at(0, 2)],
            [9.0, 0.0, 0.0]
        );
    }
}

//! Pooling of an image, channels last: `[height, width, channels]`, row-major.

/// The shapes of a max pooling over squares that do not overlap, with a border of zeros around the result. With squares of
/// one pixel it only adds the border, with no border it only pools.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    /// Height of the input, in pixels; at least `side`.
    pub height: usize,
    /// Width of the input, in pixels; at least `side`.
    pub width: usize,
    /// Channels of the input and of the output.
    pub channels: usize,
    /// Side of a square, in pixels. Rows and columns that fill no square at the bottom and the right are left out.
    pub side: usize,
    /// Width of the border, in pixels.
    pub border: usize,
}

impl Pool {
    /// Height of the output, in pixels.
    #[must_use]
    pub const fn output_height(&self) -> usize {
        self.height / self.side + 2 * self.border
    }

    /// Width of the output, in pixels.
    #[must_use]
    pub const fn output_width(&self) -> usize {
        self.width / self.side + 2 * self.border
    }

    /// How many numbers go in.
    #[must_use]
    pub const fn inputs(&self) -> usize {
        self.height * self.width * self.channels
    }

    /// How many numbers come out.
    #[must_use]
    pub const fn outputs(&self) -> usize {
        self.output_height() * self.output_width() * self.channels
    }

    /// Whether there is at least one square.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.side > 0
            && self.height >= self.side
            && self.width >= self.side
            && self.channels > 0
            && self.border <= self.side
    }

    /// Calls `each` for every square, with the places where its pixel of the output and its first pixel of the input begin.
    #[inline(always)]
    pub fn squares(self, mut each: impl FnMut(usize, usize)) {
        for y in 0..self.height / self.side {
            for x in 0..self.width / self.side {
                let output = (y + self.border) * self.output_width() + x + self.border;
                let input = (y * self.width + x) * self.side;
                each(output * self.channels, input * self.channels);
            }
        }
    }

    /// Where the pixels of a square begin, seen from its first one.
    pub fn pixels(self) -> impl Iterator<Item = usize> {
        let row = move |y: usize| (0..self.side).map(move |x| (y * self.width + x) * self.channels);
        (0..self.side).flat_map(row)
    }

    /// The largest number of each channel in the square of `image` that begins at `first`.
    #[inline(always)]
    pub fn largest(self, image: &[f32], first: usize, largest: &mut [f32]) {
        for (index, pixel) in self.pixels().enumerate() {
            let start = first + pixel;
            let Some(numbers) = image.get(start..start + self.channels) else {
                return;
            };
            if index == 0 {
                largest.copy_from_slice(numbers);
                continue;
            }
            // Without a branch, so that it is done for a vector at a time.
            for (largest, number) in largest.iter_mut().zip(numbers) {
                *largest = if *number > *largest {
                    *number
                } else {
                    *largest
                };
            }
        }
    }
}

/// The largest number of each square, channel by channel.
#[inline(always)]
pub fn max_pool(pool: Pool, input: &[f32], output: &mut [f32]) {
    output.fill(0.0);
    pool.squares(|place, first| {
        if let Some(largest) = output.get_mut(place..place + pool.channels) {
            pool.largest(input, first, largest);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;
    use std::vec::Vec;

    #[test]
    fn squares_give_their_largest_numbers_and_the_border_is_zero() {
        let pool = Pool {
            height: 3,
            width: 5,
            channels: 2,
            side: 2,
            border: 1,
        };
        // The second channel is the first one upside down, and everything is negative.
        let input: Vec<f32> = (0..15)
            .flat_map(|i| [-20.0 + i as f32, -i as f32 - 1.0])
            .collect();
        let mut output = vec![f32::NAN; pool.outputs()];
        max_pool(pool, &input, &mut output);
        let mut expected = [0.0; 3 * 4 * 2];
        expected[(4 + 1) * 2..(4 + 3) * 2].copy_from_slice(&[-14.0, -1.0, -12.0, -3.0]);
        assert_eq!(output, expected);
    }

    #[test]
    fn squares_of_a_pixel_only_get_a_border() {
        let pool = Pool {
            height: 1,
            width: 2,
            channels: 1,
            side: 1,
            border: 1,
        };
        let mut output = vec![f32::NAN; pool.outputs()];
        max_pool(pool, &[3.0, -4.0], &mut output);
        let expected = [[0.0; 4], [0.0, 3.0, -4.0, 0.0], [0.0; 4]].concat();
        assert_eq!(output, expected);
    }
}

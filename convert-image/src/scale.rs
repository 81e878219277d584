//! Gives the digit the size that MNIST gives it.

use crate::grey::Grey;

/// Longer side of a digit in MNIST, in pixels.
pub const BOX: usize = 20;

/// `ink`, scaled so that its longer side is [`BOX`] and its brightest pixel 255. The shorter side
/// keeps its share to fractions of a pixel, which its outermost pixels show as soft edges.
pub fn to_box(ink: &Grey) -> Grey {
    let step = ink.width().max(ink.height()) as f32 / BOX as f32;
    let columns = Grey::from_fn(side(ink.width(), step), ink.height(), |x, y| {
        mean(ink.width(), step, x, |x| ink.at(x, y))
    });
    let scaled = Grey::from_fn(columns.width(), side(ink.height(), step), |x, y| {
        mean(ink.height(), step, y, |y| columns.at(x, y))
    });
    // Otherwise a stroke that is thinner than a pixel of the result would be next to nothing.
    let brightest = scaled.pixels().iter().copied().fold(0.0, f32::max);
    match brightest > 0.0 {
        true => scaled.map(|pixel| pixel * 255.0 / brightest),
        false => scaled,
    }
}

fn side(length: usize, step: f32) -> usize {
    // What rounding adds to a whole number is no reason for another pixel.
    ((length as f32 / step - 1e-3).ceil() as usize).clamp(1, BOX)
}

/// Pixel `index` of a line of `length` pixels after scaling it by `1 / step`, in the middle of as
/// many whole pixels as it needs: the mean over what the pixel covers; for `step` below 1, over as
/// much as a pixel of the line, which is linear interpolation.
fn mean(length: usize, step: f32, index: usize, line: impl Fn(usize) -> f32) -> f32 {
    let overhang = side(length, step) as f32 * step - length as f32;
    let middle = (index as f32 + 0.5) * step - overhang / 2.0;
    let reach = step.max(1.0);
    let (start, end) = (middle - reach / 2.0, middle + reach / 2.0);
    let sum: f32 = (start.max(0.0) as usize..(end.ceil().max(0.0) as usize).min(length))
        .map(|i| {
            let covered = end.min((i + 1) as f32) - start.max(i as f32);
            covered.max(0.0) * line(i)
        })
        .sum();
    sum / reach
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_multiples_come_back_exactly() {
        let small = Grey::from_fn(12, 20, |x, y| ((37 * x + 11 * y) % 256) as f32);
        let small = small.map(|pixel| pixel.max(255.0 * f32::from(u8::from(pixel > 250.0))));
        let brightest = small.pixels().iter().copied().fold(0.0, f32::max);
        for factor in [1, 3, 10] {
            let large = Grey::from_fn(12 * factor, 20 * factor, |x, y| {
                small.at(x / factor, y / factor)
            });
            let scaled = to_box(&large);
            assert_eq!((scaled.width(), scaled.height()), (12, 20));
            for (a, b) in scaled.pixels().iter().zip(small.pixels()) {
                assert!((a - b * 255.0 / brightest).abs() < 0.01, "{a} {b}");
            }
        }
    }

    #[test]
    fn a_fraction_of_a_pixel_is_a_soft_edge() {
        let bar = Grey::from_fn(25, 100, |_, _| 255.0);
        let scaled = to_box(&bar);
        assert_eq!((scaled.width(), scaled.height()), (5, 20));
        let bar = Grey::from_fn(30, 200, |_, _| 100.0);
        assert_eq!(to_box(&bar).pixels()[..3], [255.0; 3]);
        let bar = Grey::from_fn(20, 200, |_, _| 100.0);
        assert_eq!(to_box(&bar).width(), 2);
        let bar = Grey::from_fn(32, 200, |_, _| 100.0);
        let scaled = to_box(&bar);
        assert_eq!(scaled.width(), 4);
        assert!((scaled.at(0, 5) - 0.6 * 255.0).abs() < 0.1);
        assert!((scaled.at(3, 5) - 0.6 * 255.0).abs() < 0.1);
    }

    #[test]
    fn a_hair_line_stays_visible() {
        let line = Grey::from_fn(400, 400, |x, y| if x == y { 255.0 } else { 0.0 });
        let scaled = to_box(&line);
        for i in 0..BOX {
            assert!(scaled.at(i, i) > 250.0);
        }
    }

    #[test]
    fn small_images_grow() {
        let dot = Grey::from_fn(3, 4, |_, _| 50.0);
        let grown = to_box(&dot);
        assert_eq!((grown.width(), grown.height()), (15, 20));
        assert!((grown.at(7, 10) - 255.0).abs() < 0.01);
    }
}

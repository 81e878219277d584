//! Gives the digit the place that MNIST gives it.

use crate::SIDE;
use crate::digit::Digit;
use crate::grey::Grey;

/// Column and row of the centre of mass of MNIST's digits, with the pixels counted from 0. It lies
/// within half a pixel of this in every one of the test images: they were moved by whole pixels.
const CENTRE: f32 = (SIDE / 2) as f32;

/// `ink` in a digit's image, moved by whole pixels so that its centre of mass is as near to the
/// image's centre as it can be without a part of the ink outside.
pub fn centred(ink: &Grey) -> Digit {
    let left = shift(ink, ink.width(), |x, _| x);
    let top = shift(ink, ink.height(), |_, y| y);
    Digit::from_fn(|x, y| match (x.checked_sub(left), y.checked_sub(top)) {
        (Some(x), Some(y)) => ink.at(x, y),
        _ => 0.0,
    })
}

/// Where the ink, `length` pixels long, begins along an axis.
fn shift(ink: &Grey, length: usize, place: impl Fn(usize, usize) -> usize) -> usize {
    let (mut mass, mut moment) = (0.0, 0.0);
    for y in 0..ink.height() {
        for x in 0..ink.width() {
            mass += ink.at(x, y);
            moment += ink.at(x, y) * place(x, y) as f32;
        }
    }
    let last = SIDE.saturating_sub(length);
    match mass > 0.0 {
        true => ((CENTRE - moment / mass).round().max(0.0) as usize).min(last),
        false => last / 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_centre_of_mass_goes_to_the_centre() {
        // Three quarters of the mass in column 1, one quarter in column 5: the centre is 2.
        let ink = Grey::from_fn(6, 3, |x, _| match x {
            1 => 240.0,
            5 => 80.0,
            _ => 0.0,
        });
        let digit = centred(&ink);
        assert_eq!(digit.at(13, 13), 240);
        assert_eq!(digit.at(17, 15), 80);
        assert_eq!(digit.at(13, 12), 0);
    }

    #[test]
    fn nothing_is_cut_off() {
        for heavy in [0, 19] {
            let ink = Grey::from_fn(20, 20, |x, y| match (x, y) {
                (x, y) if x == heavy && y == heavy => 255.0,
                _ => 0.01,
            });
            let ink = ink.map(f32::ceil);
            let digit = centred(&ink);
            let count = digit.pixels().iter().filter(|pixel| **pixel > 0).count();
            assert_eq!(count, 400);
        }
    }
}

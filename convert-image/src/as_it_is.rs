//! Tells images that are MNIST's already, and need no preparing.

use crate::SIDE;
use crate::grey::Grey;
use crate::scale::BOX;

/// Extent of everything that is not background, in pixels: [`BOX`] for all of MNIST's 70,000 images
/// but 16, where it is one less.
const EXTENT: [usize; 2] = [BOX - 1, BOX];

/// Column and row of the centre of mass, at least and at most: so for all of MNIST's images.
const CENTRE: [f32; 2] = [13.4, 14.6];

/// Least share of pixels that are pure background. It is 0.55 or more in MNIST.
const BACKGROUND: f32 = 0.5;

/// Least value of the brightest pixel. It is 254 or 255 in MNIST.
const BRIGHTEST: f32 = 250.0;

/// Whether `bright`, which has light ink on a dark background, has the size, the place, the black
/// background and the full ink that MNIST gives to digits.
pub fn is_like_mnist(bright: &Grey) -> bool {
    if (bright.width(), bright.height()) != (SIDE, SIDE) {
        return false;
    }
    let ink: Vec<(usize, usize, f32)> = (0..SIDE)
        .flat_map(|y| (0..SIDE).map(move |x| (x, y)))
        .map(|(x, y)| (x, y, bright.at(x, y)))
        .filter(|(_, _, value)| *value > 0.0)
        .collect();
    let mass: f32 = ink.iter().map(|(_, _, value)| value).sum();
    let centre = |place: fn(&(usize, usize, f32)) -> usize| {
        let moment: f32 = ink.iter().map(|pixel| pixel.2 * place(pixel) as f32).sum();
        let centre = moment / mass;
        (CENTRE[0]..=CENTRE[1]).contains(&centre)
    };
    let extent = |place: fn(&(usize, usize, f32)) -> usize| {
        let places = || ink.iter().map(place);
        (places().max().zip(places().min())).map_or(0, |(most, least)| most - least + 1)
    };
    let brightest = ink.iter().map(|(_, _, value)| *value).fold(0.0, f32::max);
    EXTENT.contains(&extent(|pixel| pixel.0).max(extent(|pixel| pixel.1)))
        && centre(|pixel| pixel.0)
        && centre(|pixel| pixel.1)
        && ink.len() as f32 <= (1.0 - BACKGROUND) * (SIDE * SIDE) as f32
        && brightest >= BRIGHTEST
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stroke(left: usize, top: usize, height: usize, paper: f32) -> Grey {
        Grey::from_fn(SIDE, SIDE, |x, y| {
            match (left..left + 4).contains(&x) && (top..top + height).contains(&y) {
                true => 255.0,
                false => paper,
            }
        })
    }

    #[test]
    fn only_images_as_in_mnist_pass() {
        assert!(is_like_mnist(&stroke(12, 4, 20, 0.0)));
        for (wrong, image) in [
            ("too small", stroke(12, 8, 12, 0.0)),
            ("too large", stroke(12, 2, 24, 0.0)),
            ("off the centre", stroke(9, 4, 20, 0.0)),
            ("grey paper", stroke(12, 4, 20, 3.0)),
            ("faint", stroke(12, 4, 20, 0.0).map(|pixel| pixel * 0.6)),
            ("inverted", stroke(12, 4, 20, 0.0).inverted()),
            ("another size", Grey::from_fn(56, 56, |_, _| 0.0)),
            ("blank", stroke(12, 4, 0, 0.0)),
        ] {
            assert!(!is_like_mnist(&image), "{wrong}");
        }
    }
}

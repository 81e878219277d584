//! Tells dark ink on a light background from light ink on a dark one.

use crate::grey::Grey;
use crate::quantile::{median, quantile};

/// Share of the pixels that count as the lightest and as the darkest: few, because a thin stroke in
/// a large image covers little, but not one, because that may be dust.
const EXTREME: f32 = 0.0005;

/// Whether an image is inverted, so that the ink is light as in MNIST.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Inversion {
    /// If its background is light.
    #[default]
    Detect,
    /// Always: the ink is dark.
    Always,
    /// Never: the ink is light.
    Never,
}

impl Inversion {
    /// `grey` with light ink on a dark background.
    pub fn apply(self, grey: Grey) -> Grey {
        let invert = match self {
            Self::Detect => has_light_background(&grey),
            Self::Always => true,
            Self::Never => false,
        };
        match invert {
            true => grey.inverted(),
            false => grey,
        }
    }
}

/// Whether the middle grey of the border is nearer to the image's lightest pixels than to its
/// darkest. That holds for paper in bad light too, whose grey may be anything.
fn has_light_background(grey: &Grey) -> bool {
    let border = median(grey.border());
    let darkest = quantile(grey.pixels().to_vec(), EXTREME);
    let lightest = quantile(grey.pixels().to_vec(), 1.0 - EXTREME);
    lightest - border < border - darkest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(background: f32, ink: f32) -> Grey {
        Grey::from_fn(40, 40, |x, y| match (10..20).contains(&x.max(y)) {
            true => ink,
            false => background,
        })
    }

    #[test]
    fn only_light_backgrounds_are_inverted() {
        for (background, ink, light) in [
            (255.0, 0.0, true),
            (0.0, 255.0, false),
            (110.0, 20.0, true),
            (150.0, 240.0, false),
        ] {
            let image = square(background, ink);
            let applied = Inversion::Detect.apply(image.clone());
            assert_eq!(applied != image, light, "{ink} on {background}");
            assert_eq!(Inversion::Always.apply(image.clone()), image.inverted());
            assert_eq!(Inversion::Never.apply(image.clone()), image);
        }
    }
}

//! Disturbs images of digits as they differ between people, pens and scanners.
//!
//! `flag` gives some of the ones another shape, `warp` changes the shape of any digit, and `pen` how it was written
//! and scanned.
//! All draws are made one after the other, and the arithmetic is done on all cores.

mod flag;
mod pen;
mod warp;

use burn_cpu_ops::parallel;
use datasets::mnist::{self, Image, SIDE};
use training::random::Random;

use flag::Flag;
use pen::Pen;
use warp::Warp;

/// The network's input for disturbed `images` of known digits, one after the other.
#[must_use]
pub fn augment(images: &[(&Image, usize)], random: &mut Random) -> Vec<f32> {
    let draws: Vec<_> = (images.iter())
        .map(|(_, digit)| {
            let flag = (*digit == 1).then(|| Flag::draw(random)).flatten();
            (flag, Warp::draw(random), Pen::draw(random))
        })
        .collect();
    let mut output = vec![0.0; images.len() * SIDE * SIDE];
    let schema = mnist::schema();
    let pieces = (output.chunks_exact_mut(SIDE * SIDE).zip(images)).zip(&draws);
    parallel::map(pieces, |((output, (image, _)), (flag, warp, pen))| {
        match flag {
            Some(flag) => warp.apply(&flag.added_to(image), output),
            None => warp.apply(image, output),
        }
        pen.apply(output);
        for value in output {
            *value = schema.scale(*value, 0);
        }
    });
    output
}

#[cfg(test)]
mod tests {
    use super::*;
    use training::random::{Purpose, random};

    #[test]
    fn ink_stays_about_as_much_and_follows_the_seed() {
        let image = warp::tests::stroke();
        let images = vec![(&image, 0); 500];
        let draw = |seed| augment(&images, &mut random(seed, Purpose::Noise(0)));
        let disturbed = draw(1);
        let scaled = |pixel: f32| mnist::schema().scale(pixel, 0);
        let paper = scaled(0.0);
        let ink: f32 = disturbed.iter().map(|x| x - paper).sum::<f32>() / 500.0;
        let before: f32 = image.iter().map(|p| scaled(f32::from(*p)) - paper).sum();
        assert!((0.8..1.5).contains(&(ink / before)), "{}", ink / before);
        assert_eq!(disturbed, draw(1));
        assert_ne!(disturbed, draw(2));
    }
}

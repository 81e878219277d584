//! Max pooling of a batch of images.

use fearless_simd::{Level, dispatch};
use kernels::{Pool, max_pool};

use super::parallel::map;

/// Images to a piece of work.
const IMAGES: usize = 8;

/// The largest numbers of squares: see [`max_pool`].
#[must_use]
pub fn forward(pool: Pool, input: &[f32]) -> Vec<f32> {
    let mut output = vec![0.0; input.len() / pool.inputs() * pool.outputs()];
    let inputs = input.chunks(IMAGES * pool.inputs());
    map(
        inputs.zip(output.chunks_mut(IMAGES * pool.outputs())),
        |(inputs, outputs)| {
            let images = inputs.chunks_exact(pool.inputs());
            for (image, output) in images.zip(outputs.chunks_exact_mut(pool.outputs())) {
                dispatch!(Level::new(), _simd => max_pool(pool, image, output));
            }
        },
    );
    output
}

/// The gradient of the `input`, given that of the output. Of equal numbers of a square, the first gets it.
#[must_use]
pub fn backward(pool: Pool, input: &[f32], output_gradient: &[f32]) -> Vec<f32> {
    let mut gradient = vec![0.0; input.len()];
    let pieces = (input.chunks(IMAGES * pool.inputs()))
        .zip(output_gradient.chunks(IMAGES * pool.outputs()))
        .zip(gradient.chunks_mut(IMAGES * pool.inputs()));
    map(pieces, |((inputs, outputs), gradients)| {
        let images = inputs.chunks_exact(pool.inputs());
        let images = images.zip(outputs.chunks_exact(pool.outputs()));
        let mut room = [vec![0.0; pool.channels], vec![0.0; pool.channels]];
        for ((image, output), gradient) in images.zip(gradients.chunks_exact_mut(pool.inputs())) {
            of_image(pool, (image, output), gradient, &mut room);
        }
    });
    gradient
}

/// `room` is for the largest number of each channel, and for the gradient of it that is still to be given.
#[inline(always)]
fn through_squares(
    pool: Pool,
    (image, output): (&[f32], &[f32]),
    gradient: &mut [f32],
    [largest, rest]: &mut [Vec<f32>; 2],
) {
    let channels = pool.channels;
    pool.squares(|place, first| {
        pool.largest(image, first, largest);
        rest.copy_from_slice(&output[place..place + channels]);
        for pixel in pool.pixels() {
            let pixel = first + pixel..first + pixel + channels;
            let places = gradient[pixel.clone()].iter_mut().zip(&image[pixel]);
            // Without a branch, so that it is done for a vector at a time.
            for ((place, number), (largest, rest)) in
                places.zip(largest.iter().zip(rest.iter_mut()))
            {
                let is_largest = number == largest;
                *place = if is_largest { *rest } else { 0.0 };
                *rest = if is_largest { 0.0 } else { *rest };
            }
        }
    });
}

fn of_image(pool: Pool, pair: (&[f32], &[f32]), gradient: &mut [f32], room: &mut [Vec<f32>; 2]) {
    dispatch!(Level::new(), _simd => through_squares(pool, pair, gradient, room));
}

//! Max pooling of a batch of images.

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
                max_pool(pool, image, output);
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
        let mut largest = vec![(0.0, 0); pool.channels];
        for ((image, output), gradient) in images.zip(gradients.chunks_exact_mut(pool.inputs())) {
            of_image(pool, (image, output), gradient, &mut largest);
        }
    });
    gradient
}

/// `largest` has room for the largest number of each channel, and where it is.
fn of_image(
    pool: Pool,
    (image, output): (&[f32], &[f32]),
    gradient: &mut [f32],
    largest: &mut [(f32, usize)],
) {
    for (place, pixels) in pool.squares() {
        for (index, pixel) in pixels.enumerate() {
            let numbers = (pixel..).zip(&image[pixel..]);
            for (largest, (at, number)) in largest.iter_mut().zip(numbers) {
                if index == 0 || *number > largest.0 {
                    *largest = (*number, at);
                }
            }
        }
        for ((_, at), slope) in largest.iter().zip(&output[place..]) {
            gradient[*at] = *slope;
        }
    }
}

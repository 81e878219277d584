//! Convolution of one image and its gradients.

use fearless_simd::{Level, Simd, dispatch};
use kernels::{Geometry, KERNEL, LANES, convolve, load, multiply_add, splat, store};

/// `output = input ∗ weight + bias`: see [`convolve`].
pub fn forward(
    geometry: Geometry,
    input: &[f32],
    weight: &[f32],
    bias: &[f32],
    output: &mut [f32],
) {
    dispatch!(Level::new(), simd => {
        convolve::<_, true>(simd, geometry, input, weight, bias, output);
    });
}

/// How the gradient of the input follows from that of the output: by a convolution as well, of the
/// gradient with a border of zeros, with the kernel turned upside down.
pub struct Transposed {
    /// The shapes of that convolution.
    pub geometry: Geometry,
    /// Its kernel.
    pub weight: Vec<f32>,
    /// Its bias: none.
    pub bias: Vec<f32>,
}

impl Transposed {
    /// The counterpart of the convolution with `weight`.
    pub fn new(geometry: Geometry, weight: &[f32]) -> Self {
        const BORDER: usize = KERNEL - 1;
        let Geometry {
            channels, filters, ..
        } = geometry;
        let mut turned = vec![0.0; weight.len()];
        for (tap, row) in weight.chunks_exact(filters).enumerate() {
            let (place, channel) = (tap / channels, tap % channels);
            let place = KERNEL * KERNEL - 1 - place;
            for (filter, weight) in row.iter().enumerate() {
                turned[(place * filters + filter) * channels + channel] = *weight;
            }
        }
        Self {
            geometry: Geometry {
                height: geometry.output_height() + 2 * BORDER,
                width: geometry.output_width() + 2 * BORDER,
                channels: filters,
                filters: channels,
            },
            weight: turned,
            bias: vec![0.0; channels],
        }
    }

    /// The rows of pixels inside the border of `image`, one for each row of the output.
    pub fn inside<'a>(&self, image: &'a mut [f32]) -> impl Iterator<Item = &'a mut [f32]> {
        let Geometry {
            width, channels, ..
        } = self.geometry;
        let border = (KERNEL - 1) * channels;
        let length = width * channels;
        let rows = self.geometry.height - 2 * (KERNEL - 1);
        (image.chunks_exact_mut(length).skip(KERNEL - 1).take(rows))
            .map(move |row| &mut row[border..length - border])
    }
}

/// Adds to `gradient`, of the shape of the weights, what one image contributes:
/// `gradient[i, j, c, f] += Σ input[y + i, x + j, c] · output_gradient[y, x, f]`.
///
/// `padded` is the gradient of the output with the border that [`Transposed`] wants.
pub fn weight_gradient(geometry: Geometry, input: &[f32], padded: &[f32], gradient: &mut [f32]) {
    dispatch!(Level::new(), simd => {
        add_weight_gradient(simd, geometry, input, padded, gradient);
    });
}

#[inline(always)]
fn add_weight_gradient<S: Simd>(
    simd: S,
    geometry: Geometry,
    input: &[f32],
    padded: &[f32],
    gradient: &mut [f32],
) {
    let Geometry {
        width,
        channels,
        filters,
        ..
    } = geometry;
    let taps = KERNEL * channels;
    let output_width = geometry.output_width();
    let border = KERNEL - 1;
    let padded_row = (output_width + 2 * border) * filters;
    for y in 0..geometry.output_height() {
        let row = &padded[(y + border) * padded_row + border * filters..];
        let row = &row[..output_width * filters];
        for (i, gradient) in gradient.chunks_exact_mut(taps * filters).enumerate() {
            let input = &input[(y + i) * width * channels..][..width * channels];
            let mut product = Product {
                input,
                stride: channels,
                row,
                filters,
                gradient,
            };
            let mut first = 0;
            while first + LANES <= filters {
                let blocks = ((filters - first) / LANES).min(3);
                match blocks {
                    1 => product.blocks::<S, 1>(simd, first, taps),
                    2 => product.blocks::<S, 2>(simd, first, taps),
                    _ => product.blocks::<S, 3>(simd, first, taps),
                }
                first += LANES * blocks;
            }
            for filter in first..filters {
                product.filter(filter, taps);
            }
        }
    }
}

/// The sum over the pixels of a row of (run of inputs) × (gradients of all filters).
struct Product<'a> {
    input: &'a [f32],
    stride: usize,
    row: &'a [f32],
    filters: usize,
    gradient: &'a mut [f32],
}

impl Product<'_> {
    #[inline(always)]
    fn blocks<S: Simd, const BLOCKS: usize>(&mut self, simd: S, first: usize, taps: usize) {
        let mut tap = 0;
        while tap + 4 <= taps {
            self.taps::<S, BLOCKS, 4>(simd, first, tap);
            tap += 4;
        }
        match taps - tap {
            3 => self.taps::<S, BLOCKS, 3>(simd, first, tap),
            2 => self.taps::<S, BLOCKS, 2>(simd, first, tap),
            1 => self.taps::<S, BLOCKS, 1>(simd, first, tap),
            _ => {}
        }
    }

    #[inline(always)]
    fn taps<S: Simd, const BLOCKS: usize, const TAPS: usize>(
        &mut self,
        simd: S,
        first: usize,
        tap: usize,
    ) {
        let mut sums = [[splat(simd, 0.0); BLOCKS]; TAPS];
        for (x, pixel) in self.row.chunks_exact(self.filters).enumerate() {
            let run = self.input.get(x * self.stride + tap..);
            let Some(run) = run.and_then(<[f32]>::first_chunk::<TAPS>) else {
                break;
            };
            let (pixel, _) = pixel[first..].as_chunks::<LANES>();
            let Some(pixel) = pixel.first_chunk::<BLOCKS>() else {
                break;
            };
            let mut gradients = [splat(simd, 0.0); BLOCKS];
            for (gradient, pixel) in gradients.iter_mut().zip(pixel) {
                *gradient = load(simd, pixel);
            }
            for (sums, input) in sums.iter_mut().zip(run) {
                let input = splat(simd, *input);
                for (sum, gradient) in sums.iter_mut().zip(&gradients) {
                    *sum = multiply_add::<_, true>(input, *gradient, *sum);
                }
            }
        }
        for (t, sums) in sums.iter().enumerate() {
            let gradient = &mut self.gradient[(tap + t) * self.filters + first..];
            let (blocks, _) = gradient.as_chunks_mut::<LANES>();
            for (block, sum) in blocks.iter_mut().zip(sums) {
                store(load(simd, block) + *sum, block);
            }
        }
    }

    fn filter(&mut self, filter: usize, taps: usize) {
        for tap in 0..taps {
            let mut sum = 0.0;
            let inputs = self.input[tap..].iter().step_by(self.stride);
            let gradients = self.row[filter..].iter().step_by(self.filters);
            for (input, gradient) in inputs.zip(gradients) {
                sum += input * gradient;
            }
            self.gradient[tap * self.filters + filter] += sum;
        }
    }
}

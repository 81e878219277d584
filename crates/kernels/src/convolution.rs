//! Convolution of an image, channels last: `[height, width, channels]`, row-major. What one tap of
//! the kernel adds to all output channels then lies together, and fills a vector register however
//! narrow the image is.

use fearless_simd::{Simd, SimdBase};

use super::vector::{LANES, blocks, load, multiply_add, splat, store};

/// Side of the square kernel, in pixels.
pub const KERNEL: usize = 3;

/// The shapes of a convolution without padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Geometry {
    /// Height of the input, in pixels; at least [`KERNEL`].
    pub height: usize,
    /// Width of the input, in pixels; at least [`KERNEL`].
    pub width: usize,
    /// Channels of the input.
    pub channels: usize,
    /// Channels of the output.
    pub filters: usize,
}

impl Geometry {
    /// Height of the output, in pixels.
    #[must_use]
    pub const fn output_height(&self) -> usize {
        self.height + 1 - KERNEL
    }

    /// Width of the output, in pixels.
    #[must_use]
    pub const fn output_width(&self) -> usize {
        self.width + 1 - KERNEL
    }

    /// How many numbers go in.
    #[must_use]
    pub const fn inputs(&self) -> usize {
        self.height * self.width * self.channels
    }

    /// How many numbers come out.
    #[must_use]
    pub const fn outputs(&self) -> usize {
        self.output_height() * self.output_width() * self.filters
    }

    /// How many numbers of the input one output depends on.
    #[must_use]
    pub const fn taps(&self) -> usize {
        KERNEL * KERNEL * self.channels
    }

    /// Whether the image is no smaller than the kernel.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.height >= KERNEL && self.width >= KERNEL && self.channels > 0 && self.filters > 0
    }
}

/// `output[y, x, f] = bias[f] + Σ input[y + i, x + j, c] · weight[i, j, c, f]`.
///
/// `weight` has the shape `[KERNEL, KERNEL, channels, filters]`, `bias` `[filters]`. Filters are
/// computed in blocks of [`LANES`]; what is left over of them goes one by one, which is slow.
#[inline(always)]
pub fn convolve<S: Simd, const FUSED: bool>(
    simd: S,
    geometry: Geometry,
    input: &[f32],
    weight: &[f32],
    bias: &[f32],
    output: &mut [f32],
) {
    let Geometry {
        width,
        channels,
        filters,
        ..
    } = geometry;
    let stride = width * channels;
    let output_length = geometry.output_width() * filters;
    for (y, output) in output.chunks_exact_mut(output_length).enumerate() {
        let mut row = Row {
            input: input.get(y * stride..).unwrap_or_default(),
            stride,
            channels,
            filters,
            weight,
            bias,
            output,
        };
        let mut first = 0;
        while first + LANES <= filters {
            // As many sums at once as there are registers for them, up to 12. Where a register holds a vector and
            // there is no fused multiply-add, products take registers too; where two hold one, weights do.
            let blocks = (filters - first) / LANES;
            match (blocks, S::f32s::LEN >= LANES) {
                (1, true) => row.blocks::<S, FUSED, 1, 7>(simd, first),
                (1, false) => row.blocks::<S, FUSED, 1, 4>(simd, first),
                (2, true) if !FUSED => row.blocks::<S, FUSED, 2, 4>(simd, first),
                (2, true) => row.blocks::<S, FUSED, 2, 6>(simd, first),
                (_, true) if !FUSED => row.blocks::<S, FUSED, 3, 3>(simd, first),
                (_, true) => row.blocks::<S, FUSED, 3, 4>(simd, first),
                (2, false) => row.blocks::<S, FUSED, 2, 2>(simd, first),
                (_, false) => row.blocks::<S, FUSED, 3, 2>(simd, first),
            }
            first += LANES * blocks.min(3);
        }
        for filter in first..filters {
            row.filter(filter);
        }
    }
}

/// One row of the output, and what it depends on.
struct Row<'a> {
    input: &'a [f32],
    /// Numbers of a row of the input.
    stride: usize,
    channels: usize,
    filters: usize,
    weight: &'a [f32],
    bias: &'a [f32],
    output: &'a mut [f32],
}

impl Row<'_> {
    /// Computes the filters `first .. first + BLOCKS · LANES`, `PIXELS` pixels at a time.
    #[inline(always)]
    fn blocks<S: Simd, const FUSED: bool, const BLOCKS: usize, const PIXELS: usize>(
        &mut self,
        simd: S,
        first: usize,
    ) {
        let width = self.output.len() / self.filters;
        let mut x = 0;
        while x + PIXELS <= width {
            self.pixels::<S, FUSED, BLOCKS, PIXELS>(simd, x, first);
            x += PIXELS;
        }
        if x < width && width >= PIXELS {
            // Some are computed twice, which is quicker than one by one.
            self.pixels::<S, FUSED, BLOCKS, PIXELS>(simd, width - PIXELS, first);
        } else {
            for x in x..width {
                self.pixels::<S, FUSED, BLOCKS, 1>(simd, x, first);
            }
        }
    }

    #[inline(always)]
    fn pixels<S: Simd, const FUSED: bool, const BLOCKS: usize, const PIXELS: usize>(
        &mut self,
        simd: S,
        x: usize,
        first: usize,
    ) {
        let filters = self.filters;
        let taps = KERNEL * self.channels;
        let Some(bias) = blocks::<BLOCKS>(self.bias, first) else {
            return;
        };
        let mut sums = [[splat(simd, 0.0); BLOCKS]; PIXELS];
        for sums in &mut sums {
            for (sum, bias) in sums.iter_mut().zip(bias) {
                *sum = load(simd, bias);
            }
        }
        // As long as there are weights: the compiler would write a loop of three steps out.
        let (mut rows, mut rest) = (self.input, self.weight);
        while let Some((weights, others)) = rest.split_at_checked(taps * filters) {
            let Some((row, below)) = rows.split_at_checked(self.stride) else {
                return;
            };
            (rows, rest) = (below, others);
            // Kernel columns and channels lie together in a row of the image: one run of numbers.
            let mut runs: [&[f32]; PIXELS] = [&[]; PIXELS];
            for (p, slot) in runs.iter_mut().enumerate() {
                let start = (x + p) * self.channels;
                // Runs that are known to be of one length need no check at each step.
                let Some(run) = row.get(start..start + taps) else {
                    return;
                };
                *slot = &run[..taps];
            }
            for (tap, weights) in (0..taps).zip(weights.chunks_exact(filters)) {
                let Some(weights) = blocks::<BLOCKS>(weights, first) else {
                    return;
                };
                let mut factors = [splat(simd, 0.0); BLOCKS];
                for (factor, weights) in factors.iter_mut().zip(weights) {
                    *factor = load(simd, weights);
                }
                for (sums, run) in sums.iter_mut().zip(&runs) {
                    let input = splat(simd, run[tap]);
                    for (sum, factor) in sums.iter_mut().zip(&factors) {
                        *sum = multiply_add::<S, FUSED>(input, *factor, *sum);
                    }
                }
            }
        }
        for (p, sums) in sums.iter().enumerate() {
            let output = self.output.get_mut((x + p) * filters + first..);
            let (blocks, _) = output.unwrap_or_default().as_chunks_mut::<LANES>();
            for (block, sum) in blocks.iter_mut().zip(sums) {
                store(*sum, block);
            }
        }
    }

    /// Computes one filter.
    #[inline(always)]
    fn filter(&mut self, filter: usize) {
        let taps = KERNEL * self.channels;
        let bias = self.bias.get(filter).copied().unwrap_or_default();
        for (x, output) in self.output.chunks_exact_mut(self.filters).enumerate() {
            let mut sum = bias;
            let rows = self.input.chunks_exact(self.stride);
            for (row, weight) in rows.zip(self.weight.chunks(taps * self.filters)) {
                let run = row.get(x * self.channels..).unwrap_or_default();
                let weights = weight.iter().skip(filter).step_by(self.filters);
                for (input, weight) in run.iter().zip(weights) {
                    sum += input * weight;
                }
            }
            if let Some(output) = output.get_mut(filter) {
                *output = sum;
            }
        }
    }
}

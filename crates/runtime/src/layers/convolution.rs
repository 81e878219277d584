use alloc::boxed::Box;

use kernels::{Geometry, KERNEL};
use model::ModelError;

use super::{Layer, LayerKind, MOST_OUTPUTS};

/// A convolution without padding of an image, channels last: see
/// [`convolve`](kernels::convolve).
#[derive(Debug, Clone, Copy)]
pub struct Convolution<'a> {
    /// The shapes.
    pub geometry: Geometry,
    /// Shape `[3, 3, channels, filters]`, row-major.
    pub weight: &'a [f32],
    /// Shape `[filters]`.
    pub bias: &'a [f32],
}

impl<'a> Convolution<'a> {
    /// How the file calls it.
    pub const KIND: LayerKind = LayerKind {
        name: "convolution",
        read: |layer, inputs| Ok(Box::new(Convolution::read(layer, inputs)?)),
    };

    /// Reads a layer that takes `inputs` numbers.
    ///
    /// # Errors
    ///
    /// If its weights do not fit.
    pub fn read(layer: &model::Layer<'_, 'a>, inputs: usize) -> Result<Self, ModelError> {
        let (weight, shape) = layer.tensor("weight")?;
        let geometry = Self::geometry(layer, shape, inputs)?;
        Ok(Self {
            geometry,
            weight,
            bias: layer.vector("bias", geometry.filters)?,
        })
    }

    /// The shapes of a convolution that takes `inputs` numbers and has weights of the shape
    /// `[rows, columns, channels, filters]`.
    #[inline(never)]
    pub(super) fn geometry(
        layer: &model::Layer<'_, '_>,
        [rows, columns, channels, filters]: [usize; 4],
        inputs: usize,
    ) -> Result<Geometry, ModelError> {
        let geometry = Geometry {
            height: layer.setting("height")?,
            width: layer.setting("width")?,
            channels,
            filters,
        };
        let product = |factors: [usize; 3]| {
            (factors.iter()).try_fold(1_usize, |product, factor| product.checked_mul(*factor))
        };
        let fits = geometry.is_sound()
            && (rows, columns) == (KERNEL, KERNEL)
            && product([geometry.height, geometry.width, channels]) == Some(inputs);
        if !fits {
            return Err(layer.problem("takes another image than comes"));
        }
        let outputs = product([geometry.output_height(), geometry.output_width(), filters]);
        if outputs.is_none_or(|outputs| outputs > MOST_OUTPUTS) {
            return Err(layer.problem("has too many outputs"));
        }
        Ok(geometry)
    }
}

impl Layer for Convolution<'_> {
    fn outputs(&self) -> usize {
        self.geometry.outputs()
    }

    fn forward(&self, input: &[f32], output: &mut [f32]) {
        let Self {
            geometry,
            weight,
            bias,
        } = *self;
        kernels::portable::convolve(geometry, input, weight, bias, output);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use alloc::vec::Vec;
    use fearless_simd::{Level, dispatch};

    /// The definition, tap by tap.
    fn expected(layer: &Convolution<'_>, input: &[f32]) -> Vec<f32> {
        let Geometry {
            width,
            channels,
            filters,
            ..
        } = layer.geometry;
        let mut output = Vec::new();
        for y in 0..layer.geometry.output_height() {
            for x in 0..layer.geometry.output_width() {
                for filter in 0..filters {
                    let mut sum = layer.bias[filter];
                    for tap in 0..KERNEL * KERNEL * channels {
                        let (place, channel) = (tap / channels, tap % channels);
                        let (row, column) = (y + place / KERNEL, x + place % KERNEL);
                        sum += input[(row * width + column) * channels + channel]
                            * layer.weight[tap * filters + filter];
                    }
                    output.push(sum);
                }
            }
        }
        output
    }

    #[test]
    fn every_shape_is_the_same_as_the_definition() {
        // Small whole numbers, whose sums are exact in any order.
        let number = |i: usize| ((i * 37 + 11) % 17) as f32 - 8.0;
        for (height, width, channels, filters) in [
            (3, 3, 1, 1),
            (3, 4, 2, 3),
            (5, 9, 1, 8),
            (4, 28, 1, 8),
            (6, 7, 8, 16),
            (5, 26, 3, 16),
            (5, 8, 5, 24),
            (4, 24, 16, 24),
            (4, 11, 2, 37),
            (3, 6, 1, 64),
        ] {
            let geometry = Geometry {
                height,
                width,
                channels,
                filters,
            };
            let input: Vec<f32> = (0..geometry.inputs()).map(number).collect();
            let weight: Vec<f32> = (0..geometry.taps() * filters).map(number).collect();
            let bias: Vec<f32> = (0..filters).map(number).collect();
            let layer = Convolution {
                geometry,
                weight: &weight,
                bias: &bias,
            };
            let mut output = vec![f32::NAN; layer.outputs()];
            layer.forward(&input, &mut output);
            assert_eq!(output, expected(&layer, &input), "{geometry:?}");
            // Where there is an instruction for it or not, this is exact as well.
            output.fill(f32::NAN);
            dispatch!(Level::new(), simd => {
                kernels::convolve::<_, true>(simd, geometry, &input, &weight, &bias, &mut output);
            });
            assert_eq!(output, expected(&layer, &input), "{geometry:?}");
        }
    }
}

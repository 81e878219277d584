//! Layers on fixed-point numbers of 16 bits: see [`kernels::fixed_point`]. What comes in are floats, and so is what goes out.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use kernels::{Geometry, KERNEL, fixed_point, portable};
use model::ModelError;

use super::{Convolution, Layer, LayerKind};

/// Rows of the output that are computed together.
const BAND: usize = 8;

/// `numbers` as fixed-point numbers, in pairs.
#[inline(never)]
fn rounded(numbers: &[f32]) -> Vec<i32> {
    let mut pairs = vec![0; fixed_point::pairs(numbers.len())];
    portable::to_fixed_point(numbers, &mut pairs);
    pairs
}

/// A [`Convolution`] with weights of 16 bits, and a scale for each filter.
#[derive(Debug, Clone, Copy)]
pub struct FixedPointConvolution<'a> {
    /// The shapes, which [are fit](fixed_point::is_fit).
    pub geometry: Geometry,
    /// As [`fixed_point::grouped`] gives them. Of no filter do the absolute weights add up to more than
    /// [`MOST_WEIGHT`](fixed_point::MOST_WEIGHT).
    pub weight: &'a [i16],
    /// Shape `[filters]`.
    pub scale: &'a [f32],
    /// Shape `[filters]`.
    pub bias: &'a [f32],
}

impl<'a> FixedPointConvolution<'a> {
    /// How the file calls it.
    pub const KIND: LayerKind = LayerKind {
        name: "fixed_point_convolution",
        read: |layer, inputs| Ok(Box::new(FixedPointConvolution::read(layer, inputs)?)),
    };

    /// Reads a layer that takes `inputs` numbers.
    ///
    /// # Errors
    ///
    /// If its weights do not fit.
    pub fn read(layer: &model::Layer<'_, 'a>, inputs: usize) -> Result<Self, ModelError> {
        let (channels, filters) = (layer.setting("channels")?, layer.setting("filters")?);
        let shape = [KERNEL, KERNEL, channels, filters];
        let geometry = Convolution::geometry(layer, shape, inputs)?;
        if !fixed_point::is_fit(geometry) {
            return Err(
                layer.problem("needs channels in pairs, filters in eights, and a wider image")
            );
        }
        let weight = layer.vector("weight", geometry.taps().saturating_mul(filters))?;
        if largest_sum(geometry, weight) > u64::from(fixed_point::MOST_WEIGHT) {
            return Err(layer.problem("has weights whose products may not fit into 32 bits"));
        }
        Ok(Self {
            geometry,
            weight,
            scale: layer.vector("scale", filters)?,
            bias: layer.vector("bias", filters)?,
        })
    }
}

/// The largest sum of the absolute weights of a filter.
fn largest_sum(geometry: Geometry, weight: &[i16]) -> u64 {
    let taps = geometry.taps().max(1);
    let groups = weight.chunks(taps * fixed_point::GROUP);
    let sums = groups.flat_map(|group| {
        let filters = group.len() / taps;
        let pairs = group.as_chunks::<2>().0;
        (0..filters).map(move |filter| {
            let own = pairs.iter().skip(filter).step_by(filters.max(1));
            own.flatten()
                .map(|weight| u64::from(weight.unsigned_abs()))
                .sum()
        })
    });
    sums.max().unwrap_or(0)
}

impl Layer for FixedPointConvolution<'_> {
    fn outputs(&self) -> usize {
        self.geometry.outputs()
    }

    fn forward(&self, input: &[f32], output: &mut [f32]) {
        let Geometry {
            width, channels, ..
        } = self.geometry;
        let columns = [self.scale, self.bias];
        let (input_row, output_row) = (
            width * channels,
            self.geometry.output_width() * self.geometry.filters,
        );
        // Some rows at a time, whose rounded numbers take little memory.
        for (band, output) in output.chunks_mut(BAND * output_row).enumerate() {
            let geometry = Geometry {
                height: output.len() / output_row + KERNEL - 1,
                ..self.geometry
            };
            let rows = input.get(band * BAND * input_row..).unwrap_or_default();
            let rows = rows.get(..geometry.inputs()).unwrap_or_default();
            let pairs = rounded(rows);
            portable::fixed_point_convolve(geometry, &pairs, self.weight, columns, output);
        }
    }
}

/// A [`QuantizedLinear`](super::QuantizedLinear) layer for fixed-point inputs.
#[derive(Debug, Clone, Copy)]
pub struct FixedPointLinear<'a> {
    /// Shape `[⌈inputs / 2⌉, outputs]`, row-major: the weights of two inputs each. Of an odd number, the last has a partner of zero.
    pub weight: &'a [[i8; 2]],
    /// Shape `[outputs]`.
    pub scale: &'a [f32],
    /// Shape `[outputs]`.
    pub bias: &'a [f32],
}

impl<'a> FixedPointLinear<'a> {
    /// How the file calls it.
    pub const KIND: LayerKind = LayerKind {
        name: "fixed_point_linear",
        read: |layer, inputs| Ok(Box::new(FixedPointLinear::read(layer, inputs)?)),
    };

    /// Reads a layer that takes `inputs` numbers.
    ///
    /// # Errors
    ///
    /// If its weights do not fit.
    pub fn read(layer: &model::Layer<'_, 'a>, inputs: usize) -> Result<Self, ModelError> {
        let (weight, [pairs, outputs, two]) = layer.tensor::<i8, 3>("weight")?;
        if pairs != fixed_point::pairs(inputs) || two != 2 {
            return Err(layer.problem("takes another number of inputs than come"));
        }
        if outputs == 0 || !outputs.is_multiple_of(fixed_point::BLOCK) {
            return Err(layer.problem("needs outputs by the 32"));
        }
        Ok(Self {
            weight: weight.as_chunks().0,
            scale: layer.vector("scale", outputs)?,
            bias: layer.vector("bias", outputs)?,
        })
    }
}

impl Layer for FixedPointLinear<'_> {
    fn outputs(&self) -> usize {
        self.bias.len()
    }

    fn forward(&self, input: &[f32], output: &mut [f32]) {
        let columns = [self.scale, self.bias];
        portable::fixed_point_linear(input, self.weight, columns, output);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GEOMETRY: Geometry = Geometry {
        height: 4,
        width: 8,
        channels: 2,
        filters: 8,
    };

    #[test]
    fn the_largest_sum_of_weights_is_found_in_every_group() {
        let geometry = Geometry {
            filters: 24,
            ..GEOMETRY
        };
        for filter in [0, 7, 15, 16, 23] {
            let weight: Vec<i16> = (0..geometry.taps() * 24)
                .map(|index| if index % 24 == filter { -3640 } else { 3000 })
                .collect();
            let weight: Vec<i16> = fixed_point::grouped(geometry, &weight).collect();
            assert_eq!(largest_sum(geometry, &weight), 18 * 3640, "{filter}");
        }
    }

    #[test]
    fn the_largest_sum_is_exact() {
        // All weights and inputs as large as they may be, and of one sign.
        let layer = FixedPointConvolution {
            geometry: GEOMETRY,
            weight: &vec![3640; GEOMETRY.taps() * 8],
            scale: &[1.0; 8],
            bias: &[0.0; 8],
        };
        let mut output = vec![f32::NAN; layer.outputs()];
        for (input, step) in [(-20.0, -32768.0), (20.0, 32767.0)] {
            layer.forward(&[input; 64], &mut output);
            assert!(output.iter().all(|sum| *sum == step / 2048.0 * 65_520.0));
        }
    }
}

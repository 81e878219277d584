use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use model::ModelError;

use super::{Layer, LayerKind};

/// A [`Linear`](super::Linear) layer with weights of 8 bits, and a scale for each output: a quarter of the size in the file. In
/// memory it has floats, because each prediction needs all of them.
#[derive(Debug, Clone)]
pub struct QuantizedLinear<'a> {
    /// Shape `[inputs, outputs]`, row-major, with the scale applied.
    pub weight: Vec<f32>,
    /// Shape `[outputs]`.
    pub bias: &'a [f32],
}

impl<'a> QuantizedLinear<'a> {
    /// How the file calls it.
    pub const KIND: LayerKind = LayerKind {
        name: "quantized_linear",
        read: |layer, inputs| Ok(Box::new(QuantizedLinear::read(layer, inputs)?)),
    };

    /// Reads a layer that takes `inputs` numbers.
    ///
    /// # Errors
    ///
    /// If its weights do not fit.
    pub fn read(layer: &model::Layer<'_, 'a>, inputs: usize) -> Result<Self, ModelError> {
        let (weight, [rows, outputs]) = layer.tensor::<i8, 2>("weight")?;
        if rows != inputs || outputs == 0 {
            return Err(layer.problem("takes another number of inputs than come"));
        }
        let scale = layer.vector::<f32>("scale", outputs)?;
        Ok(Self {
            weight: scaled(weight, scale),
            bias: layer.vector("bias", outputs)?,
        })
    }
}

/// Each of the rows of `weight` times the `scale` of its column.
pub(super) fn scaled(weight: &[i8], scale: &[f32]) -> Vec<f32> {
    let mut floats = vec![0.0; weight.len()];
    kernels::portable::scale_columns(weight, scale, &mut floats);
    floats
}

impl Layer for QuantizedLinear<'_> {
    fn outputs(&self) -> usize {
        self.bias.len()
    }

    fn forward(&self, input: &[f32], output: &mut [f32]) {
        kernels::portable::linear(input, &self.weight, self.bias, output);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_column_has_its_scale() {
        let weight = scaled(&[1, -2, 3, 127, 0, -127], &[0.5, 2.0, 1.0]);
        assert_eq!(weight, [0.5, -4.0, 3.0, 63.5, 0.0, -127.0]);
        let layer = QuantizedLinear {
            weight,
            bias: &[1.0, 0.0, -1.0],
        };
        let mut output = [f32::NAN; 3];
        layer.forward(&[2.0, -1.0], &mut output);
        assert_eq!(output, [-61.5, -8.0, 132.0]);
    }
}

use alloc::boxed::Box;

use model::ModelError;

use super::{Layer, LayerKind};

/// `output = (input · weight) · scale + bias`, with weights of 8 bits.
///
/// A quarter of the size of floats, and of the memory to read.
#[derive(Debug, Clone, Copy)]
pub struct QuantizedLinear<'a> {
    /// Shape `[inputs, outputs]`, row-major, as in [`Linear`](super::Linear).
    pub weight: &'a [i8],
    /// Shape `[outputs]`.
    pub scale: &'a [f32],
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
        let (weight, [rows, outputs]) = layer.tensor("weight")?;
        if rows != inputs || outputs == 0 {
            return Err(layer.problem("takes another number of inputs than come"));
        }
        Ok(Self {
            weight,
            scale: layer.vector("scale", outputs)?,
            bias: layer.vector("bias", outputs)?,
        })
    }
}

impl Layer for QuantizedLinear<'_> {
    fn outputs(&self) -> usize {
        self.bias.len()
    }

    fn forward(&self, input: &[f32], output: &mut [f32]) {
        let columns = [self.scale, self.bias];
        kernels::portable::quantized_linear(input, self.weight, columns, output);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use alloc::vec::Vec;

    #[test]
    fn every_width_is_the_same_as_the_definition() {
        for (inputs, outputs) in [(1, 1), (3, 31), (5, 32), (2, 33), (7, 64), (4, 70)] {
            let number = |i: usize| (i * 37 + 11) % 17;
            let weight: Vec<i8> = (0..inputs * outputs).map(|i| number(i) as i8 - 8).collect();
            // Powers of two and small whole numbers: exact in any order.
            let scale: Vec<f32> = (0..outputs).map(|i| [0.5, 1.0, 2.0][i % 3]).collect();
            let bias: Vec<f32> = (0..outputs).map(|i| number(i + 5) as f32).collect();
            let input: Vec<f32> = (0..inputs).map(|i| number(i + 9) as f32).collect();
            let layer = QuantizedLinear {
                weight: &weight,
                scale: &scale,
                bias: &bias,
            };
            let mut output = vec![f32::NAN; outputs];
            layer.forward(&input, &mut output);
            for (column, y) in output.iter().enumerate() {
                let products =
                    (0..inputs).map(|i| input[i] * f32::from(weight[i * outputs + column]));
                assert_eq!(*y, products.sum::<f32>() * scale[column] + bias[column]);
            }
        }
    }
}

use alloc::boxed::Box;

use model::ModelError;

use super::{Layer, LayerKind};

/// `output = input · weight + bias`.
#[derive(Debug, Clone, Copy)]
pub struct Linear<'a> {
    /// Shape `[inputs, outputs]`, row-major: the weights of one input are contiguous, so that the
    /// inner loop runs along memory and vectorises without reordering a sum.
    pub weight: &'a [f32],
    /// Shape `[outputs]`.
    pub bias: &'a [f32],
}

impl<'a> Linear<'a> {
    /// How the file calls it.
    pub const KIND: LayerKind = LayerKind {
        name: "linear",
        read: |layer, inputs| Ok(Box::new(Linear::read(layer, inputs)?)),
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
        let bias = layer.vector("bias", outputs)?;
        Ok(Self { weight, bias })
    }
}

impl Layer for Linear<'_> {
    fn outputs(&self) -> usize {
        self.bias.len()
    }

    fn forward(&self, input: &[f32], output: &mut [f32]) {
        kernels::portable::linear(input, self.weight, self.bias, output);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use alloc::vec::Vec;

    #[test]
    fn is_a_matrix_product_plus_bias() {
        let layer = Linear {
            weight: &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
            bias: &[0.5, -0.5, 0.0],
        };
        let mut output = [f32::NAN; 3];
        layer.forward(&[10.0, -1.0], &mut output);
        assert_eq!(output, [6.5, 14.5, 24.0]);
        layer.forward(&[0.0, 2.0], &mut output);
        assert_eq!(output, [8.5, 9.5, 12.0]);
    }

    #[test]
    fn every_width_is_the_same_as_the_definition() {
        for (inputs, outputs) in [(1, 1), (3, 15), (5, 16), (2, 17), (7, 32), (4, 50)] {
            // Small whole numbers, whose sums are exact in any order.
            let number = |i: usize| ((i * 37 + 11) % 17) as f32 - 8.0;
            let weight: Vec<f32> = (0..inputs * outputs).map(number).collect();
            let bias: Vec<f32> = (0..outputs).map(|i| number(i + 5)).collect();
            let input: Vec<f32> = (0..inputs).map(|i| number(i + 9)).collect();
            let mut output = vec![f32::NAN; outputs];
            let layer = Linear {
                weight: &weight,
                bias: &bias,
            };
            layer.forward(&input, &mut output);
            for (column, y) in output.iter().enumerate() {
                let products = (0..inputs).map(|i| input[i] * weight[i * outputs + column]);
                assert_eq!(*y, bias[column] + products.sum::<f32>());
            }
        }
    }
}

use super::Layer;

/// `output = input · weight + bias`.
#[derive(Debug, Clone, Copy)]
pub struct Linear<'a> {
    /// Shape `[inputs, outputs]`, row-major: what one input adds to all outputs lies together, so
    /// that the inner loop runs along memory and vectorises without reordering a sum.
    pub weight: &'a [f32],
    /// Shape `[outputs]`.
    pub bias: &'a [f32],
}

/// Outputs that are summed up together: four vector registers of 128 bits.
const BLOCK: usize = 16;

impl Layer for Linear<'_> {
    fn outputs(&self) -> usize {
        self.bias.len()
    }

    fn forward(&self, input: &[f32], output: &mut [f32]) {
        let outputs = self.bias.len();
        let (biases, _) = self.bias.as_chunks::<BLOCK>();
        let (blocks, rest) = output.as_chunks_mut::<BLOCK>();
        let mut start = 0;
        for (block, bias) in blocks.iter_mut().zip(biases) {
            // A sum that stays in registers while the inputs pass by.
            let mut sum = *bias;
            for (x, row) in input.iter().zip(self.weight.chunks_exact(outputs)) {
                if let Some(weights) = row.get(start..).and_then(<[f32]>::first_chunk::<BLOCK>) {
                    for (sum, weight) in sum.iter_mut().zip(weights) {
                        *sum += x * weight;
                    }
                }
            }
            *block = sum;
            start += BLOCK;
        }
        for (column, y) in rest.iter_mut().enumerate() {
            let column = start + column;
            let weights = self.weight.iter().skip(column).step_by(outputs);
            let products = input.iter().zip(weights).map(|(x, weight)| x * weight);
            *y = self.bias.get(column).copied().unwrap_or_default() + products.sum::<f32>();
        }
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

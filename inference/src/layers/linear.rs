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

impl Layer for Linear<'_> {
    fn outputs(&self) -> usize {
        self.bias.len()
    }

    fn forward(&self, input: &[f32], output: &mut [f32]) {
        output.copy_from_slice(self.bias);
        for (x, row) in input.iter().zip(self.weight.chunks_exact(self.bias.len())) {
            // After a ReLU about half of the inputs are zero.
            if *x != 0.0 {
                for (y, w) in output.iter_mut().zip(row) {
                    *y += x * w;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}

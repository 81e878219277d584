use super::Layer;

/// `output = (input · weight) · scale + bias`, with weights of 8 bits.
///
/// A quarter of the size of floats, and of the memory to read: a prediction passes each weight just
/// once.
#[derive(Debug, Clone, Copy)]
pub struct QuantizedLinear<'a> {
    /// Shape `[inputs, outputs]`, row-major, as in [`Linear`](super::Linear).
    pub weight: &'a [i8],
    /// Shape `[outputs]`.
    pub scale: &'a [f32],
    /// Shape `[outputs]`.
    pub bias: &'a [f32],
}

/// Outputs that are summed up together: eight vector registers of 128 bits.
const BLOCK: usize = 32;

impl QuantizedLinear<'_> {
    /// Sums up `N` outputs from `start` on.
    fn sum<const N: usize>(&self, input: &[f32], start: usize) -> [f32; N] {
        let mut sum = [0.0; N];
        for (x, row) in input.iter().zip(self.weight.chunks_exact(self.scale.len())) {
            if let Some(weights) = row.get(start..).and_then(<[i8]>::first_chunk::<N>) {
                for (sum, weight) in sum.iter_mut().zip(weights) {
                    *sum += x * f32::from(*weight);
                }
            }
        }
        sum
    }

    fn write(&self, sums: &[f32], start: usize, output: &mut [f32]) {
        let columns = self.scale.iter().zip(self.bias).skip(start);
        for ((y, sum), (scale, bias)) in output.iter_mut().zip(sums).zip(columns) {
            *y = sum * scale + bias;
        }
    }
}

impl Layer for QuantizedLinear<'_> {
    fn outputs(&self) -> usize {
        self.bias.len()
    }

    fn forward(&self, input: &[f32], output: &mut [f32]) {
        let mut start = 0;
        let (blocks, rest) = output.as_chunks_mut::<BLOCK>();
        for block in blocks {
            self.write(&self.sum::<BLOCK>(input, start), start, block);
            start += BLOCK;
        }
        for y in rest.chunks_mut(1) {
            self.write(&self.sum::<1>(input, start), start, y);
            start += 1;
        }
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

use alloc::boxed::Box;

use super::{Layer, LayerKind};

/// `exp(xᵢ) / Σ exp(xⱼ)`: turns scores into probabilities.
#[derive(Debug, Clone, Copy)]
pub struct Softmax {
    /// How many numbers go in and come out.
    pub width: usize,
}

impl Softmax {
    /// How the file calls it.
    pub const KIND: LayerKind = LayerKind {
        name: "softmax",
        read: |_, width| Ok(Box::new(Self { width })),
    };
}

impl Layer for Softmax {
    fn outputs(&self) -> usize {
        self.width
    }

    fn forward(&self, input: &[f32], output: &mut [f32]) {
        // Subtracting the maximum changes nothing but keeps exp() from overflowing.
        let maximum = input.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let mut sum = 0.0;
        for (x, y) in input.iter().zip(output.iter_mut()) {
            *y = libm::expf(x - maximum);
            sum += *y;
        }
        for y in output {
            *y /= sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_hand_computed_probabilities() {
        let mut output = [f32::NAN; 3];
        Softmax { width: 3 }.forward(&[0.0, 2.0_f32.ln(), 5.0_f32.ln()], &mut output);
        for (p, expected) in output.iter().zip([0.125, 0.25, 0.625]) {
            assert!((p - expected).abs() < 1e-6);
        }
    }

    #[test]
    fn large_scores_do_not_overflow() {
        let mut output = [f32::NAN; 2];
        Softmax { width: 2 }.forward(&[1e30, -1e30], &mut output);
        assert_eq!(output, [1.0, 0.0]);
    }
}

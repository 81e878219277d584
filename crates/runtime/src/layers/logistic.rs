use alloc::boxed::Box;

use super::{Layer, LayerKind};

/// The probabilities of two classes from the logarithm of the odds of the second: `1 − σ(x)` and `σ(x)`.
#[derive(Debug, Clone, Copy)]
pub struct Logistic;

impl Logistic {
    /// How the file calls it.
    pub const KIND: LayerKind = LayerKind {
        name: "logistic",
        read: |layer, width| match width {
            1 => Ok(Box::new(Self)),
            _ => Err(layer.problem("takes another number of inputs than come")),
        },
    };
}

impl Layer for Logistic {
    fn outputs(&self) -> usize {
        2
    }

    fn forward(&self, input: &[f32], output: &mut [f32]) {
        let ([x], [first, second]) = (input, output) else {
            return;
        };
        // The smaller one is computed, so that it keeps its digits.
        let power = libm::expf(-x.abs());
        let (small, large) = (power / (1.0 + power), 1.0 / (1.0 + power));
        (*first, *second) = match *x >= 0.0 {
            true => (small, large),
            false => (large, small),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_hand_computed_probabilities() {
        let of = |x: f32| {
            let mut output = [f32::NAN; 2];
            Logistic.forward(&[x], &mut output);
            output
        };
        assert_eq!(of(0.0), [0.5, 0.5]);
        for (x, expected) in [
            (3.0_f32.ln(), [0.25, 0.75]),
            (-(3.0_f32.ln()), [0.75, 0.25]),
        ] {
            for (p, expected) in of(x).iter().zip(expected) {
                assert!((p - expected).abs() < 1e-6);
            }
        }
        assert_eq!(of(1e30), [0.0, 1.0]);
        assert!(of(80.0)[0] > 0.0, "small probabilities keep their digits");
    }
}

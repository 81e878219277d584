use alloc::boxed::Box;

use kernels::portable;

use super::{Layer, LayerKind};

/// A function of each number by itself.
#[derive(Debug, Clone, Copy)]
pub struct Elementwise {
    /// How many numbers go in and come out.
    pub width: usize,
    /// Computes all of them.
    pub function: fn(&[f32], &mut [f32]),
}

impl Elementwise {
    /// `cos(x)`.
    pub const COSINE: LayerKind = LayerKind {
        name: "cosine",
        read: |_, width| Ok(Box::new(Self::new(width, portable::cosine))),
    };
    /// `exp(x)`.
    pub const EXP: LayerKind = LayerKind {
        name: "exp",
        read: |_, width| Ok(Box::new(Self::new(width, exp))),
    };
    /// [GELU](kernels::fixed_point::gelu) for a layer on fixed-point numbers.
    pub const FIXED_POINT_GELU: LayerKind = LayerKind {
        name: "fixed_point_gelu",
        read: |_, width| Ok(Box::new(Self::new(width, portable::fixed_point_gelu))),
    };
    /// [GELU](kernels::gelu).
    pub const GELU: LayerKind = LayerKind {
        name: "gelu",
        read: |_, width| Ok(Box::new(Self::new(width, portable::gelu))),
    };
    /// `max(x, 0)`.
    pub const RELU: LayerKind = LayerKind {
        name: "relu",
        read: |_, width| Ok(Box::new(Self::new(width, portable::relu))),
    };

    fn new(width: usize, function: fn(&[f32], &mut [f32])) -> Self {
        Self { width, function }
    }
}

fn exp(input: &[f32], output: &mut [f32]) {
    for (x, y) in input.iter().zip(output) {
        *y = libm::expf(*x);
    }
}

impl Layer for Elementwise {
    fn outputs(&self) -> usize {
        self.width
    }

    fn forward(&self, input: &[f32], output: &mut [f32]) {
        (self.function)(input, output);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::f32::consts::PI;

    /// What `function` gives for four numbers.
    fn four(function: fn(&[f32], &mut [f32]), input: [f32; 4]) -> [f32; 4] {
        let mut output = [f32::NAN; 4];
        Elementwise::new(4, function).forward(&input, &mut output);
        output
    }

    #[test]
    fn cosines_are_known_values() {
        let output = four(portable::cosine, [0.0, PI / 3.0, -PI, 100.0 * PI]);
        for (y, expected) in output.iter().zip([1.0, 0.5, -1.0, 1.0]) {
            assert!((y - expected).abs() < 1e-4, "{y}");
        }
    }

    #[test]
    fn gelu_gives_values_from_the_tables() {
        let output = four(portable::gelu, [-1.0, 0.0, 1.0, 2.0]);
        // x · Φ(x), Φ from a table of the normal distribution.
        let expected = [-0.158_655_26, 0.0, 0.841_344_7, 1.954_499_7];
        for (y, expected) in output.iter().zip(expected) {
            assert!((y - expected).abs() < 1e-6, "{y} {expected}");
        }
    }

    #[test]
    fn relu_keeps_what_is_positive() {
        let output = four(portable::relu, [-1.0, 0.0, -0.0, 2.5]);
        assert_eq!(output, [0.0, 0.0, 0.0, 2.5]);
    }
}

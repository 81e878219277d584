use alloc::boxed::Box;

use super::{Layer, LayerKind};

/// [GELU](kernels::gelu), element by element.
#[derive(Debug, Clone, Copy)]
pub struct Gelu {
    /// How many numbers go in and come out.
    pub width: usize,
}

impl Gelu {
    /// How the file calls it.
    pub const KIND: LayerKind = LayerKind {
        name: "gelu",
        read: |_, width| Ok(Box::new(Self { width })),
    };
}

impl Layer for Gelu {
    fn outputs(&self) -> usize {
        self.width
    }

    fn forward(&self, input: &[f32], output: &mut [f32]) {
        kernels::portable::gelu(input, output);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_values_from_the_tables() {
        let mut output = [f32::NAN; 4];
        Gelu { width: 4 }.forward(&[-1.0, 0.0, 1.0, 2.0], &mut output);
        // x · Φ(x), Φ from a table of the normal distribution.
        let expected = [-0.158_655_26, 0.0, 0.841_344_7, 1.954_499_7];
        for (y, expected) in output.iter().zip(expected) {
            assert!((y - expected).abs() < 1e-6, "{y} {expected}");
        }
    }
}

use alloc::boxed::Box;

use super::{Layer, LayerKind};

/// `cos(x)`, number by number.
#[derive(Debug, Clone, Copy)]
pub struct Cosine {
    /// How many numbers go in and come out.
    pub width: usize,
}

impl Cosine {
    /// How the file calls it.
    pub const KIND: LayerKind = LayerKind {
        name: "cosine",
        read: |_, width| Ok(Box::new(Self { width })),
    };
}

impl Layer for Cosine {
    fn outputs(&self) -> usize {
        self.width
    }

    fn forward(&self, input: &[f32], output: &mut [f32]) {
        kernels::portable::cosine(input, output);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::f32::consts::PI;

    #[test]
    fn gives_known_values() {
        let mut output = [f32::NAN; 4];
        Cosine { width: 4 }.forward(&[0.0, PI / 3.0, -PI, 100.0 * PI], &mut output);
        for (y, expected) in output.iter().zip([1.0, 0.5, -1.0, 1.0]) {
            assert!((y - expected).abs() < 1e-4, "{y}");
        }
    }
}

use alloc::boxed::Box;

use super::{Layer, LayerKind};

/// `max(x, 0)`, element by element.
#[derive(Debug, Clone, Copy)]
pub struct Relu {
    /// How many numbers go in and come out.
    pub width: usize,
}

impl Relu {
    /// How the file calls it.
    pub const KIND: LayerKind = LayerKind {
        name: "relu",
        read: |_, width| Ok(Box::new(Self { width })),
    };
}

impl Layer for Relu {
    fn outputs(&self) -> usize {
        self.width
    }

    fn forward(&self, input: &[f32], output: &mut [f32]) {
        kernels::portable::relu(input, output);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_is_positive() {
        let mut output = [f32::NAN; 4];
        Relu { width: 4 }.forward(&[-1.0, 0.0, -0.0, 2.5], &mut output);
        assert_eq!(output, [0.0, 0.0, 0.0, 2.5]);
    }
}

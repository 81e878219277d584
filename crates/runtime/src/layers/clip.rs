use alloc::boxed::Box;

use super::{Layer, LayerKind};

/// `min(max(x, low), high)` of each number: an estimate is not taken beyond the numbers of training.
#[derive(Debug, Clone, Copy)]
pub struct Clip {
    width: usize,
    low: f32,
    high: f32,
}

impl Clip {
    /// How the file calls it. Its tensor `range` has the two limits.
    pub const KIND: LayerKind = LayerKind {
        name: "clip",
        read: |layer, width| match layer.vector::<f32>("range", 2)? {
            [low, high] if low <= high => Ok(Box::new(Self {
                width,
                low: *low,
                high: *high,
            })),
            _ => Err(layer.problem("has no range")),
        },
    };
}

impl Layer for Clip {
    fn outputs(&self) -> usize {
        self.width
    }

    fn forward(&self, input: &[f32], output: &mut [f32]) {
        for (x, y) in input.iter().zip(output) {
            *y = x.clamp(self.low, self.high);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_end_at_the_limits() {
        let clip = Clip {
            width: 3,
            low: -1.0,
            high: 2.5,
        };
        let mut output = [f32::NAN; 3];
        clip.forward(&[-7.0, 2.0, 1e9], &mut output);
        assert_eq!(output, [-1.0, 2.0, 2.5]);
    }
}

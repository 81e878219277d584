use alloc::boxed::Box;

use model::ModelError;

use super::{Layer, LayerKind};

/// `x − mean`, number by number.
///
/// It stays a layer of its own: folded into the bias of the following layer, numbers that are large and
/// differ little would lose their last digits.
#[derive(Debug, Clone, Copy)]
pub struct Centre<'a> {
    /// Shape `[inputs]`.
    pub mean: &'a [f32],
}

impl<'a> Centre<'a> {
    /// How the file calls it.
    pub const KIND: LayerKind = LayerKind {
        name: "centre",
        read: |layer, inputs| Ok(Box::new(Centre::read(layer, inputs)?)),
    };

    /// Reads a layer that takes `inputs` numbers.
    ///
    /// # Errors
    ///
    /// If its mean does not fit.
    pub fn read(layer: &model::Layer<'_, 'a>, inputs: usize) -> Result<Self, ModelError> {
        let mean = layer.vector("mean", inputs)?;
        Ok(Self { mean })
    }
}

impl Layer for Centre<'_> {
    fn outputs(&self) -> usize {
        self.mean.len()
    }

    fn forward(&self, input: &[f32], output: &mut [f32]) {
        for ((y, x), mean) in output.iter_mut().zip(input).zip(self.mean) {
            *y = x - mean;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subtracts_the_mean() {
        let layer = Centre {
            mean: &[1.5, -2.0, 0.0],
        };
        let mut output = [f32::NAN; 3];
        layer.forward(&[1.5, 1.0, -0.5], &mut output);
        assert_eq!((layer.outputs(), output), (3, [0.0, 3.0, -0.5]));
    }
}

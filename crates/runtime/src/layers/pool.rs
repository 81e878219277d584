use alloc::boxed::Box;

use kernels::Pool;
use model::ModelError;

use super::{Layer, LayerKind, MOST_OUTPUTS};

/// The largest numbers of squares of an image, channels last: see [`max_pool`](kernels::max_pool).
#[derive(Debug, Clone, Copy)]
pub struct MaxPool {
    /// The shapes.
    pub pool: Pool,
}

impl MaxPool {
    /// How the file calls it.
    pub const KIND: LayerKind = LayerKind {
        name: "max_pool",
        read: |layer, inputs| Ok(Box::new(MaxPool::read(layer, inputs)?)),
    };

    /// Reads a layer that takes `inputs` numbers.
    ///
    /// # Errors
    ///
    /// If they are not as many as its image has.
    pub fn read(layer: &model::Layer<'_, '_>, inputs: usize) -> Result<Self, ModelError> {
        let pool = Pool {
            height: layer.setting("height")?,
            width: layer.setting("width")?,
            channels: layer.setting("channels")?,
            side: layer.setting("side")?,
            border: layer.setting("border")?,
        };
        let pixels = pool.height.checked_mul(pool.width);
        let numbers = pixels.and_then(|pixels| pixels.checked_mul(pool.channels));
        if !pool.is_sound() || numbers != Some(inputs) {
            return Err(layer.problem("takes another image than comes"));
        }
        // No product below exceeds the largest number: a border is no wider than a square, and so than the image.
        if inputs > MOST_OUTPUTS || pool.outputs() > MOST_OUTPUTS {
            return Err(layer.problem("has too many outputs"));
        }
        Ok(Self { pool })
    }
}

impl Layer for MaxPool {
    fn outputs(&self) -> usize {
        self.pool.outputs()
    }

    fn forward(&self, input: &[f32], output: &mut [f32]) {
        kernels::portable::max_pool(self.pool, input, output);
    }
}

/// The mean of each channel over all pixels of an image, channels last.
#[derive(Debug, Clone, Copy)]
pub struct MeanOfPixels {
    /// How many channels there are.
    pub channels: usize,
}

impl MeanOfPixels {
    /// How the file calls it.
    pub const KIND: LayerKind = LayerKind {
        name: "mean_of_pixels",
        read: |layer, inputs| Ok(Box::new(MeanOfPixels::read(layer, inputs)?)),
    };

    /// Reads a layer that takes `inputs` numbers.
    ///
    /// # Errors
    ///
    /// If they do not fill pixels.
    pub fn read(layer: &model::Layer<'_, '_>, inputs: usize) -> Result<Self, ModelError> {
        let channels = layer.setting("channels")?;
        match inputs.checked_rem(channels) {
            Some(0) if inputs > 0 => Ok(Self { channels }),
            _ => Err(layer.problem("takes another image than comes")),
        }
    }
}

impl Layer for MeanOfPixels {
    fn outputs(&self) -> usize {
        self.channels
    }

    fn forward(&self, input: &[f32], output: &mut [f32]) {
        kernels::portable::mean_of_pixels(input, output);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_those_of_each_channel() {
        let mut output = [f32::NAN; 2];
        MeanOfPixels { channels: 2 }.forward(&[1.0, 10.0, 2.0, 20.0, 6.0, 60.0], &mut output);
        assert_eq!(output, [3.0, 30.0]);
    }
}

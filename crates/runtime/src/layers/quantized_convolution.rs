use alloc::boxed::Box;
use alloc::vec::Vec;

use kernels::Geometry;
use model::ModelError;

use super::quantized_linear::scaled;
use super::{Convolution, Layer, LayerKind};

/// A [`Convolution`] with weights of 8 bits, and a scale for each filter: a quarter of the size in the file. In memory it
/// has floats, because each of them is used for every pixel.
#[derive(Debug, Clone)]
pub struct QuantizedConvolution<'a> {
    /// The shapes.
    pub geometry: Geometry,
    /// Shape `[3, 3, channels, filters]`, row-major, with the scale applied.
    pub weight: Vec<f32>,
    /// Shape `[filters]`.
    pub bias: &'a [f32],
}

impl<'a> QuantizedConvolution<'a> {
    /// How the file calls it.
    pub const KIND: LayerKind = LayerKind {
        name: "quantized_convolution",
        read: |layer, inputs| Ok(Box::new(QuantizedConvolution::read(layer, inputs)?)),
    };

    /// Reads a layer that takes `inputs` numbers.
    ///
    /// # Errors
    ///
    /// If its weights do not fit.
    pub fn read(layer: &model::Layer<'_, 'a>, inputs: usize) -> Result<Self, ModelError> {
        let (weight, shape) = layer.tensor::<i8, 4>("weight")?;
        let geometry = Convolution::geometry(layer, shape, inputs)?;
        let scale = layer.vector::<f32>("scale", geometry.filters)?;
        Ok(Self {
            geometry,
            weight: scaled(weight, scale),
            bias: layer.vector("bias", geometry.filters)?,
        })
    }
}

impl Layer for QuantizedConvolution<'_> {
    fn outputs(&self) -> usize {
        self.geometry.outputs()
    }

    fn forward(&self, input: &[f32], output: &mut [f32]) {
        kernels::portable::convolve(self.geometry, input, &self.weight, self.bias, output);
    }
}

use burn::module::Module;
use burn::tensor::{Tensor, TensorData};
use burn_cpu_ops::parallel;
use model::FrozenLayer;
use runtime::layers::{self, Layer as _};

use super::{Layer, Pass};
use crate::parameters::host;

/// Histograms of the edges and the colours of a picture: see [`runtime::layers::Histograms`]. Nothing in it is learnt, and no
/// gradient passes, so that it can only be the first layer.
#[derive(Module, Debug)]
pub struct Histograms {
    height: usize,
    width: usize,
    channels: usize,
}

impl Histograms {
    /// A layer for pictures of `[height, width, channels]`, of three colours or grey.
    #[must_use]
    pub fn new([height, width, channels]: [usize; 3]) -> Self {
        Self {
            height,
            width,
            channels,
        }
    }

    /// How many numbers come out.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.layer().outputs()
    }

    fn layer(&self) -> layers::Histograms {
        layers::Histograms {
            height: self.height,
            width: self.width,
            channels: self.channels,
        }
    }
}

impl Layer for Histograms {
    fn describe(&self) -> String {
        format!(
            "Histograms {{height: {}, width: {}, channels: {}, d_output: {}}}",
            self.height,
            self.width,
            self.channels,
            self.outputs()
        )
    }

    fn forward(&self, input: Tensor<2>, _: &mut Pass<'_>) -> Tensor<2> {
        let ([rows, numbers], device) = (input.dims(), input.device());
        let (pictures, layer) = (host(input), self.layer());
        let mut output = vec![0.0; rows * layer.outputs()];
        let pairs = pictures
            .chunks_exact(numbers)
            .zip(output.chunks_exact_mut(layer.outputs()));
        parallel::map(pairs, |(picture, output)| layer.forward(picture, output));
        Tensor::from_data(TensorData::new(output, [rows, layer.outputs()]), &device)
    }

    fn freeze(&self) -> Vec<FrozenLayer> {
        let layer = FrozenLayer::new("histograms")
            .setting("height", self.height)
            .setting("width", self.width)
            .setting("channels", self.channels);
        vec![layer]
    }
}

use burn::module::Module;
use burn::tensor::Tensor;
use burn::tensor::module::max_pool2d;
use burn::tensor::ops::MaxPoolOptions;
use burn_cpu_ops::Pool;
use model::FrozenLayer;

use super::{Layer, Pass};

/// The largest numbers of squares of an image, with a border of zeros around them for the convolution that follows: see
/// [`Pool`].
///
/// Images come and go flat, channels last: `[images, height · width · channels]`.
#[derive(Module, Debug)]
pub struct MaxPool {
    height: usize,
    width: usize,
    channels: usize,
    side: usize,
    border: usize,
}

impl MaxPool {
    /// A layer of these shapes.
    #[must_use]
    pub fn new(pool: Pool) -> Self {
        let Pool {
            height,
            width,
            channels,
            side,
            border,
        } = pool;
        Self {
            height,
            width,
            channels,
            side,
            border,
        }
    }

    fn pool(&self) -> Pool {
        Pool {
            height: self.height,
            width: self.width,
            channels: self.channels,
            side: self.side,
            border: self.border,
        }
    }

    /// The output out of Burn's own operations.
    fn composed(&self, input: Tensor<2>) -> Tensor<2> {
        let (pool, [images, _]) = (self.pool(), input.dims());
        let image = input
            .reshape([images, pool.height, pool.width, pool.channels])
            .permute([0, 3, 1, 2]);
        let square = [pool.side; 2];
        let pooled = max_pool2d(image, MaxPoolOptions::new(square));
        let border = (pool.border, pool.border, pool.border, pool.border);
        pooled
            .pad(border, 0.0)
            .permute([0, 2, 3, 1])
            .reshape([images, pool.outputs()])
    }
}

impl Layer for MaxPool {
    fn describe(&self) -> String {
        format!("MaxPool {{side: {}, border: {}}}", self.side, self.border)
    }

    fn forward(&self, input: Tensor<2>, _: &mut Pass<'_>) -> Tensor<2> {
        match burn_cpu_ops::is_available(&input.device()) {
            true => burn_cpu_ops::max_pool(input, self.pool()),
            false => self.composed(input),
        }
    }

    fn freeze(&self) -> Vec<FrozenLayer> {
        let layer = FrozenLayer::new("max_pool")
            .setting("height", self.height)
            .setting("width", self.width)
            .setting("channels", self.channels)
            .setting("side", self.side)
            .setting("border", self.border);
        vec![layer]
    }
}

/// The mean of each channel over all pixels of an image.
///
/// Images come flat, channels last: `[images, height · width · channels]`. `[images, channels]` comes out.
#[derive(Module, Debug)]
pub struct MeanOfPixels {
    /// How many channels there are.
    pub channels: usize,
}

impl Layer for MeanOfPixels {
    fn describe(&self) -> String {
        format!("MeanOfPixels {{channels: {}}}", self.channels)
    }

    fn forward(&self, input: Tensor<2>, _: &mut Pass<'_>) -> Tensor<2> {
        let [images, numbers] = input.dims();
        let pixels = input.reshape([images, numbers / self.channels, self.channels]);
        pixels.mean_dim(1).reshape([images, self.channels])
    }

    fn freeze(&self) -> Vec<FrozenLayer> {
        vec![FrozenLayer::new("mean_of_pixels").setting("channels", self.channels)]
    }
}

#[cfg(test)]
#[cfg(feature = "flex")]
mod tests {
    use super::*;
    use crate::init::normal;
    use crate::parameters::host;
    use crate::random::{Purpose, random};
    use burn::tensor::Device;

    #[test]
    fn fused_pooling_is_burns_forwards_and_backwards() {
        let device = Device::flex().autodiff();
        let mut random = random(1, Purpose::Weights);
        for (height, width, channels, side, border) in [
            (6, 4, 3, 2, 1),
            (7, 5, 1, 2, 0),
            (4, 3, 2, 1, 1),
            (9, 9, 16, 3, 2),
        ] {
            let layer = MaxPool::new(Pool {
                height,
                width,
                channels,
                side,
                border,
            });
            let pool = layer.pool();
            let input: Tensor<2> = normal([11, pool.inputs()], 1.0, &mut random, &device);
            let mix: Tensor<2> = normal([11, pool.outputs()], 1.0, &mut random, &device);
            let both = [true, false].map(|fused| {
                let input = input.clone().require_grad();
                let output = match fused {
                    true => layer.forward(input.clone(), &mut Pass::Predict),
                    false => layer.composed(input.clone()),
                };
                let gradients = (output.clone() * mix.clone()).sum().backward();
                [host(output), host(input.grad(&gradients).unwrap())]
            });
            assert_eq!(both[0], both[1], "{pool:?}");
        }
    }
}

//! A frozen model, and what it takes to run it.

use alloc::vec;
use alloc::vec::Vec;

use crate::layers::Layer;

/// A trained model as a module embeds it: constants that need no parsing and no copy.
///
/// [`frozen`](crate::frozen) writes this as Rust source at build time.
#[derive(Clone, Copy)]
pub struct Model<O> {
    /// What the network takes.
    pub input: ModelInput,
    /// What its numbers mean.
    pub output: O,
    /// The layers, in order.
    pub layers: &'static [&'static dyn Layer],
    /// What `--describe` prints: a JSON object.
    pub description: &'static str,
}

impl<O> Model<O> {
    /// The network, with the memory that it needs.
    #[must_use]
    pub fn network(&self) -> Network<'static> {
        Network::new(self.input.numbers(), self.layers.iter().copied())
    }
}

/// What a model was trained on, for the check that the module reads the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelInput {
    /// Names of numbers, in order.
    Fields(&'static [&'static str]),
    /// The pixels of a grey image.
    Image {
        /// Height, in pixels.
        height: usize,
        /// Width, in pixels.
        width: usize,
        /// Largest value of a pixel.
        maximum: u32,
    },
    /// The features of a text.
    Text {
        /// How many features of a text there is room for.
        slots: usize,
        /// How many features there are.
        vocabulary: usize,
    },
}

impl ModelInput {
    /// How many numbers that is.
    #[must_use]
    pub const fn numbers(&self) -> usize {
        match self {
            Self::Fields(names) => names.len(),
            Self::Image { height, width, .. } => *height * *width,
            Self::Text { slots, .. } => *slots,
        }
    }
}

/// Gives the numbers that an answer is made of: the probability of each class, or a quantity.
pub trait Predict {
    /// `input` holds one number for each input of the model.
    fn predict(&mut self, input: &[f32]) -> &[f32];
}

/// A network with the memory that it needs. Only a layer that reads texts allocates from one prediction to
/// the next, and gives all of it back.
pub struct Network<'a> {
    layers: Vec<&'a dyn Layer>,
    current: Vec<f32>,
    next: Vec<f32>,
}

impl<'a> Network<'a> {
    /// Prepares to run `layers`, in order, on inputs of `inputs` numbers.
    pub fn new(inputs: usize, layers: impl IntoIterator<Item = &'a dyn Layer>) -> Self {
        let layers: Vec<_> = layers.into_iter().collect();
        let width = layers
            .iter()
            .map(|layer| layer.outputs())
            .fold(inputs, usize::max);
        Self {
            layers,
            current: vec![0.0; width],
            next: vec![0.0; width],
        }
    }
}

impl Predict for Network<'_> {
    fn predict(&mut self, input: &[f32]) -> &[f32] {
        let mut width = input.len().min(self.current.len());
        for (slot, x) in self.current.iter_mut().zip(input) {
            *slot = *x;
        }
        for layer in &self.layers {
            let outputs = layer.outputs();
            layer.forward(&self.current[..width], &mut self.next[..outputs]);
            core::mem::swap(&mut self.current, &mut self.next);
            width = outputs;
        }
        &self.current[..width]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::{Linear, Relu, Softmax};

    #[test]
    fn layers_run_in_order_and_leave_nothing_behind() {
        let wide = Linear {
            weight: &[0.5, -0.5, 1.5],
            bias: &[-0.5, 0.5, -0.5],
        };
        let narrow = Linear {
            weight: &[1.0, 0.0, 0.0, 1.0, 1.0, 0.0],
            bias: &[0.0, 0.0],
        };
        let layers: [&dyn Layer; 4] = [&wide, &Relu { width: 3 }, &narrow, &Softmax { width: 2 }];
        let mut network = Network::new(1, layers);
        // 3 → [1, −1, 4] → [1, 0, 4] → [5, 0] → softmax
        let expected = 1.0 / (1.0 + (-5.0_f32).exp());
        for _ in 0..2 {
            let probabilities = network.predict(&[3.0]);
            assert_eq!(probabilities.len(), 2);
            assert!((probabilities[0] - expected).abs() < 1e-6);
        }
    }
}

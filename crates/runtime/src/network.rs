//! The layers of a model in a row.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use model::{Model, ModelError, Output};

use crate::layers::{BoxedLayer, LayerKind, Logistic, Softmax};

/// The layers that give probabilities.
const PROBABILITIES: [&str; 2] = [Softmax::KIND.name, Logistic::KIND.name];

/// Gives the numbers that an answer is made of: the probability of each class, or a number.
pub trait Predict {
    /// `input` holds the numbers that the network takes, as many as the model's input says.
    fn predict(&mut self, input: &[f32]) -> &[f32];

    /// Whether anything in `input` is known from training.
    fn knows(&self, input: &[f32]) -> bool {
        let _ = input;
        true
    }
}

/// A network with the memory that it needs. Only a layer that reads texts allocates from one prediction to
/// the next, and gives all of it back.
pub struct Network<'a> {
    layers: Vec<BoxedLayer<'a>>,
    current: Vec<f32>,
    next: Vec<f32>,
}

/// The network of `model`, whose layers are of `kinds`.
///
/// # Errors
///
/// If a layer is of another kind, or does not fit the one before, or if what comes out is not what the
/// model's output needs.
#[inline(never)]
pub fn open<'a>(
    model: &Model<'a>,
    kinds: &[&[LayerKind]],
) -> Result<Box<dyn Predict + 'a>, ModelError> {
    let network = Network::read(model, (0, usize::MAX), kinds)?;
    Ok(Box::new(network))
}

impl<'a> Network<'a> {
    /// The network of `count` layers of `model`, after so many, between its input and its output.
    #[inline(never)]
    pub(crate) fn read(
        model: &Model<'a>,
        (before, count): (usize, usize),
        kinds: &[&[LayerKind]],
    ) -> Result<Self, ModelError> {
        let inputs = model.input.numbers();
        let (mut width, mut found, mut last) = (inputs, Vec::new(), "");
        for (index, layer) in model.layers().enumerate() {
            if index < before || index - before >= count {
                continue;
            }
            last = layer.kind();
            let kind = kinds.iter().flat_map(|kinds| kinds.iter());
            let Some(kind) = kind.into_iter().find(|kind| kind.name == last) else {
                return Err(layer.problem("is of a kind that this program does not have"));
            };
            let read = (kind.read)(&layer, width)?;
            width = read.outputs();
            found.push(read);
        }
        let expected = model.output.numbers();
        let probabilities = PROBABILITIES.contains(&last);
        if width != expected || matches!(model.output, Output::Classes(_)) != probabilities {
            return Err(ModelError::Outputs {
                found: width,
                expected,
            });
        }
        Ok(Self::new(inputs, found))
    }

    fn new(inputs: usize, layers: Vec<BoxedLayer<'a>>) -> Self {
        let widths = layers.iter().map(|layer| layer.outputs());
        let width = widths.fold(inputs, usize::max);
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
        for (place, x) in self.current.iter_mut().zip(input) {
            *place = *x;
        }
        for layer in &self.layers {
            let outputs = layer.outputs();
            layer.forward(&self.current[..width], &mut self.next[..outputs]);
            core::mem::swap(&mut self.current, &mut self.next);
            width = outputs;
        }
        &self.current[..width]
    }

    fn knows(&self, input: &[f32]) -> bool {
        self.layers.first().is_none_or(|layer| layer.knows(input))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::{Elementwise, Linear};

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
        let layers: Vec<BoxedLayer<'_>> = vec![
            Box::new(wide),
            Box::new(Elementwise {
                width: 3,
                function: kernels::portable::relu,
            }),
            Box::new(narrow),
            Box::new(Softmax { width: 2 }),
        ];
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

//! Networks that answer together: the weighted mean of what each says (linear opinion pool; M. Stone, "The opinion
//! pool", Annals of Mathematical Statistics 32, 1961).
//!
//! In the file the layers of all members stand one after the other, and the last layer, `blend`, has the number of layers
//! and the weight of each member. Every member takes the model's input.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use model::{Model, ModelError};

use crate::layers::LayerKind;
use crate::network::{self, Network, Predict};

/// How the file calls the last layer.
const BLEND: &str = "blend";

struct Blend<'a> {
    members: Vec<(f32, Network<'a>)>,
    answer: Vec<f32>,
}

/// The network of `model`, which is a blend of several if its last layer says so.
///
/// # Errors
///
/// If a layer is none of `kinds`, or does not fit, or the members are not those that the blend says.
pub fn open<'a>(
    model: &Model<'a>,
    kinds: &[&[LayerKind]],
) -> Result<Box<dyn Predict + 'a>, ModelError> {
    let Some(blend) = model.layers().last().filter(|layer| layer.kind() == BLEND) else {
        return network::open(model, kinds);
    };
    let (weights, [count]) = blend.tensor::<f32, 1>("weight")?;
    let lengths = blend.vector::<u32>("layers", count)?;
    let (mut members, mut before) = (Vec::new(), 0_usize);
    for (weight, length) in weights.iter().zip(lengths) {
        let count = *length as usize;
        members.push((*weight, Network::read(model, (before, count), kinds)?));
        before = before.saturating_add(count);
    }
    if members.is_empty() || model.layers().count() != before.saturating_add(1) {
        return Err(blend.problem("has other members than there are"));
    }
    Ok(Box::new(Blend {
        members,
        answer: vec![0.0; model.output.numbers()],
    }))
}

impl Predict for Blend<'_> {
    fn predict(&mut self, input: &[f32]) -> &[f32] {
        self.answer.fill(0.0);
        for (weight, network) in &mut self.members {
            for (sum, number) in self.answer.iter_mut().zip(network.predict(input)) {
                *sum += *weight * number;
            }
        }
        &self.answer
    }
}

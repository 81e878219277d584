//! Freezing: from a trained network to the layers of a model file.

use model::{FrozenLayer, Output};

use crate::layers::{Network, frozen_linear};

/// The frozen layers of `model`, with the outputs divided by `temperature`, and, for classes, a softmax that
/// turns them into probabilities.
#[must_use]
pub fn freeze(model: &Network, temperature: f32, output: &Output) -> Vec<FrozenLayer> {
    let frozen = model.layers().map(|(_, layer)| layer.freeze());
    let mut layers: Vec<FrozenLayer> = frozen.flatten().collect();
    if temperature != 1.0 {
        layers.push(scaling(output.numbers(), 1.0 / temperature));
    }
    if let Output::Classes(_) = output {
        layers.push(FrozenLayer::new("softmax"));
    }
    fold(layers)
}

/// A layer that multiplies each of `width` numbers by `factor`.
fn scaling(width: usize, factor: f32) -> FrozenLayer {
    let weight = (0..width * width).map(|index| {
        let same = index / width == index % width;
        if same { factor } else { 0.0 }
    });
    frozen_linear(weight.collect(), vec![0.0; width])
}

/// Joins each linear layer to a linear layer right before it, so that the scaling of the inputs
/// costs nothing.
fn fold(layers: Vec<FrozenLayer>) -> Vec<FrozenLayer> {
    let mut folded: Vec<FrozenLayer> = Vec::new();
    for layer in layers {
        let joined = folded.last().and_then(|first| join(first, &layer));
        if joined.is_some() {
            folded.pop();
        }
        folded.push(joined.unwrap_or(layer));
    }
    folded
}

/// (x · A + a) · B + b = x · (A · B) + (a · B + b), in f64.
fn join(first: &FrozenLayer, second: &FrozenLayer) -> Option<FrozenLayer> {
    let parts = |layer: &FrozenLayer| {
        let weights = (layer.floats("weight")?, layer.floats("bias")?);
        (layer.kind == "linear").then(|| (weights.0.to_vec(), weights.1.to_vec()))
    };
    let ((a_weight, a_bias), (b_weight, b_bias)) = (parts(first)?, parts(second)?);
    let times_b = |row: &[f32], column: usize| -> f64 {
        let b = b_weight.iter().skip(column).step_by(b_bias.len());
        row.iter()
            .zip(b)
            .map(|(a, b)| f64::from(*a) * f64::from(*b))
            .sum()
    };
    let (times_b, columns) = (&times_b, 0..b_bias.len());
    let weight = (a_weight.chunks_exact(a_bias.len())).flat_map(|row| {
        columns
            .clone()
            .map(move |column| times_b(row, column) as f32)
    });
    let bias = (columns.clone().zip(&b_bias))
        .map(|(column, b)| (times_b(&a_bias, column) + f64::from(*b)) as f32);
    Some(frozen_linear(weight.collect(), bias.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_linear_layers_become_one() {
        let first = frozen_linear(vec![1.0, 2.0, 3.0, 4.0], vec![10.0, 20.0]);
        let second = frozen_linear(vec![1.0, 0.0, -1.0, 2.0, 1.0, 0.0], vec![0.5, 0.0, 0.0]);
        let joined = frozen_linear(
            vec![5.0, 2.0, -1.0, 11.0, 4.0, -3.0],
            vec![50.5, 20.0, -10.0],
        );
        let relu = FrozenLayer::new("relu");
        let layers = vec![first.clone(), second, relu.clone(), first.clone()];
        assert_eq!(fold(layers), [joined, relu, first]);
    }
}

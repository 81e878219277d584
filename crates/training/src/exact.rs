//! Predictions by the loops of the runtime: what modules compute, bit by bit, on any backend.

use burn::tensor::{Tensor, TensorData};
use burn_cpu_ops::parallel::map_pieces;
use runtime::layers::Layer;

use crate::parameters::host;

/// Rows to a piece of work.
const ROWS: usize = 4;

/// What the last of `layers` gives for each row of `input`, which the first one takes.
pub fn predict(input: Tensor<2>, layers: &[&(dyn Layer + Sync)]) -> Tensor<2> {
    let device = input.device();
    let [rows, inputs] = input.dims();
    let outputs = layers.last().map_or(inputs, |layer| layer.outputs());
    let numbers = host(input);
    let mut output = vec![0.0; rows * outputs];
    map_pieces(&mut output, ROWS * outputs, |piece, output| {
        let numbers = numbers[piece * ROWS * inputs..].chunks_exact(inputs);
        for (row, output) in numbers.zip(output.chunks_exact_mut(outputs)) {
            let mut current = row.to_vec();
            for layer in layers {
                let mut next = vec![0.0; layer.outputs()];
                layer.forward(&current, &mut next);
                current = next;
            }
            output.copy_from_slice(&current);
        }
    });
    Tensor::from_data(TensorData::new(output, [rows, outputs]), &device)
}

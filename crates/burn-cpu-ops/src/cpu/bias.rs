//! A number added to each column of all rows.

use super::add;

/// `numbers + bias`, row by row.
pub fn apply(bias: &[f32], numbers: &mut [f32]) {
    for row in numbers.chunks_exact_mut(bias.len()) {
        add(row, bias);
    }
}

/// The gradient of the bias, of `columns` numbers, given that of the output. Rows are added up in their order.
#[must_use]
pub fn gradient(output_gradient: &[f32], columns: usize) -> Vec<f32> {
    let mut sums = vec![0.0; columns];
    for row in output_gradient.chunks_exact(columns) {
        add(&mut sums, row);
    }
    sums
}

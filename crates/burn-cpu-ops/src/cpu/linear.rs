//! A linear layer of many inputs and few outputs, without bias: its weights are read from memory once for
//! a batch, by all cores together.

use fearless_simd::{Level, dispatch};

use super::add;
use super::parallel::{PIECE, map, map_pieces};
use super::product::{Left, Shape, product};

/// Inputs to a piece of work.
const INPUTS: usize = 512;
/// Rows of the batch to a piece, at least.
const ROWS: usize = 8;
/// Multiplications to a piece, at least: for fewer, another thread costs more than it saves.
const PRODUCTS: usize = 256 * 1024;
/// Inputs whose weights are turned on their side together: four vectors.
const PANEL: usize = 32;

/// `input · weight`, of `[rows, inputs]` and `[inputs, outputs]`. Sums over pieces of the inputs are added
/// up in their order.
#[must_use]
pub fn forward(input: &[f32], weight: &[f32], [inputs, outputs]: [usize; 2]) -> Vec<f32> {
    if input.is_empty() {
        return Vec::new();
    }
    let rows = input.len() / inputs;
    let pieces = weight.chunks(INPUTS * outputs).enumerate();
    let sums = map(pieces, |(piece, weight)| {
        let mut sums = vec![0.0; rows * outputs];
        let shape = Shape {
            rows,
            terms: weight.len() / outputs,
            columns: outputs,
            right: outputs,
            result: outputs,
        };
        let left = Left::Upright {
            numbers: &input[piece * INPUTS..],
            row: inputs,
        };
        dispatch!(Level::new(), simd => product(simd, shape, left, weight, &mut sums));
        sums
    });
    let total = sums.into_iter().reduce(|mut total, sums| {
        add(&mut total, &sums);
        total
    });
    total.unwrap_or_default()
}

/// The gradient of the weights, given that of the output.
#[must_use]
pub fn weight_gradient(
    input: &[f32],
    output_gradient: &[f32],
    [inputs, outputs]: [usize; 2],
) -> Vec<f32> {
    let mut gradient = vec![0.0; inputs * outputs];
    if input.is_empty() {
        return gradient;
    }
    map_pieces(&mut gradient, INPUTS * outputs, |piece, gradient| {
        let shape = Shape {
            rows: gradient.len() / outputs,
            terms: output_gradient.len() / outputs,
            columns: outputs,
            right: outputs,
            result: outputs,
        };
        let left = Left::OnItsSide {
            numbers: &input[piece * INPUTS..],
            column: inputs,
        };
        dispatch!(Level::new(), simd => product(simd, shape, left, output_gradient, gradient));
    });
    gradient
}

/// The gradient of the input, given that of the output.
#[must_use]
pub fn input_gradient(
    weight: &[f32],
    output_gradient: &[f32],
    [inputs, outputs]: [usize; 2],
) -> Vec<f32> {
    let turned = |weight: &[f32]| {
        let mut panel = vec![0.0; PANEL * outputs];
        for (input, weight) in weight.chunks_exact(outputs).enumerate() {
            for (output, weight) in weight.iter().enumerate() {
                panel[output * PANEL + input] = *weight;
            }
        }
        panel
    };
    let panels = weight.chunks(PANEL * outputs);
    let panels: Vec<_> = if weight.len() < PIECE {
        panels.map(turned).collect()
    } else {
        map(panels, turned)
    };
    let rows = ROWS.max(PRODUCTS / (inputs * outputs));
    let mut gradient = vec![0.0; output_gradient.len() / outputs * inputs];
    map_pieces(&mut gradient, rows * inputs, |piece, gradient| {
        let left = Left::Upright {
            numbers: &output_gradient[piece * rows * outputs..],
            row: outputs,
        };
        let rows = gradient.len() / inputs;
        dispatch!(Level::new(), simd => {
            for (index, panel) in panels.iter().enumerate() {
                let first = index * PANEL;
                let shape = Shape {
                    rows,
                    terms: outputs,
                    columns: PANEL.min(inputs - first),
                    right: PANEL,
                    result: inputs,
                };
                product(simd, shape, left, panel, &mut gradient[first..]);
            }
        });
    });
    gradient
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shapes that fill pieces, tiles and vectors, and shapes that do not: rows, inputs, outputs.
    const SHAPES: [[usize; 3]; 11] = [
        [0, 600, 8],
        [1, 1, 1],
        [2, 7, 3],
        [4, 40, 8],
        [9, 513, 10],
        [17, 1100, 32],
        [8, 64, 45],
        [7, 1, 1],
        [7, 1, 13],
        [7, 40, 1],
        [300, 40, 32],
    ];

    fn numbers(count: usize, factor: usize) -> Vec<f32> {
        let numbers = (0..count).map(|i| (i * factor % 1009) as f32 / 504.5 - 1.0);
        numbers.collect()
    }

    /// The sum of `term` for each of `count` terms, in f64.
    fn sum(count: usize, term: impl Fn(usize) -> (f32, f32)) -> f64 {
        (0..count)
            .map(term)
            .map(|(x, y)| f64::from(x) * f64::from(y))
            .sum()
    }

    fn same(found: &[f32], expected: impl Fn(usize, usize) -> f64, columns: usize) {
        for (index, found) in found.iter().enumerate() {
            let expected = expected(index / columns, index % columns);
            assert!(
                (f64::from(*found) - expected).abs() < 1e-3,
                "{found} {expected}"
            );
        }
    }

    #[test]
    fn products_are_those_of_the_definition() {
        for [rows, inputs, outputs] in SHAPES {
            let shape = [inputs, outputs];
            let x = numbers(rows * inputs, 37);
            let w = numbers(inputs * outputs, 61);
            let g = numbers(rows * outputs, 89);
            let found = forward(&x, &w, shape);
            assert_eq!(found.len(), rows * outputs);
            let expected =
                |n: usize, o: usize| sum(inputs, |k| (x[n * inputs + k], w[k * outputs + o]));
            same(&found, expected, outputs);

            let found = weight_gradient(&x, &g, shape);
            assert_eq!(found.len(), inputs * outputs);
            let expected =
                |k: usize, o: usize| sum(rows, |n| (x[n * inputs + k], g[n * outputs + o]));
            same(&found, expected, outputs);

            let found = input_gradient(&w, &g, shape);
            assert_eq!(found.len(), rows * inputs);
            let expected =
                |n: usize, k: usize| sum(outputs, |o| (g[n * outputs + o], w[k * outputs + o]));
            same(&found, expected, inputs);
        }
    }
}

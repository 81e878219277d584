use fearless_simd::{Level, dispatch};
use kernels::KERNEL_POSITIONS;

use super::{Found, Gradients, NOWHERE, Texts, Weights};
use crate::cpu::add;
use crate::cpu::parallel::map;

/// Texts to a piece of work: enough that a gradient of all windows for each is worth it.
const TEXTS: usize = 16;

/// The gradients, given that of the output.
#[must_use]
pub fn backward(
    weights: Weights<'_>,
    texts: &Texts,
    found: &Found,
    output_gradient: &[f32],
) -> Gradients {
    let (size, filters) = (weights.size(), weights.filters());
    let width = weights.bias.len();
    let window = transposed(weights.window, KERNEL_POSITIONS * filters);
    let all: Vec<&[u32]> = texts.each().collect();
    let rows = output_gradient
        .chunks(TEXTS * width)
        .zip(found.places.chunks(TEXTS * width));
    let pieces = map(all.chunks(TEXTS).zip(rows), |(texts, rows)| {
        let mut gradients = Gradients {
            word: vec![0.0; texts.iter().map(|text| text.len()).sum::<usize>() * size],
            window: vec![0.0; window.len()],
            bias: vec![0.0; width],
        };
        dispatch!(Level::new(), _simd => {
            add_gradients(weights, &window, texts, rows, &mut gradients);
        });
        gradients
    });
    let mut word = vec![0.0; weights.word.len()];
    let (mut window, mut bias) = (vec![0.0; window.len()], vec![0.0; width]);
    for (texts, piece) in all.chunks(TEXTS).zip(pieces) {
        add(&mut window, &piece.window);
        add(&mut bias, &piece.bias);
        let words = texts.iter().copied().flatten();
        for (row, gradient) in words.zip(piece.word.chunks_exact(size)) {
            add(&mut word[*row as usize * size..][..size], gradient);
        }
    }
    Gradients {
        word,
        window: transposed(&window, size),
        bias,
    }
}

/// Adds those of some texts: `gradients.word` has a row for each of their words, the others are for all,
/// that of the window a row for each column of it, like `window`.
#[inline(always)]
fn add_gradients(
    weights: Weights<'_>,
    window: &[f32],
    texts: &[&[u32]],
    (gradient, places): (&[f32], &[u32]),
    gradients: &mut Gradients,
) {
    let (size, filters) = (weights.size(), weights.filters());
    let width = weights.bias.len();
    let mut of_words = gradients.word.as_mut_slice();
    let rows = gradient.chunks_exact(width).zip(places.chunks_exact(width));
    for (text, (gradient, places)) in texts.iter().zip(rows) {
        let (of_text, rest) = of_words.split_at_mut(text.len() * size);
        of_words = rest;
        for (column, (gradient, place)) in gradient.iter().zip(places).enumerate() {
            if *place == NOWHERE {
                continue;
            }
            gradients.bias[column] += gradient;
            let (window_size, filter) = (column / filters, column % filters);
            for (before, role) in roles(window_size).enumerate() {
                let Some(position) = (*place as usize).checked_sub(before) else {
                    break;
                };
                let weight = (role * filters + filter) * size;
                let numbers = &weights.word[text[position] as usize * size..][..size];
                let adds = &window[weight..][..size];
                let of_number = of_text[position * size..][..size].iter_mut().zip(adds);
                let of_weight = gradients.window[weight..][..size].iter_mut().zip(numbers);
                for ((of_number, weight), (of_weight, number)) in of_number.zip(of_weight) {
                    *of_number += gradient * weight;
                    *of_weight += gradient * number;
                }
            }
        }
    }
}

/// The roles of the words of a window, the last first.
fn roles(window: usize) -> std::ops::Range<usize> {
    let first = window * (window + 1) / 2;
    first..first + window + 1
}

/// The columns of a row-major matrix with rows of `width` as rows.
fn transposed(matrix: &[f32], width: usize) -> Vec<f32> {
    (0..width)
        .flat_map(|column| matrix[column..].iter().step_by(width).copied())
        .collect()
}

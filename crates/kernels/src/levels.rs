//! Every kind of vector registers gives the same bits as one number after the other.

use std::vec;
use std::vec::Vec;

use fearless_simd::{Level, dispatch};

use crate::{Geometry, KERNEL, LANES, cosine, gelu, load_part, store_part};

/// What this processor has, and all that it can do without.
fn levels() -> Vec<Level> {
    let best = Level::new();
    #[cfg(target_arch = "x86_64")]
    let lower = [
        best.as_sse2().map(Level::Sse2),
        best.as_sse4_2().map(Level::Sse4_2),
        best.as_avx2().map(Level::Avx2),
    ];
    #[cfg(not(target_arch = "x86_64"))]
    let lower = [None];
    lower.into_iter().flatten().chain([best]).collect()
}

/// Numbers from −1 to 1, always the same ones.
fn numbers(count: usize) -> Vec<f32> {
    let mut state = count as u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..count).map(|_| next()).collect()
}

/// Checks the bits that `compute` writes on every level.
fn check(what: &str, expected: &[f32], compute: impl Fn(Level, &mut [f32])) {
    let bits = |numbers: &[f32]| numbers.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    for level in levels() {
        let mut found = vec![f32::NAN; expected.len()];
        compute(level, &mut found);
        assert_eq!(bits(&found), bits(expected), "{what}, {level:?}");
    }
}

#[test]
fn convolutions() {
    for (height, width, channels, filters) in [
        (28, 28, 1, 8),
        (5, 26, 8, 16),
        (4, 24, 16, 24),
        (3, 5, 3, 24),
        (4, 11, 2, 37),
        (3, 4, 1, 64),
    ] {
        let geometry = Geometry {
            height,
            width,
            channels,
            filters,
        };
        let (input, bias) = (numbers(geometry.inputs()), numbers(filters));
        let weight = numbers(geometry.taps() * filters);
        let mut expected = Vec::new();
        for index in 0..geometry.outputs() {
            let (pixel, filter) = (index / filters, index % filters);
            let first = pixel / geometry.output_width() * width + pixel % geometry.output_width();
            let sum = (0..geometry.taps()).fold(bias[filter], |sum, tap| {
                let (place, channel) = (tap / channels, tap % channels);
                let pixel = first + place / KERNEL * width + place % KERNEL;
                sum + input[pixel * channels + channel] * weight[tap * filters + filter]
            });
            expected.push(sum);
        }
        check("convolution", &expected, |level, output| {
            dispatch!(level, simd => {
                crate::convolve::<_, false>(simd, geometry, &input, &weight, &bias, output);
            });
        });
    }
}

#[test]
fn linear_layers_of_bytes() {
    for (inputs, outputs) in [(1, 1), (3, 31), (300, 32), (40, 33), (7, 70)] {
        let input = numbers(inputs);
        let weight: Vec<i8> = (0..inputs * outputs)
            .map(|i| (i * 37 + 11) as u8 as i8)
            .collect();
        let (scale, bias) = (numbers(outputs), numbers(outputs + 1));
        let rows = || input.iter().zip(weight.chunks(outputs));
        let expected: Vec<f32> = (0..outputs)
            .map(|column| {
                let sum = rows().fold(0.0, |sum, (x, row)| sum + x * f32::from(row[column]));
                sum * scale[column] + bias[column]
            })
            .collect();
        check("linear layer", &expected, |level, output| {
            let columns = [&scale[..], &bias[..]];
            dispatch!(level, simd => {
                crate::quantized_linear(simd, &input, &weight, columns, output);
            });
        });
    }
}

#[test]
fn functions_of_each_number() {
    let mut input: Vec<f32> = numbers(1003).iter().map(|x| x * 20.0).collect();
    input.extend([0.0, -0.0, 1e-30, -1e30, f32::MAX, f32::INFINITY, -13.2, 8.0]);
    let one_by_one = |of: fn(f32) -> f32| input.iter().map(|x| of(*x)).collect::<Vec<f32>>();
    let expected = one_by_one(
        |x| dispatch!(Level::baseline(), simd => gelu::<_, false>(simd, load_part(simd, &[x]))[0]),
    );
    check("GELU", &expected, |level, output| {
        dispatch!(level, simd => crate::gelu_of_each(simd, &input, output));
    });
    input.retain(|x| x.is_finite());
    let one_by_one = |of: fn(f32) -> f32| input.iter().map(|x| of(*x)).collect::<Vec<f32>>();
    let expected = one_by_one(
        |x| dispatch!(Level::baseline(), simd => cosine::<_, false>(simd, load_part(simd, &[x]))[0]),
    );
    check("cosine", &expected, |level, output| {
        dispatch!(level, simd => {
            for (x, y) in input.chunks(LANES).zip(output.chunks_mut(LANES)) {
                store_part(cosine::<_, false>(simd, load_part(simd, x)), y);
            }
        });
    });
}

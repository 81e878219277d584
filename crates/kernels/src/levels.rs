//! Every kind of vector registers gives the same bits as one number after the other.

use std::vec;
use std::vec::Vec;

use fearless_simd::{Level, dispatch};

use crate::{Geometry, KERNEL, LANES, cosine, fixed_point, gelu, load_part, store_part};

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

/// Numbers as they are rounded to steps, two of them in each of the result.
fn rounded_pairs(level: Level, input: &[f32]) -> Vec<i32> {
    let mut found = vec![0; fixed_point::pairs(input.len())];
    dispatch!(level, simd => fixed_point::to_fixed_point(simd, input, &mut found));
    found
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

/// What `sum` gives for each output of a convolution, of its filter and its taps: their numbers, and where their inputs are.
fn sums(
    geometry: Geometry,
    sum: impl Fn(usize, &mut dyn Iterator<Item = (usize, usize)>) -> f32,
) -> Vec<f32> {
    let Geometry {
        width,
        channels,
        filters,
        ..
    } = geometry;
    let of = |index: usize| {
        let pixel = index / filters;
        let first = pixel / geometry.output_width() * width + pixel % geometry.output_width();
        let input = |tap: usize| {
            let (place, channel) = (tap / channels, tap % channels);
            let pixel = first + place / KERNEL * width + place % KERNEL;
            pixel * channels + channel
        };
        sum(
            index % filters,
            &mut (0..geometry.taps()).map(|tap| (tap, input(tap))),
        )
    };
    (0..geometry.outputs()).map(of).collect()
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
        let expected = sums(geometry, |filter, taps| {
            taps.fold(bias[filter], |sum, (tap, index)| {
                sum + input[index] * weight[tap * filters + filter]
            })
        });
        check("convolution", &expected, |level, output| {
            dispatch!(level, simd => {
                crate::convolve::<_, false>(simd, geometry, &input, &weight, &bias, output);
            });
        });
    }
}

#[test]
fn steps_of_fixed_point_numbers() {
    let half = 0.5 / fixed_point::STEPS;
    let edges = [
        (0.0, 0),
        (-0.0, 0),
        (half, 0),
        (3.0 * half, 2),
        (-half, 0),
        (-1.01 * half, -1),
        (15.9995, 32_767),
        (16.0, 32_767),
        (3e9, 32_767),
        (f32::INFINITY, 32_767),
        (-16.0, -32_768),
        (-6144.01, -32_768),
        (-3e38, -32_768),
        (f32::NEG_INFINITY, -32_768),
        (f32::NAN, -32_768),
    ];
    let mut numbers = numbers(1003);
    numbers.extend(edges.map(|(number, _)| number));
    let step = |number: f32| (number * fixed_point::STEPS).round_ties_even() as i16;
    let mut steps: Vec<i16> = numbers[..1003].iter().copied().map(step).collect();
    steps.extend(edges.map(|(_, step)| step));
    let pair = |pair: &[i16]| i32::from(pair[0]) & 0xffff | i32::from(pair[1]) << 16;
    let expected: Vec<i32> = steps.chunks(2).map(pair).collect();
    for level in levels() {
        assert_eq!(rounded_pairs(level, &numbers), expected, "{level:?}");
        // A number without a partner stands beside a zero.
        assert_eq!(rounded_pairs(level, &[-1.0]), [63_488], "{level:?}");
    }
}

#[test]
fn fixed_point_convolutions() {
    for (height, width, channels, filters) in
        [(3, 8, 2, 8), (4, 24, 16, 24), (5, 26, 8, 16), (3, 9, 6, 40)]
    {
        let geometry = Geometry {
            height,
            width,
            channels,
            filters,
        };
        let input: Vec<f32> = numbers(geometry.inputs()).iter().map(|x| x * 9.0).collect();
        let [scale, bias] = [numbers(filters), numbers(filters + 1)];
        let weight = numbers(geometry.taps() * filters);
        let weight: Vec<i16> = weight.iter().map(|w| (w * 400.0) as i16).collect();
        let step = |index: usize| (input[index] * fixed_point::STEPS).round_ties_even() as i32;
        let expected = sums(geometry, |filter, taps| {
            let products =
                taps.map(|(tap, index)| step(index) * i32::from(weight[tap * filters + filter]));
            let sum = products.sum::<i32>() as f32;
            sum * (scale[filter] / fixed_point::STEPS) + bias[filter]
        });
        let grouped: Vec<i16> = fixed_point::grouped(geometry, &weight).collect();
        check("fixed-point convolution", &expected, |level, output| {
            let pairs = rounded_pairs(level, &input);
            dispatch!(level, simd => {
                fixed_point::convolve(simd, geometry, &pairs, &grouped, [&scale, &bias], output);
            });
        });
    }
}

#[test]
fn fixed_point_linear_layers() {
    for (inputs, outputs) in [(1, 32), (1300, 32), (41, 96)] {
        let input: Vec<f32> = numbers(inputs).iter().map(|x| x * 9.0).collect();
        let pairs = inputs.div_ceil(2);
        let weight: Vec<[i8; 2]> = (0..pairs * outputs)
            .map(|i| [(i * 37 + 11) as u8 as i8, (i * 91 + 5) as u8 as i8])
            .collect();
        let [scale, bias] = [numbers(outputs), numbers(outputs + 1)];
        let step = |index: usize| {
            let number = input.get(index).copied().unwrap_or_default();
            (number * fixed_point::STEPS).round_ties_even() as i32
        };
        let expected: Vec<f32> = (0..outputs)
            .map(|column| {
                let product = |pair: usize| {
                    let [a, b] = weight[pair * outputs + column].map(i32::from);
                    step(2 * pair) * a + step(2 * pair + 1) * b
                };
                // 256 pairs of whole numbers together, and then floats.
                let sum = (0..pairs).step_by(256).fold(0.0, |sum, first| {
                    let piece: i32 = (first..pairs.min(first + 256)).map(product).sum();
                    sum + piece as f32
                });
                sum * (scale[column] / fixed_point::STEPS) + bias[column]
            })
            .collect();
        check("fixed-point linear layer", &expected, |level, output| {
            dispatch!(level, simd => {
                fixed_point::linear(simd, &input, &weight, [&scale, &bias], output);
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
    let mut expected = vec![0.0; input.len()];
    dispatch!(Level::baseline(), simd => fixed_point::gelu(simd, &input, &mut expected));
    check(
        "GELU for fixed-point numbers",
        &expected,
        |level, output| {
            dispatch!(level, simd => fixed_point::gelu(simd, &input, output));
        },
    );
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

//! Cosines, many at once.

use fearless_simd::{Level, dispatch};
use kernels::{LANES, cosine, load, load_part, sine, store, store_part};

use super::parallel::{PIECE, map};

/// `cos(numbers)`.
pub fn forward(numbers: &mut [f32]) {
    map(numbers.chunks_mut(PIECE), |numbers| {
        dispatch!(Level::new(), simd => {
            let (vectors, rest) = numbers.as_chunks_mut::<LANES>();
            for vector in vectors {
                store(cosine::<_, true>(simd, load(simd, vector)), vector);
            }
            let last = cosine::<_, true>(simd, load_part(simd, rest));
            store_part(last, rest);
        });
    });
}

/// The gradient of the `input`, given that of the cosines, in whose place it comes.
pub fn backward(input: &[f32], gradient: &mut [f32]) {
    let pieces = gradient.chunks_mut(PIECE).zip(input.chunks(PIECE));
    map(pieces, |(gradient, input)| {
        dispatch!(Level::new(), simd => {
            let (gradients, rest_of_gradients) = gradient.as_chunks_mut::<LANES>();
            let (inputs, rest) = input.as_chunks::<LANES>();
            for (gradient, input) in gradients.iter_mut().zip(inputs) {
                let slope = sine::<_, true>(simd, load(simd, input)) * load(simd, gradient);
                store(-slope, gradient);
            }
            let slope =
                sine::<_, true>(simd, load_part(simd, rest)) * load_part(simd, rest_of_gradients);
            store_part(-slope, rest_of_gradients);
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_a_piece_gets_its_cosine_and_slope() {
        // A length that fills no vector.
        let points: Vec<f32> = (-1001..1002).map(|i| i as f32 * 0.1).collect();
        let mut cosines = points.clone();
        forward(&mut cosines);
        let mut slopes = vec![2.0; points.len()];
        backward(&points, &mut slopes);
        for ((x, cosine), slope) in points.iter().zip(cosines).zip(slopes) {
            let (sin, cos) = f64::from(*x).sin_cos();
            assert!((f64::from(cosine) - cos).abs() < 2.4e-7, "cos({x})");
            assert!((f64::from(slope) + 2.0 * sin).abs() < 3.6e-7, "-2 sin({x})");
        }
    }
}

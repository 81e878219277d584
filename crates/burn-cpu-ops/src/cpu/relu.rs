//! Numbers below zero become zero (Nair and Hinton, ICML 2010).

/// `numbers = max(numbers, 0)`; what is no number stays so.
pub fn forward(numbers: &mut [f32]) {
    for number in numbers {
        *number = if *number <= 0.0 { 0.0 } else { *number };
    }
}

/// Turns the gradient of the output into that of the input: it passes where the `output` is above zero.
pub fn backward(output: &[f32], gradient: &mut [f32]) {
    for (gradient, output) in gradient.iter_mut().zip(output) {
        *gradient = if *output <= 0.0 { 0.0 } else { *gradient };
    }
}

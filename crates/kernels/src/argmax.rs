/// Position of the largest of `numbers`, the first of several; 0 if there are none.
#[must_use]
pub fn argmax(numbers: &[f32]) -> usize {
    let mut best = (0, f32::NEG_INFINITY);
    for (index, number) in numbers.iter().enumerate() {
        if *number > best.1 {
            best = (index, *number);
        }
    }
    best.0
}

//! Sums over rows of a table (an "embedding bag"), of which a batch has few: what is not in a sum costs
//! nothing forwards, and only its zero in the gradient backwards.

use super::ranges;

/// Some rows of a table, with a share of each.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bags {
    /// The rows of all bags, one after the other.
    pub rows: Vec<u32>,
    /// What each row counts for.
    pub shares: Vec<f32>,
    /// Where each bag ends.
    pub ends: Vec<u32>,
}

impl Bags {
    /// The rows and shares of each bag.
    fn each(&self) -> impl Iterator<Item = impl Iterator<Item = (usize, f32)>> {
        ranges(&self.ends).map(|bag| {
            let rows = self.rows[bag.clone()].iter().map(|row| *row as usize);
            rows.zip(self.shares[bag].iter().copied())
        })
    }
}

/// For each bag the sum of `share · prior · (1 + multiplier · change)`, of which the tables have `columns`.
#[must_use]
pub fn forward(
    change: &[f32],
    prior: &[f32],
    multiplier: f32,
    bags: &Bags,
    columns: usize,
) -> Vec<f32> {
    let mut output = vec![0.0; bags.ends.len() * columns];
    for (bag, output) in bags.each().zip(output.chunks_exact_mut(columns)) {
        for (row, share) in bag {
            let row = row * columns..(row + 1) * columns;
            let numbers = prior[row.clone()].iter().zip(&change[row]);
            for (sum, (prior, change)) in output.iter_mut().zip(numbers) {
                *sum += share * prior * (1.0 + multiplier * change);
            }
        }
    }
    output
}

/// The gradient of the change, given that of the output.
#[must_use]
pub fn backward(
    prior: &[f32],
    multiplier: f32,
    bags: &Bags,
    output_gradient: &[f32],
    columns: usize,
) -> Vec<f32> {
    let mut gradient = vec![0.0; prior.len()];
    for (bag, slopes) in bags.each().zip(output_gradient.chunks_exact(columns)) {
        for (row, share) in bag {
            let row = row * columns..(row + 1) * columns;
            let numbers = gradient[row.clone()].iter_mut().zip(&prior[row]);
            for (slope, (gradient, prior)) in slopes.iter().zip(numbers) {
                *gradient += share * multiplier * prior * slope;
            }
        }
    }
    gradient
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASTE: f32 = 1.5;
    const COLUMNS: usize = 3;

    /// Five rows, of which one is in no bag and one is twice in the same; the second bag is empty.
    fn toy() -> (Vec<f32>, Vec<f32>, Bags) {
        let numbers = |factor: usize| -> Vec<f32> {
            let numbers = (0..5 * COLUMNS).map(|i| (i * factor % 11) as f32 / 4.0 - 1.0);
            numbers.collect()
        };
        let bags = Bags {
            rows: vec![4, 0, 4, 2, 1],
            shares: vec![0.5, 1.0, -2.0, 0.25, 1.0],
            ends: vec![3, 3, 5],
        };
        (numbers(5), numbers(7), bags)
    }

    /// By the definition, in f64.
    fn output(change: &[f64], prior: &[f32], bags: &Bags) -> Vec<f64> {
        let mut output = Vec::new();
        for bag in bags.each() {
            let bag: Vec<_> = bag.collect();
            for column in 0..COLUMNS {
                let summand = |(row, share): &(usize, f32)| {
                    let index = row * COLUMNS + column;
                    let factor = 1.0 + f64::from(HASTE) * change[index];
                    f64::from(*share) * f64::from(prior[index]) * factor
                };
                output.push(bag.iter().map(summand).sum());
            }
        }
        output
    }

    fn wide(numbers: &[f32]) -> Vec<f64> {
        numbers.iter().copied().map(f64::from).collect()
    }

    #[test]
    fn sums_are_those_of_the_definition() {
        let (change, prior, bags) = toy();
        let found = forward(&change, &prior, HASTE, &bags, COLUMNS);
        let expected = output(&wide(&change), &prior, &bags);
        assert_eq!(found.len(), 3 * COLUMNS);
        for (found, expected) in found.iter().zip(expected) {
            assert!((f64::from(*found) - expected).abs() < 1e-5);
        }
    }

    #[test]
    fn the_gradient_is_the_finite_difference() {
        let (change, prior, bags) = toy();
        let mix: Vec<f32> = (0..3 * COLUMNS).map(|i| (i % 4) as f32 - 1.5).collect();
        let gradient = backward(&prior, HASTE, &bags, &mix, COLUMNS);
        let loss = |change: &[f64]| -> f64 {
            let output = output(change, &prior, &bags);
            output.iter().zip(wide(&mix)).map(|(y, m)| y * m).sum()
        };
        for (index, gradient) in gradient.iter().enumerate() {
            let at = |step: f64| {
                let mut change = wide(&change);
                change[index] += step;
                loss(&change)
            };
            let expected = (at(1e-4) - at(-1e-4)) / 2e-4;
            assert!((f64::from(*gradient) - expected).abs() < 1e-5);
        }
    }
}

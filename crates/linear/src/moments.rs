//! Sums, means and products of the columns, which do not depend on the penalty.

use crate::design::Table;
use crate::kernels::{ROWS, add_four};
use crate::matrix::Symmetric;

/// Numbers of a buffer of rows: half a MiB stays in the cache of the second level.
const BUFFER: usize = 1 << 16;
/// A column is constant if its variance is at most this part of its mean square. The squared precision of `f32` is
/// 3.6e-15.
const CONSTANT: f64 = 1e-13;

/// Weighted sums of products of the columns *features, 1, target* over some rows. They add up over disjoint rows.
pub struct Sums {
    products: Symmetric,
}

impl Sums {
    pub fn zeros(columns: usize) -> Self {
        Self {
            products: Symmetric::zeros(columns + 2),
        }
    }

    /// The sums over `rows`.
    pub fn of(table: &Table, rows: &[u32]) -> Self {
        let mut sums = Self::zeros(table.design.columns);
        let width = sums.products.size();
        let buffered = (BUFFER / width).next_multiple_of(ROWS).max(ROWS);
        let mut buffer = vec![0.0; buffered * width];
        let mut weights = vec![0.0; buffered];
        for rows in rows.chunks(buffered) {
            // Rows of a chunk that is not full keep their numbers, without weight.
            weights.fill(0.0);
            let lines = buffer.chunks_exact_mut(width).zip(&mut weights);
            for (row, (line, weight)) in rows.iter().zip(lines) {
                let entries = table.features(*row).iter().copied();
                let entries = entries.chain([1.0, table.target(*row)]);
                line.iter_mut()
                    .zip(entries)
                    .for_each(|(x, entry)| *x = f64::from(entry));
                *weight = table.weight(*row);
            }
            for i in 0..width {
                let sums = sums.products.row_mut(i);
                let four = buffer
                    .chunks_exact(ROWS * width)
                    .zip(weights.chunks_exact(ROWS));
                for (lines, weights) in four.take(rows.len().div_ceil(ROWS)) {
                    let factors: [f64; ROWS] =
                        std::array::from_fn(|t| weights[t] * lines[t * width + i]);
                    if factors != [0.0; ROWS] {
                        add_four(sums, &factors, lines, width);
                    }
                }
            }
        }
        sums
    }

    pub fn add(&mut self, other: &Self) {
        self.products.add(&other.products);
    }

    /// The moments about the means.
    pub fn centred(mut self) -> Moments {
        let columns = self.products.size() - 2;
        let weight = self.products.row(columns)[columns];
        let mean: Vec<f64> = (self.products.row(columns)[..columns].iter())
            .map(|sum| sum / weight)
            .collect();
        let target = self.products.row(columns + 1);
        let (target_sum, target_square) = (target[columns], target[columns + 1]);
        let cross: Vec<f64> = (target.iter().zip(&mean))
            .map(|(sum, mean)| sum - mean * target_sum)
            .collect();
        let constant: Vec<bool> = (0..columns)
            .map(|i| is_constant(self.products.row(i)[i], mean[i], weight))
            .collect();
        self.products.truncate(columns);
        for i in 0..columns {
            let shift = weight * mean[i];
            let row = self.products.row_mut(i);
            row.iter_mut()
                .zip(&mean)
                .for_each(|(sum, mean)| *sum -= shift * mean);
        }
        Moments {
            weight,
            mean,
            target: target_sum / weight,
            target_square: (target_square - target_sum * target_sum / weight).max(0.0),
            cross,
            constant,
            second: Second::Full(self.products),
        }
    }
}

/// Moments of the rows that a model is fitted to.
pub struct Moments {
    /// Sum of the weights.
    pub weight: f64,
    /// Weighted mean of each column.
    pub mean: Vec<f64>,
    /// Weighted mean of the targets.
    pub target: f64,
    /// Weighted sum of the squares of the centred targets.
    pub target_square: f64,
    /// Weighted sums of products of each centred column with the centred target.
    pub cross: Vec<f64>,
    /// Which columns are constant.
    pub constant: Vec<bool>,
    /// Weighted sums of products of the centred columns with each other.
    pub second: Second,
}

/// Products of columns.
pub enum Second {
    /// Each with each.
    Full(Symmetric),
    /// Each with itself, where the matrix would take too much memory.
    Diagonal(Vec<f64>),
}

impl Moments {
    /// The moments with products of each column with itself only.
    pub fn diagonal(table: &Table, rows: &[u32]) -> Self {
        let columns = table.design.columns;
        let mut mean = vec![0.0; columns];
        let mut squares = vec![0.0; columns];
        let mut cross = vec![0.0; columns];
        let (mut weight, mut target, mut target_square) = (0.0, 0.0, 0.0);
        for row in rows {
            let (w, y) = (table.weight(*row), f64::from(table.target(*row)));
            weight += w;
            target += w * y;
            target_square += w * y * y;
            let sums = mean.iter_mut().zip(&mut squares).zip(&mut cross);
            for (x, ((sum, square), cross)) in table.features(*row).iter().zip(sums) {
                let x = f64::from(*x);
                *sum += w * x;
                *square += w * x * x;
                *cross += w * x * y;
            }
        }
        for sum in &mut mean {
            *sum /= weight;
        }
        (cross.iter_mut().zip(&mean)).for_each(|(cross, mean)| *cross -= mean * target);
        let constant = (squares.iter().zip(&mean))
            .map(|(square, mean)| is_constant(*square, *mean, weight))
            .collect();
        (squares.iter_mut().zip(&mean))
            .for_each(|(square, mean)| *square = (*square - weight * mean * mean).max(0.0));
        Self {
            weight,
            mean,
            target: target / weight,
            target_square: (target_square - target * target / weight).max(0.0),
            cross,
            constant,
            second: Second::Diagonal(squares),
        }
    }
}

fn is_constant(square: f64, mean: f64, weight: f64) -> bool {
    square - weight * mean * mean <= CONSTANT * square
}
